"""A town, the servers that work for it, and the platform they write to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.engine import Engine

from overture.policy import Policy
from overture.services.follow_up import Spending, Spent
from overture.services.naming import reference
from overture.store.records import Outbound
from tests.scenario.servers import ActionServer, Platform, RasaServer, answer, tried
from tests.scenario.stage import Process, Stage, SteppedDatabase, away
from tests.scenario.town import CONVERSATIONS, LEASE, Town

#: Most steps a follow-up takes from its claim to its acknowledgement, retries included.
_WAY = 40
#: Most naps of a second until time is made to pass more quickly.
_NAPS = 60


class World(Town):
    """Hold everything of one life of the system: a town, and the processes that serve it."""

    def __init__(self, engine: Engine, policy: Policy) -> None:
        super().__init__(engine, policy)
        self.stage = Stage()
        self.platform = Platform(self._posted)
        #: People whose window the platform has called closed, with when the message it refused
        #: was posted, and what is stored of that.
        self._closing: dict[str, datetime] = {}
        self._closed: dict[str, datetime | None] = {}
        self._names = count(1)
        self.rasa: RasaServer | None = None
        self.actions: list[ActionServer] = []

    # -- the log ---------------------------------------------------------------------------

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
