"""People, operators and servers on one ledger, and the log of what happened to them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
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
from overture.services.follow_up import Spending, Spent
from overture.services.naming import reference
from overture.store.records import FactRow, Inbound, Outbound
from overture.store.schema import metadata
from overture.store.sql import SqlLedger
from tests.scenario.servers import ActionServer, Platform, RasaServer, answer, tried
from tests.scenario.stage import Process, Stage, SteppedDatabase, away

START = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
LEASE = timedelta(seconds=60)
#: Most steps a follow-up takes from its claim to its acknowledgement, retries included.
_WAY = 40
#: Most naps of a second until time is made to pass more quickly.
_NAPS = 60
#: Two personas of one person, another person, and one on another channel.
CONVERSATIONS = (
    "messenger:1:u1:maestro",
    "messenger:1:u1:chef",
    "messenger:1:u2:maestro",
    "whatsapp:3:15550001111:maestro",
)
#: Words that decide something by themselves, to the labels screening would give.
WORDS = {"stop": "opt_out", "start": "opt_in", "hopeless": "crisis", "I am 15": "minor"}


class Crash(Exception):
    """Play the end of a process in the middle of a transaction."""


def _told(text: str, *_: object) -> list[ExtractedFact]:
    """Draw a plan from words, as extraction would."""
    if not text.startswith("plan "):
        return []
    when = text.removeprefix("plan ")
    return [ExtractedFact(kind="plan", value="movie night", when=when, span=(0, 4))]


class World:
    """Hold everything of one life of the system."""

    def __init__(self, engine: Engine, policy: Policy) -> None:
        self.engine, self.clock, self.stage = engine, FakeClock(START), Stage()
        #: Everything that happened, in order: the finished log.
        self.log: list[dict[str, Any]] = []
        self.platform = Platform(self._posted)
        self.policy, self.released = policy, True
        #: People whose window the platform has called closed, with when the message it refused
        #: was posted, and what is stored of that.
        self._closing: dict[str, datetime] = {}
        self._closed: dict[str, datetime | None] = {}
        self._ids = count(1)
        self._names = count(1)
        self.rasa: RasaServer | None = None
        self.actions: list[ActionServer] = []
        self._empty()
        self.set_policy(policy)

    def _empty(self) -> None:
        with self.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(sa.delete(table))

    # -- the log ---------------------------------------------------------------------------

    def note(self, kind: str, **what: Any) -> None:
        """Add a line to the log."""
        self.log.append({"type": kind, "at": self.clock.now(), **what})

    def _posted(
        self, body: Mapping[str, Any], told: str, arrived: bool, posted_at: datetime
    ) -> None:
        text = (body.get("message") or body)["text"]
        where = text["body"] if isinstance(text, dict) else text
        mark = body.get("biz_opaque_callback_data") or body["message"]["metadata"]
        self.note("posted", conversation=where, number=mark, answer=told, arrived=arrived)
        if told == "window closed":
            self._closing[where.rsplit(":", 1)[0]] = posted_at

    def _hear_of_closed_windows(self) -> None:
        """Note what the platform said when it is stored: an answer may die with its process."""
        for contact_id in sorted(self._closing):
            found = self.do(lambda ledger, one=contact_id: ledger.people.contact(one))
            if found is not None and found.window_closed_at != self._closed.get(contact_id):
                self._closed[contact_id] = found.window_closed_at
                posted_at = self._closing.pop(contact_id)
                self.note("platform_closed", contact=contact_id, posted_at=posted_at)

    def _committed(self, argument: Any, result: Any) -> None:
        self._hear_of_closed_windows()
        if isinstance(result, Spent):
            assert isinstance(argument, Spending)
            what = {"cycle": result.cycle, "number": reference(result.outbound_id)}
            self.note("spent", conversation=result.conversation_id, uses=argument.uses, **what)
        elif isinstance(result, Outbound) and result.state == "sending":
            what = {"number": reference(result.id), "uses": result.uses}
            self.note("repeated", conversation=result.conversation_id, **what)

    # -- processes -------------------------------------------------------------------------

    def deployment(self) -> Deployment:
        """Return what the processes are started with."""
        return Deployment(
            version=f"{self.policy.version} {self.released}",
            policy_of=lambda *_: self.policy,
            persona=lambda *_: PersonaStanding(released=self.released),
            screen=lambda text: frozenset({WORDS[text]} if text in WORDS else ()),
            extract=_told,
        )

    def start_rasa(self) -> None:
        """Start a Rasa server, which takes up what another has left."""
        process = Process(name=f"rasa{next(self._names)}", stage=self.stage)
        database = SteppedDatabase(self.engine, process, self._committed)
        parts = (process, database, self.clock, self.deployment(), self.platform, LEASE)
        self.rasa = RasaServer(*parts)

    def start_actions(self) -> None:
        """Start an action server beside those there are."""
        process = Process(name=f"actions{next(self._names)}", stage=self.stage)
        database = SteppedDatabase(self.engine, process, self._committed)
        server = ActionServer(
            process, database, self.clock, self.deployment(), lambda: self.rasa, LEASE
        )
        self.actions.append(server)

    def kill(self, process: Process) -> None:
        """Kill a process where it is."""
        process.kill()
        self.actions = [one for one in self.actions if one.process is not process]
        if self.rasa is not None and self.rasa.process is process:
            self.rasa = None
        self.stage.settle()

    def take_over(self) -> None:
        """Have the Rasa server take up what dead processes have left."""
        if self.rasa is not None:
            self.rasa.process.run(tried(self.rasa.process, self.rasa.take_over))
            self.stage.settle()

    def step(self, index: int, *, fail: bool = False) -> None:
        """Let one waiting task on, or have the database be away for it."""
        if not self.stage.parked:
            return
        one = self.stage.parked[index % len(self.stage.parked)]
        if one.seconds:
            self.clock.wind(timedelta(seconds=one.seconds))
        transaction = "transaction" in one.name or "commit" in one.name or "reading" in one.name
        self.stage.release(one, away() if fail and transaction else None)

    def dispatch(self, index: int) -> None:
        """Have one of the action servers begin a round."""
        if self.actions:
            self.actions[index % len(self.actions)].dispatch()
            self.stage.settle()

    def go_to_due(self) -> None:
        """Let time pass until the next plan can be claimed."""
        due = self.next_due()
        if due is not None and due > self.clock.now():
            self.clock.set(due)

    def go_to(self, point: str) -> None:
        """Dispatch what is due next and run on until some task is at a point."""
        if self.rasa is None:
            self.start_rasa()
        if not self.actions:
            self.start_actions()
        self.go_to_due()
        self.dispatch(0)
        for _ in range(_WAY):
            if any(one.name == point for one in self.stage.parked):
                return
            self.step(0)

    def finish_turns(self) -> None:
        """Let everything that is under way come to its end; who sleeps long, sleeps quickly."""
        asleep = 0
        for _ in range(2000):
            if not self.stage.parked:
                return
            asleep += all(one.seconds for one in self.stage.parked)
            if asleep > _NAPS:
                self.clock.wind(timedelta(minutes=10))
            self.step(0)
        raise AssertionError(f"no end of {[one.name for one in self.stage.parked]}")

    def time_out(self, index: int) -> None:
        """Have an action server give up waiting for Rasa, whose turn goes on."""
        calls = [call for one in self.actions for call in one.speaker.calls]
        if calls:
            answer(calls[index % len(calls)], "TimeoutError")
            self.stage.settle()

    def kill_all(self) -> None:
        """Kill every process."""
        for process in [one.process for one in self.actions]:
            self.kill(process)
        if self.rasa is not None:
            self.kill(self.rasa.process)

    def close(self) -> None:
        """End the stage."""
        self.kill_all()
        self.stage.close()

    # -- in peace --------------------------------------------------------------------------

    def next_due(self) -> datetime | None:
        """Return when the next plan can be claimed."""
        due: datetime | None = self.do(lambda ledger: ledger.plans.next_due())
        return due

    def calm_down(self) -> None:
        """Set the clock right, have every process there and every turn come to its end."""
        self.clock.set(max([self.clock.now(), *(line["at"] for line in self.log)]))
        self.platform.answer = "accepted"
        if self.rasa is None:
            self.start_rasa()
        if not self.actions:
            self.start_actions()
        self.finish_turns()
        for where in CONVERSATIONS:
            self.finish(where)
        self.actions[0].look()
        self.finish_turns()

    def run_on(self, end: datetime) -> None:
        """Dispatch whatever falls due up to an instant, each at its time."""
        while (due := self.next_due()) is not None and due <= end:
            self.clock.set(max(due, self.clock.now()))
            self.dispatch(0)
            self.finish_turns()

    # -- people and operators --------------------------------------------------------------

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
