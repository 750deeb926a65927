"""Send what is in the outbox: in order for each person, each message at most once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from overture.clock import Clock
from overture.delivery.graph import Accepted, Ambiguous, Answer, Rejected
from overture.delivery.names import Nameless, Naming
from overture.delivery.pace import Lane, Lanes, Sleep
from overture.delivery.rendering import addressed
from overture.errors import StoreUnavailable
from overture.services import deliveries
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.records import Outbound
from overture.store.sql import SqlLedger

logger = logging.getLogger(__name__)

#: Seconds between two looks at a message of the same person that is on its way elsewhere.
_LOOK = 0.25
#: How long such a message keeps later ones waiting.
_LONGEST = timedelta(seconds=60)
#: Seconds before the account of a held lane is looked at again in the ledger.
_PAUSE_LOOK = timedelta(seconds=15)
#: Seconds after which a person's task that ended with an error is started again.
_AFTER_FAILURE = 2.0
#: Seconds between two tries to note what became of a message.
_NOTE_AGAIN = 1.0


class Graph(Protocol):
    """Take messages for people."""

    async def send(self, channel: str, account_id: str, body: Mapping[str, Any]) -> Answer:
        """Post one body to an account's messages; never raises."""


@dataclass(frozen=True, kw_only=True)
class _Paused:
    """Say that the account of a message may not send now."""

    until: datetime


class Sender:
    """Drain the outbox, one task for each person who has something waiting."""

    def __init__(
        self,
        database: Database,
        graph: Graph,
        clock: Clock,
        deployment: Deployment,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._database = database
        self._graph = graph
        self._clock = clock
        self._deployment = deployment
        self._sleep = sleep
        self._lanes = Lanes(clock, sleep)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        #: Knows under which names accounts speak.
        self.names: Naming = Nameless()

    def wake(self, contact_id: str) -> None:
        """See to it that a person's waiting messages go out."""
        if contact_id in self._tasks:
            self._again.add(contact_id)
            return
        task = asyncio.get_running_loop().create_task(self._drain(contact_id))
        self._tasks[contact_id] = task
        task.add_done_callback(lambda done: self._finished(contact_id, done))

    def _finished(self, contact_id: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(contact_id, None)
        if task.cancelled():
            return
        if task.exception() is not None:
            logger.error("outbox.failed error=%s", type(task.exception()).__name__)
            self._again.discard(contact_id)
            task.get_loop().call_later(_AFTER_FAILURE, self.wake, contact_id)
        elif contact_id in self._again:
            self._again.discard(contact_id)
            self.wake(contact_id)

    async def _drain(self, contact_id: str) -> None:
        passed: set[int] = set()
        while waiting := [one for one in await self._waiting(contact_id) if one.id not in passed]:
            if waiting[0].state == "sending":  # a follow-up, or another process's: it comes first
                passed.add(await self._pass(waiting[0]))
                continue
            for message in waiting:
                if not await self._send(message):
                    break

    async def _waiting(self, contact_id: str) -> list[Outbound]:
        return await self._database.read(
            lambda connection: SqlLedger(connection).outbox.pending(contact_id)
        )

    async def _pass(self, message: Outbound) -> int:
        """Wait for a message that somebody else is sending, but not for ever."""
        end = self._clock.now() + _LONGEST
        while self._clock.now() < end:
            await self._sleep(_LOOK)
            current = await self._database.read(
                lambda connection: SqlLedger(connection).outbox.get(message.id)
            )
            if current is None or current.state != "sending":
                break
        return message.id if self._clock.now() >= end else 0

    async def _send(self, message: Outbound) -> bool:
        """Send a message when its time has come; False if those after it have to wait."""
        lane = self._lanes.of(message.contact_id)
        if message.next_attempt_at is not None:
            await lane.nap((message.next_attempt_at - self._clock.now()).total_seconds())
        await lane.ready(message.contact_id, message.request)
        async with lane.turn():
            begun = await self._database.write(
                lambda connection: self._begin(SqlLedger(connection), message)
            )
            if isinstance(begun, _Paused):
                lane.hold(min(begun.until, self._clock.now() + _PAUSE_LOOK))
                return False
            if begun is None:
                return False
            return await self.deliver(begun) is None

    def _begin(self, ledger: SqlLedger, message: Outbound) -> Outbound | _Paused | None:
        """Mark a message as being sent, unless its account is paused or it may not go."""
        now = self._clock.now()
        channel, account_id, _ = message.contact_id.split(":")
        until = ledger.account_paused_until(channel, account_id)
        if until is not None and until > now:
            return _Paused(until=until)
        if message.kind == "follow_up":
            may_go = deliveries.may_repeat(ledger, message, now, self._deployment)
        elif message.kind == "person":
            may_go = deliveries.may_say(ledger, message, now)
        else:
            may_go = deliveries.may_answer(ledger, message)
        if not may_go:
            return None
        return ledger.outbox.begin(message.id)

    def is_held(self, contact_id: str) -> bool:
        """Return whether a person's account has been refused and not taken anything since."""
        return self._lanes.of(contact_id).is_held()

    async def ready(self, contact_id: str, request: Mapping[str, Any]) -> None:
        """Wait until the pace lets one more message out; for what does not wait in the outbox."""
        await self._lanes.of(contact_id).ready(contact_id, request)

    async def deliver(self, message: Outbound) -> datetime | None:
        """Post a message that is marked as being sent, and note the answer.

        Returns:
            When it is to be tried again; None if not.
        """
        channel, account_id, _ = message.contact_id.split(":")
        body = self.names.named(message, addressed(message))
        posted_at = self._clock.now()
        answer = await self._graph.send(channel, account_id, body)
        if self.names.refused(message, body, answer):
            posted_at = self._clock.now()
            answer = await self._graph.send(channel, account_id, addressed(message))
        self._heed(self._lanes.of(message.contact_id), answer)
        again = await self._note(message, answer, posted_at)
        logger.info(
            "outbound.%s id=%d channel=%s account=%s",
            type(answer).__name__.lower(),
            message.id,
            channel,
            account_id,
        )
        return again

    def _heed(self, lane: Lane, answer: Answer) -> None:
        """Let an account go on, more slowly, or not at all for now."""
        now = self._clock.now()
        if isinstance(answer, Accepted):
            lane.taken(answer.used)
            if answer.wait:
                lane.hold(now + timedelta(seconds=answer.wait))
        elif isinstance(answer, Rejected) and deliveries.holds_account(answer.failure):
            failure = answer.failure
            seconds = failure.named or min(failure.retry_after or 0.0, 30.0)
            lane.hold(now + timedelta(seconds=seconds))

    async def _note(
        self, message: Outbound, answer: Answer, posted_at: datetime
    ) -> datetime | None:
        """Store what became of a message, however long the database is away."""
        while True:
            try:
                return await self._database.write(
                    lambda connection: self._note_once(
                        SqlLedger(connection), message, answer, posted_at
                    )
                )
            except StoreUnavailable:
                await self._sleep(_NOTE_AGAIN)

    def _note_once(
        self, ledger: SqlLedger, message: Outbound, answer: Answer, posted_at: datetime
    ) -> datetime | None:
        now, current = self._clock.now(), ledger.outbox.get(message.id)
        if current is None:
            return None  # its person was erased meanwhile
        message = replace(current, attempts=message.attempts)
        if isinstance(answer, Accepted):
            deliveries.accepted(ledger, message, answer.message_id, posted_at)
        elif isinstance(answer, Ambiguous):
            deliveries.unknown(ledger, message, answer.because)
        else:
            return deliveries.rejected(
                ledger, message, answer.failure, now, self._deployment, posted_at=posted_at
            )
        return None

    async def idle(self, timeout: timedelta) -> None:
        """Wait until nothing is being sent."""
        pending = list(self._tasks.values())
        if pending:
            await asyncio.wait(pending, timeout=timeout.total_seconds())
