"""People and operators on one ledger, and the log of what happened to them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from overture.clock import FakeClock
from overture.identity import Conversation
from overture.memory.records import ExtractedFact
from overture.meta.events import InboundMessage
from overture.policy import Policy
from overture.services import acceptance, consent, intake, reminding
from overture.services.deployment import Deployment, PersonaStanding
from overture.store.records import FactRow, Inbound
from overture.store.schema import metadata
from overture.store.sql import SqlLedger

START = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
LEASE = timedelta(seconds=60)
#: Two personas of one person, another person, and one on another channel.
CONVERSATIONS = (
    "messenger:1:u1:maestro",
    "messenger:1:u1:chef",
    "messenger:1:u2:maestro",
    "whatsapp:3:15550001111:maestro",
)
#: Words that decide something by themselves, to the labels screening would give.
WORDS = {
    "stop": "opt_out",
    "start": "opt_in",
    "hopeless": "crisis",
    "I am 15": "minor",
    "a human please": "asks_human",
}


class Crash(Exception):
    """Play the end of a process in the middle of a transaction."""


def _told(text: str, *_: object) -> list[ExtractedFact]:
    """Draw a plan from words, as extraction would."""
    if not text.startswith("plan "):
        return []
    when = text.removeprefix("plan ")
    return [ExtractedFact(kind="plan", value="movie night", when=when, span=(0, 4))]


class Town:
    """Hold a ledger, a clock, the limits in force, and everybody who writes or decides."""

    def __init__(self, engine: Engine, policy: Policy) -> None:
        self.engine, self.clock = engine, FakeClock(START)
        #: Everything that happened, in order: the finished log.
        self.log: list[dict[str, Any]] = []
        self.policy, self.released = policy, True
        self._ids = count(1)
        self._empty()
        self.set_policy(policy)

    def _empty(self) -> None:
        with self.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(sa.delete(table))

    def note(self, kind: str, **what: Any) -> None:
        """Add a line to the log."""
        self.log.append({"type": kind, "at": self.clock.now(), **what})

    def deployment(self) -> Deployment:
        """Return what the processes are started with."""
        return Deployment(
            version=f"{self.policy.version} {self.released}",
            policy_of=lambda *_: self.policy,
            persona=lambda *_: PersonaStanding(released=self.released),
            screen=lambda text: frozenset({WORDS[text]} if text in WORDS else ()),
            extract=_told,
        )

    def do(self, work: Callable[[SqlLedger], Any]) -> Any:
        """Run one transaction of somebody else."""

        def run(connection: Connection) -> Any:
            return work(SqlLedger(connection))

        with self.engine.begin() as connection:
            return run(connection)

    def write(
        self, where: str, text: str, *, age: timedelta | None = None, again: str | None = None
    ) -> None:
        """Have a message of a person arrive; its turn comes later.

        Args:
            age: how long before now the platform says it was sent; negative: the future.
            again: id of a message that is delivered once more.
        """
        who, now = Conversation.parse(where), self.clock.now()
        message = InboundMessage(
            channel=who.channel,
            account_id=who.account_id,
            user_id=who.user_id,
            message_id=again or f"m{next(self._ids)}",
            kind="text",
            text=text,
            occurred_at=None if age is None else now - age,
        )
        row = replace(acceptance.inbound_of(message, now), conversation_id=where)
        self.do(lambda ledger: ledger.inbox.add([row], "turns", now + LEASE))
        stamp = now if age is None else now - age
        self.note("message", conversation=where, id=row.message_id, stamp=stamp, text=text)

    def pending(self, where: str) -> list[Inbound]:
        """Return the messages of a person whose turn is not over."""
        channel, account_id, user_id, _ = where.split(":")
        found: list[Inbound] = self.do(
            lambda ledger: ledger.inbox.pending(channel, account_id, user_id)
        )
        return found

    def observe(self, where: str, *, crash: bool = False) -> None:
        """Count the first waiting message of a person, or die while doing so."""
        waiting = self.pending(where)
        if not waiting:
            return

        def work(ledger: SqlLedger) -> None:
            found = intake.observe(ledger, waiting[0], self.clock.now(), self.deployment())
            if crash:
                raise Crash
            if found.new:
                labels = sorted(found.labels)
                self.note("counted", contact=str(waiting[0].contact), labels=labels)
                here = found.conversation_id  # of one or another of the person's personas
                if "asks_human" in labels:
                    self.note("asked_for_human", conversation=here)
                for fact in ledger.memory.current(here):
                    self.note("remembered", conversation=here, fact=fact.id)

        with contextlib.suppress(Crash):
            self.do(work)

    def finish(self, where: str) -> None:
        """End the turns of all messages of a person that wait."""
        while waiting := self.pending(where):
            self.observe(where)
            self.do(lambda ledger: ledger.inbox.finish(waiting[0].id, self.clock.now()))
            self.note("answered", contact=str(waiting[0].contact), id=waiting[0].message_id)

    def of_contact(self, kind: str, where: str, **what: Any) -> None:
        """Change something that belongs to a person with all personas."""
        contact_id, use = where.rsplit(":", 1)[0], _OF_CONTACT[kind]
        self.do(lambda lg: use(lg, contact_id, self.clock.now(), self.deployment(), **what))
        told = {name: value for name, value in what.items() if name != "by"}
        self.note(kind, contact=contact_id, **told)

    def of_conversation(self, kind: str, where: str, **what: Any) -> None:
        """Change something that belongs to one conversation."""
        use = _OF_CONVERSATION[kind]
        self.do(lambda lg: use(lg, where, self.clock.now(), self.deployment(), **what))
        self.note(kind, conversation=where, **what)

    def remember(self, where: str, when: datetime | None = None) -> None:
        """Keep a memory a follow-up may speak of."""
        now = self.clock.now()
        row = FactRow(
            conversation_id=where,
            kind="likes",
            value="films",
            source_message_id="m",
            quote="films",
            said_at=now,
        )
        if self.do(lambda ledger: ledger.people.conversation(where)) is not None:
            number = self.do(lambda ledger: ledger.memory.add([row]))[0]
            self.note("remembered", conversation=where, fact=number)

    def remind(self, where: str, hours: int) -> datetime | None:
        """Have a person ask for a reminder; return the moment that is promised, if one is."""
        self.write(where, "hi")
        self.finish(where)
        text, now = f"remind me in {hours} hours", self.clock.now()
        kept = self.do(
            lambda lg: reminding.remind(lg, where, "asked", text, now, self.deployment())
        )
        for fact in self.do(lambda ledger: ledger.memory.current(where)):
            self.note("remembered", conversation=where, fact=fact.id)
        promised: datetime | None = kept.at
        return promised

    def forget(self, where: str) -> None:
        """Forget everything of a conversation."""
        self.do(lambda ledger: ledger.memory.delete(where))
        self.note("forgotten", conversation=where)

    def lift(self, where: str) -> None:
        """Take away whatever stands in the way of a person, as those who may do so would."""
        self.of_contact("opt_in", where)
        self.of_contact("release_hold", where)
        self.of_contact("profile", where, birth_year=1990, declared_minor=False)
        self.of_conversation("hand_back", where)
        self.of_conversation("pause", where, until=None)
        self.pause_account(where, None)
        self.set_kill_switch(False)

    def set_policy(self, policy: Policy) -> None:
        """Put other limits in force."""
        self.policy = policy
        self.note("policy", limits=policy.to_mapping()["follow_up"])

    def set_released(self, released: bool) -> None:
        """Release all personas, or take them back."""
        self.released = released
        self.note("released", value=released)

    def set_kill_switch(self, on: bool) -> None:
        """Stop everything that is not an answer, or let it run again."""
        now = self.clock.now()
        self.do(lambda ledger: ledger.set_switch("kill_switch", "on" if on else "off", now))
        self.note("kill_switch", value=on)

    def pause_account(self, where: str, until: datetime | None) -> None:
        """Let an account rest."""
        channel, account_id, *_ = where.split(":")
        self.do(lambda ledger: ledger.pause_account(channel, account_id, until, "a test"))
        self.note("account_paused", account=f"{channel}:{account_id}", until=until)


_OF_CONTACT: dict[str, Callable[..., Any]] = {
    "opt_out": consent.opt_out,
    "opt_in": consent.opt_in,
    "crisis_hold": consent.hold_for_crisis,
    "release_hold": consent.release_hold,
    "profile": consent.change,
}
_OF_CONVERSATION: dict[str, Callable[..., Any]] = {
    "pause": consent.pause,
    "takeover": consent.take_over,
    "hand_back": consent.hand_back,
}
