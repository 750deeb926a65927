"""What runs on the stage: the real dispatcher and senders, with Rasa and Meta played."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from overture.clock import FakeClock
from overture.delivery.graph import Accepted, Ambiguous, Answer, Rejected
from overture.delivery.proactive import ProactiveSender
from overture.delivery.sender import Sender
from overture.delivery.turns import Worker
from overture.dispatcher import Dispatcher, Outcome
from overture.errors import PermitRefused, StoreUnavailable
from overture.meta.errors import Failure
from overture.services import remembering
from overture.services.deployment import Deployment
from overture.services.follow_up import Ticket
from overture.store.sql import SqlLedger
from tests.scenario.stage import Process, SteppedDatabase

#: What the platform may answer, and whether the person then has the message.
ANSWERS: Mapping[str, tuple[Answer | None, bool]] = {
    "accepted": (None, True),
    "lost after it arrived": (Ambiguous(because="TimeoutError"), True),
    "lost before it arrived": (Ambiguous(because="TimeoutError"), False),
    "try again": (
        Rejected(
            failure=Failure(
                code=2,
                subcode=None,
                trace_id=None,
                action="retry",
                meaning="busy",
                retry_after=2.0,
                tries=8,
            )
        ),
        False,
    ),
    "window closed": (
        Rejected(
            failure=Failure(
                code=131047, subcode=None, trace_id=None, action="window_closed", meaning="late"
            )
        ),
        False,
    ),
}


class Platform:
    """Take messages, and answer as told."""

    def __init__(self, posted: Callable[[Mapping[str, Any], str, bool, datetime], None]) -> None:
        self.answer = "accepted"
        self._posted = posted
        self._count = 0

    def take(self, body: Mapping[str, Any], posted_at: datetime) -> Answer:
        """Take one message that was posted a moment ago."""
        self._count += 1
        answer, arrived = ANSWERS[self.answer]
        self._posted(body, self.answer, arrived, posted_at)
        return answer or Accepted(message_id=f"m{self._count}")


class RasaServer:
    """Run follow-up turns and send them: permits, outbox and Graph calls of one process."""

    def __init__(
        self,
        process: Process,
        database: SteppedDatabase,
        clock: FakeClock,
        deployment: Deployment,
        platform: Platform,
        lease: Any,
    ) -> None:
        self.process = process
        self._database: Any = database
        self._clock = clock
        self._platform = platform
        self._worker = Worker(owner=process.name, lease=lease, clock=clock)
        sender = Sender(self._database, self, clock, deployment, sleep=process.sleep)
        self._sender = sender
        self._proactive = ProactiveSender(self._database, clock, deployment, sender, self._worker)

    async def send(self, channel: str, account_id: str, body: Mapping[str, Any]) -> Answer:
        """Play the Graph client."""
        posted_at = self._clock.now()
        await self.process.point("before the call to the platform")
        answer = self._platform.take(body, posted_at)
        await self.process.point("before the platform's answer")
        return answer

    async def turn(self, ticket: Ticket) -> Outcome:
        """Play the dialogue: say something about one memory, if a permit is open."""
        now, here = self._clock.now(), ticket.conversation_id

        def gather(connection: Any) -> tuple[bool, list[int]]:
            ledger = SqlLedger(connection)
            standing = ledger.people.standing(here)
            permitted = standing is not None and standing.permit_id and not standing.permit_spent
            return bool(permitted), [fact.id for fact in remembering.current(ledger, here, now)]

        try:
            permitted, facts = await self._database.read(gather)
            if permitted:
                await self._proactive.send(here, {"text": here, "uses": facts[-1:]})
        except PermitRefused:
            pass
        except StoreUnavailable:
            return Outcome(what="later", because="Rasa answered 500")
        await self.process.point("before Rasa's answer")
        return Outcome(what="said")

    async def take_over(self) -> None:
        """Take up what dead processes have left in the outbox."""
        people = await self._database.write(
            lambda connection: SqlLedger(connection).outbox.abandoned(
                self._worker.owner, self._clock.now(), self._worker.until()
            )
        )
        for contact_id in people:
            self._sender.wake(contact_id)


class Speaker:
    """Reach Rasa as the dispatcher of one action server does."""

    def __init__(self, process: Process, rasa: Callable[[], RasaServer | None]) -> None:
        self._process = process
        self._rasa = rasa
        #: Calls under way, which may time out while their turns go on.
        self.calls: list[asyncio.Future[Outcome]] = []

    async def say(self, ticket: Ticket) -> Outcome:
        """Run the turn of one ticket; never raises."""
        await self._process.point("before the call to Rasa")
        rasa = self._rasa()
        if rasa is None:
            return Outcome(what="later", because="ClientConnectorError")
        call: asyncio.Future[Outcome] = self._process.stage.loop.create_future()
        self.calls.append(call)
        rasa.process.hung_up.append(lambda: answer(call, "ServerDisconnectedError"))
        task = rasa.process.run(rasa.turn(ticket))
        task.add_done_callback(lambda done: _hand_over(done, call))
        outcome = await call
        self.calls.remove(call)
        await self._process.point("before noting the end of a turn")
        return outcome


def answer(call: asyncio.Future[Outcome], because: str) -> None:
    """End a call to Rasa without an answer."""
    if not call.done():
        call.set_result(Outcome(what="later", because=because))


def _hand_over(task: asyncio.Task[Outcome], call: asyncio.Future[Outcome]) -> None:
    if not call.done() and task.exception() is None:
        call.set_result(task.result())


class ActionServer:
    """Dispatch, beside any number of others."""

    def __init__(
        self,
        process: Process,
        database: SteppedDatabase,
        clock: FakeClock,
        deployment: Deployment,
        rasa: Callable[[], RasaServer | None],
        lease: Any,
    ) -> None:
        self.process = process
        self.speaker = Speaker(process, rasa)
        self._round: asyncio.Task[Any] | None = None
        stepped: Any = database
        self._dispatcher = Dispatcher(
            stepped, clock, deployment, self.speaker, owner=process.name, lease=lease
        )

    def dispatch(self) -> None:
        """Begin one round, unless one is under way."""
        if self._round is None or self._round.done():
            self._round = self.process.run(tried(self.process, self._dispatcher.dispatch_due))

    def look(self) -> None:
        """Look for people who are owed a follow-up and have no plan."""
        self.process.run(tried(self.process, self._dispatcher.catch_up))
        self.process.stage.settle()


async def tried(process: Process, step: Callable[[], Awaitable[object]]) -> None:
    """Run what the real processes run in a loop, and try again when the database is back."""
    try:
        await step()
    except StoreUnavailable:
        pass  # the real loop logs it and goes on
    except Exception as error:  # noqa: BLE001 - the real loop would hide it
        process.stage.failures.append(repr(error))
