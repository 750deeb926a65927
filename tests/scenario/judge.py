"""A naive judge: reads the finished log and nothing of the code under test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Line = dict[str, Any]

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
DAY = timedelta(days=1)


def violations(log: list[Line]) -> list[str]:
    """Return everything a log shows that must never be."""
    found: list[str] = []
    life = Life()
    for line in log:
        where = line.get("conversation", "")
        if line["type"] == "spent":
            found += [f"{where} at {line['at']}: {one}" for one in life.objections(where, line)]
        if line["type"] == "repeated":
            found += [f"{where} again at {line['at']}: {one}" for one in life.doubts(where, line)]
        life.read(line)
    return found + life.excess


def span(text: str | None) -> timedelta:
    """Read a duration of a policy."""
    return timedelta(**{_UNITS[text[-1]]: float(text[:-1])}) if text else timedelta()


class Life:
    """Know what has happened so far, as anybody who reads the log would."""

    def __init__(self) -> None:
        self.limits: dict[str, Any] = {}
        self.released, self.killed = True, False
        #: Conversation to ids to when the message was sent, in the order of arrival.
        self.messages: dict[str, dict[str, datetime]] = defaultdict(dict)
        self.waiting: dict[str, set[str]] = defaultdict(set)
        self.contact: dict[str, dict[str, Any]] = defaultdict(dict)
        self.talk: dict[str, dict[str, Any]] = defaultdict(dict)
        self.accounts: dict[str, datetime | None] = {}
        self.facts: dict[str, set[int]] = defaultdict(set)
        #: Conversation to the times of follow-ups, and whether the person wrote since.
        self.spent: dict[str, list[datetime]] = defaultdict(list)
        self.answered: dict[str, bool] = {}
        #: Numbers of messages, to how often each may still be posted and how often it arrived.
        self.allowed: dict[str, int] = defaultdict(int)
        self.arrived: dict[str, int] = defaultdict(int)
        self.cycles: set[tuple[str, int]] = set()
        #: What was sent twice, or without leave.
        self.excess: list[str] = []

    def read(self, line: Line) -> None:
        """Take note of one line."""
        reader = getattr(self, f"_on_{line['type']}", None)
        if reader is not None:
            reader(line)
        elif "conversation" in line:
            self.talk[line["conversation"]][line["type"]] = line
        elif "contact" in line:
            self.contact[line["contact"]][line["type"]] = line

    def _on_message(self, line: Line) -> None:
        where = line["conversation"]
        if line["id"] in self.messages[where]:
            return
        self.messages[where][line["id"]] = min(line["stamp"], line["at"])
        self.waiting[_contact(where)].add(line["id"])
        self.answered[where] = True

    def _on_answered(self, line: Line) -> None:
        self.waiting[line["contact"]].discard(line["id"])

    def _on_counted(self, line: Line) -> None:
        """Words that decide something by themselves do so when they are read."""
        told = self.contact[line["contact"]]
        for name in line["labels"]:
            told[{"crisis": "crisis_hold"}.get(name, name)] = line
            if name == "opt_in":
                told.pop("opt_out", None)

    def _on_opt_in(self, line: Line) -> None:
        self.contact[line["contact"]].pop("opt_out", None)

    def _on_release_hold(self, line: Line) -> None:
        self.contact[line["contact"]].pop("crisis_hold", None)

    def _on_asked_for_human(self, line: Line) -> None:
        """Whoever asks while a human has the conversation has one."""
        talk = self.talk[line["conversation"]]
        if not _is_taken(talk, line["at"]):
            talk.setdefault("asked_for_human", line)

    def _on_takeover(self, line: Line) -> None:
        self.talk[line["conversation"]].pop("asked_for_human", None)
        self.talk[line["conversation"]]["takeover"] = line

    def _on_hand_back(self, line: Line) -> None:
        for name in ("takeover", "asked_for_human"):
            self.talk[line["conversation"]].pop(name, None)

    def _on_profile(self, line: Line) -> None:
        person = self.contact[line["contact"]]
        person.update(line)
        if not line.get("declared_minor", True):
            person.pop("minor", None)

    def _on_policy(self, line: Line) -> None:
        self.limits = line["limits"]

    def _on_released(self, line: Line) -> None:
        self.released = line["value"]

    def _on_kill_switch(self, line: Line) -> None:
        self.killed = line["value"]

    def _on_account_paused(self, line: Line) -> None:
        self.accounts[line["account"]] = line["until"]

    def _on_remembered(self, line: Line) -> None:
        self.facts[line["conversation"]].add(line["fact"])

    def _on_forgotten(self, line: Line) -> None:
        self.facts[line["conversation"]].clear()

    def _on_spent(self, line: Line) -> None:
        where, cycle = line["conversation"], line["cycle"]
        if (where, cycle) in self.cycles:
            self.excess.append(f"{where} twice in cycle {cycle}")
        self.cycles.add((where, cycle))
        self.spent[where].append(line["at"])
        self.answered[where] = False
        self.allowed[line["number"]] += 1

    def _on_repeated(self, line: Line) -> None:
        self.allowed[line["number"]] += 1

    def _on_posted(self, line: Line) -> None:
        number = line["number"]
        self.allowed[number] -= 1
        self.arrived[number] += line["arrived"]
        if self.allowed[number] < 0 or self.arrived[number] > 1:
            self.excess.append(f"message {number} at {line['at']} once too often")

    def doubts(self, where: str, line: Line) -> list[str]:
        """Return why a message that was surely not taken must not be sent once more."""
        written = ["written since"] if self.answered[where] else []
        own = {"unanswered", "gap", "cap"}  # these speak of this very message
        return written + [one for one in self.objections(where, line) if one not in own]

    def objections(self, where: str, line: Line) -> list[str]:
        """Return why a follow-up must not be sent at the time of a line."""
        at, person = line["at"], self.contact[_contact(where)]
        stop = {
            "opted out": "opt_out" in person,
            "held": "crisis_hold" in person,
            "declared a minor": "minor" in person,
            "waiting": bool(self.waiting[_contact(where)]),
            "unanswered": not self.answered.get(where, False),
            "not released": not self.released,
            "stopped": self.killed or not self.limits["enabled"],
            "wrong cycle": line.get("cycle", self._cycle(where)) != self._cycle(where),
            "memory is gone": not self.facts[where].issuperset(line.get("uses", ())),
            "account rests": self._rests(where, at),
        }
        found = [name for name, broken in stop.items() if broken]
        return found + self._limits(where, at) + self._times(where, at, person)

    def _cycle(self, where: str) -> int:
        return len(self.messages[where])

    def _rests(self, where: str, at: datetime) -> bool:
        until = self.accounts.get(where.rsplit(":", 2)[0])
        return until is not None and at < until

    def window(self, where: str) -> list[datetime]:
        """Return the messages of the last window, by the times they were sent."""
        found: list[datetime] = []
        for at in sorted(self.messages[where].values()):
            if found and at <= found[0] + span(self.limits["window"]):
                found.append(at)
            else:
                found = [at]
        return found

    def _limits(self, where: str, at: datetime) -> list[str]:
        window, sent = self.window(where), self.spent[where]
        end = window[0] + span(self.limits["window"]) if window else at - DAY
        most = self.limits["max_per_window"]
        here = sum(one >= window[0] for one in sent) if window else 0
        checks = {
            "window closed": at > end,
            "fewer messages": len(window) < max(5, self.limits["min_user_messages"]),
            "before a message": bool(window) and at < max(self.messages[where].values()),
            "gap": bool(sent) and at < sent[-1] + span(self.limits["min_gap"]),
            "cap": most is not None and here >= most,
        }
        return [name for name, broken in checks.items() if broken]

    def _times(self, where: str, at: datetime, person: dict[str, Any]) -> list[str]:
        talk, local = self.talk[where], at.astimezone(ZoneInfo(person.get("timezone") or "UTC"))
        pause = talk.get("pause", {}).get("until")
        checks = {
            "paused": pause is not None and at < pause,
            "taken over": _is_taken(talk, at),
            "waits for a human": "asked_for_human" in talk,
            "minor": _is_minor(person, local.date()),
            "quiet hours": _is_quiet(self.limits["quiet_hours"], local),
            "platform's window": self._is_late(where, at, person),
        }
        return [name for name, broken in checks.items() if broken]

    def _is_late(self, where: str, at: datetime, person: dict[str, Any]) -> bool:
        theirs = [one for one in self.messages if _contact(one) == _contact(where)]
        acted = max(max(self.messages[one].values()) for one in theirs if self.messages[one])
        closed = person.get("platform_closed")
        if closed is not None and closed["posted_at"] >= acted:
            return True
        return not acted <= at < acted + DAY - span(self.limits["channel_margin"])


def _is_taken(talk: Mapping[str, Any], at: datetime) -> bool:
    taken = talk.get("takeover", {})
    until = taken.get("until")
    return bool(taken) and (until is None or at < until)


def _contact(where: str) -> str:
    return where.rsplit(":", 1)[0]


def _is_minor(person: dict[str, Any], today: date) -> bool:
    year = person.get("birth_year")
    return year is not None and today.year - year <= 18


def _is_quiet(hours: str | None, local: datetime) -> bool:
    if hours is None:
        return False
    start, end = hours.split("-")
    shown = f"{local:%H:%M}"
    return start <= shown < end if start < end else shown >= start or shown < end
