"""A second implementation of the contract, written from its sentences and nothing else.

It follows a history and the answers of a replay line by line, instant by instant, and says where
they part: a follow-up that must not go, one that must and does not, a plan that is dropped in
silence, a reason that does not hold. It asks about single instants only and knows no intervals.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from overture.policy import Policy

Line = dict[str, Any]

MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
TICK = timedelta(microseconds=1)
#: What earns a follow-up, or would do so: without it nothing is owed.
_EARNED = {"too_few_messages", "unanswered"}
#: After these a follow-up that is owed and refused is told, plan or no plan.
_ASKING = {"user_message", "opt_in", "release_hold", "hand_back"}

#: These belong to one conversation, all others to the person.
_OF_TALK = {"user_message", "pause", "takeover", "hand_back"}


def instant(text: str) -> datetime:
    """Read a time of a history or of an answer."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@dataclass
class Person:
    """What belongs to a contact, all personas alike."""

    opted_out: bool = False
    held: bool = False
    birth_year: int | None = None
    region: str | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    acted: datetime | None = None


@dataclass
class Talk:
    """What belongs to one conversation."""

    person: Person
    channel: str
    ids: set[str] = field(default_factory=set)
    opened: datetime | None = None
    count: int = 0
    last: datetime | None = None
    paused: datetime | None = None
    taken: bool = False
    answered: bool = False
    sent: list[datetime] = field(default_factory=list)
    #: The first and the last instant at which the follow-up may come; None: none is planned.
    due: tuple[datetime, datetime] | None = None


class Model:
    """Hold everybody, under one policy."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.people: dict[str, Person] = defaultdict(Person)
        self.talks: dict[str, Talk] = {}

    # -- what a line changes -----------------------------------------------------------------

    def happen(self, line: Line) -> None:
        """Take note of one line."""
        at, where = instant(line["at"]), line["conversation"]
        person = self.people[where.rsplit(":", 1)[0]]
        talk = self.talks.setdefault(where, Talk(person, where.split(":", 1)[0]))
        if line["type"] == "user_message":
            self._write(talk, line["id"], at)
        elif line["type"] == "profile":
            person.birth_year = line.get("birth_year", person.birth_year)
            person.region = line.get("region", person.region)
            person.zone = ZoneInfo(line.get("timezone", person.zone.key))
        elif line["type"] in ("opt_out", "opt_in"):
            person.opted_out = line["type"] == "opt_out"
        elif line["type"] in ("crisis_hold", "release_hold"):
            person.held = line["type"] == "crisis_hold"
        elif line["type"] in ("takeover", "hand_back"):
            talk.taken = line["type"] == "takeover"
        else:
            talk.paused = instant(line["until"])

    def _write(self, talk: Talk, message: str, at: datetime) -> None:
        if message in talk.ids:
            return
        talk.ids.add(message)
        if talk.opened is None or at > talk.opened + self.policy.window:
            talk.opened, talk.count = at, 0
        talk.count += 1
        talk.last = talk.person.acted = at
        talk.answered = True

    # -- one instant -------------------------------------------------------------------------

    def refusals(self, talk: Talk, at: datetime) -> set[str]:
        """Return what speaks against a follow-up at one instant."""
        policy, person = self.policy, talk.person
        shown = at.astimezone(person.zone)
        opened = talk.opened
        here = [one for one in talk.sent if opened is not None and one >= opened]
        minor = person.birth_year is not None and shown.year <= person.birth_year + 18
        most = policy.max_per_window
        checks = {
            "window_closed": opened is None or not opened <= at <= opened + policy.window,
            "too_few_messages": talk.count < policy.min_user_messages,
            "unanswered": not talk.answered,
            "opted_out": person.opted_out,
            "crisis_hold": person.held,
            "paused": talk.paused is not None and at < talk.paused,
            "takeover": talk.taken,
            "minor": minor,
            "law": minor and person.region in ("US-TN", "PR"),
            "channel_window": self._late(talk, at),
            "quiet_hours": self._quiet(f"{shown:%H:%M}"),
            "gap": bool(talk.sent) and at < talk.sent[-1] + policy.min_gap,
            "cap": most is not None and len(here) >= most,
            "disabled": not policy.enabled,
        }
        return {reason for reason, holds in checks.items() if holds}

    def _late(self, talk: Talk, at: datetime) -> bool:
        if talk.channel in ("rest", "cmdline") or talk.person.acted is None:
            return False
        return at >= talk.person.acted + DAY - self.policy.channel_margin

    def _quiet(self, shown: str) -> bool:
        if self.policy.quiet_hours is None:
            return False
        start, end = str(self.policy.quiet_hours).split("-")
        return start <= shown < end if start < end else shown >= start or shown < end

    # -- all instants that matter ------------------------------------------------------------

    def edges(self, talk: Talk, now: datetime) -> list[datetime]:
        """Return every instant from now to the end of the window at which an answer may change."""
        if talk.opened is None or talk.last is None or talk.person.acted is None:
            return [now]
        policy, end = self.policy, talk.opened + self.policy.window
        found = [now, talk.last + policy.after, end, talk.person.acted + DAY]
        found += [talk.person.acted + DAY - policy.channel_margin]
        found += [talk.paused] if talk.paused else []
        found += [talk.sent[-1] + policy.min_gap] if talk.sent else []
        # What the hands of a clock decide changes on a quarter of an hour, or that many minutes
        # from where the quiet hours begin and end, wherever the clock hangs.
        odd, hours = {0, 15, 30, 45}, self.policy.quiet_hours
        marks = odd if talk.person.birth_year or hours else set()
        if hours is not None:
            marks = marks | {(one + by) % 60 for one in (hours.start, hours.end) for by in odd}
        at = now.replace(minute=0, second=0, microsecond=0) - HOUR
        while marks and at <= end:
            found += [at + mark * MINUTE for mark in marks]
            at += HOUR
        return sorted({one for one in found if now <= one <= end} | {now})

    def plan(self, talk: Talk, now: datetime) -> None:
        """Find when the follow-up should come: near the wished delay, else a little before."""
        talk.due = None
        if talk.last is None or talk.count < self.policy.min_user_messages or not talk.answered:
            return
        edges = self.edges(talk, now)
        wanted = max(now, talk.last + self.policy.after)
        after = (one for one in edges if one >= wanted and not self.refusals(talk, one))
        first = next(after, None)
        if first is not None:
            talk.due = (first, first)
            return
        before = (one for one in edges[::-1] if one < wanted and not self.refusals(talk, one))
        last = next(before, None)
        if last is not None:
            closes = min(one for one in [*edges, wanted] if one > last)
            if self.refusals(talk, last + TICK):  # the last instant of the window alone
                closes = last
            early = max(now, closes - MINUTE - timedelta(seconds=1))
            opens = [early, *(one for one in edges if early < one <= last), last]
            talk.due = (next(one for one in opens if not self.refusals(talk, one)), closes)

    # -- side by side with the answers -------------------------------------------------------

    def differences(self, history: list[Line], output: list[Line]) -> list[str]:
        """Return where the answers of a replay are not those of the contract."""
        found: list[str] = []
        events = [(instant(one["at"]), 0, one) for one in history]
        answers = [
            (instant(one["at"]), 1 + (one["type"] == "follow_up_sent"), one) for one in output
        ]
        ordered = sorted(events + answers, key=lambda one: one[:2])
        for at, together in groupby(ordered, key=lambda one: one[0]):
            parts: list[list[Line]] = [[], [], []]
            for _, part, one in together:
                parts[part].append(one)
            found += self._forgotten(at) if parts[0] else []
            must, may = self._events(parts[0], at)
            found += self._told(parts[1], must, may, at)
            for one in parts[2]:
                found += self._sent(one, at)
        return found + self._forgotten(max(instant(one["at"]) for one in history) + TICK)

    def _events(
        self, lines: list[Line], at: datetime
    ) -> tuple[dict[str, int], dict[str, list[list[set[str]]]]]:
        """Apply the lines of one instant.

        Returns:
            How often a plan is dropped, and what speaks against a follow-up, instant by instant,
            each time that something may be told as withheld.
        """
        must: dict[str, int] = defaultdict(int)
        may: dict[str, list[list[set[str]]]] = defaultdict(list)
        for line in lines:
            if line["type"] == "end":
                continue
            self.happen(line)
            contact = line["conversation"].rsplit(":", 1)[0]
            for where, talk in self.talks.items():
                if where.rsplit(":", 1)[0] != contact:
                    continue
                planned = talk.due is not None
                if planned and where != line["conversation"] and line["type"] in _OF_TALK:
                    continue  # what is said to another persona changes no plan, but may allow one
                self.plan(talk, at)
                if talk.due is None and (planned or line["type"] in _ASKING):
                    must[where] += planned
                    may[where].append([self.refusals(talk, one) for one in self.edges(talk, at)])
        return must, may

    def _told(
        self,
        lines: list[Line],
        must: dict[str, int],
        may: dict[str, list[list[set[str]]]],
        at: datetime,
    ) -> list[str]:
        found = []
        for where in {*must, *(one["conversation"] for one in lines)}:
            told = [one for one in lines if one["conversation"] == where]
            if not must[where] <= len(told) <= len(may[where]):
                found.append(f"{where} at {at}: {len(told)} told as withheld, {must[where]} due")
        for one in lines:
            where, given = one["conversation"], set(one["reasons"])
            if not any(_founded(given, seen) for seen in may[where]):
                found.append(f"{where} at {at}: withheld for {given}, unfounded")
        return found

    def _sent(self, line: Line, at: datetime) -> list[str]:
        where, talk = line["conversation"], self.talks[line["conversation"]]
        found = [f"{where} at {at}: sent against {one}" for one in self.refusals(talk, at)]
        if talk.due is None or not talk.due[0] <= at <= talk.due[1]:
            found.append(f"{where} at {at}: sent, but due {talk.due}")
        if line["cycle"] != len(talk.ids):
            found.append(f"{where} at {at}: cycle {line['cycle']}, not {len(talk.ids)}")
        talk.sent.append(at)
        talk.answered, talk.due = False, None
        return found

    def _forgotten(self, at: datetime) -> list[str]:
        """Return who should have been written to before an instant and was not."""
        return [
            f"{where}: nothing came, though due at {talk.due}"
            for where, talk in self.talks.items()
            if talk.due is not None and talk.due[1] < at
        ]


def _founded(given: set[str], seen: list[set[str]]) -> bool:
    """Tell whether each reason holds at some instant, and one of them at every instant."""
    each = given <= set().union(*seen)
    return bool(given) and each and not given & _EARNED and all(given & one for one in seen)
