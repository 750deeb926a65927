"""Give every message from a person its turn: in order for each person, answered once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from overture.clock import Clock
from overture.delivery.places import Places
from overture.delivery.rendering import outbound_rows
from overture.delivery.sender import Sender
from overture.delivery.wording import rasa_text
from overture.errors import ActionFailed, StoreUnavailable, TurnError
from overture.identity import Contact
from overture.services import consent, early, signals
from overture.services.alerting import needs_human
from overture.services.deployment import Deployment
from overture.services.intake import Observation, log_wish_for_human, observe
from overture.services.moving import Moved, move
from overture.services.remembering import remember
from overture.store.database import Database
from overture.store.records import Inbound
from overture.store.sql import SqlLedger
from overture.workers import is_gone

logger = logging.getLogger(__name__)

#: What the dialogue said in a turn, each as Rasa's output channel gets it.
Said = Sequence[dict[str, Any]]
#: Runs one turn: (message as counted, text for Rasa, whether it may have run before).
RunTurn = Callable[[Inbound, str, bool], Awaitable[Said]]

#: How often a turn may fail by itself before it is given up.
_FAILURES = 3
#: Seconds between two tries: the first, growing to the last.
_BACKOFF = 0.5
_LONGEST_WAIT = 10.0
#: Seconds between two looks at a message that another server works on.
_LOOK = 0.25


def _nothing_to_drop(conversation_id: str) -> None:
    """Stand in while there is no live history."""


def _no_words(message: Inbound) -> str | None:
    """Stand in while there are no personas."""
    return None


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Name this process in leases, which run by the machine's time even in a demo."""

    owner: str
    lease: timedelta
    clock: Clock

    def until(self) -> datetime:
        """Return when a lease taken now runs out."""
        return self.clock.now() + self.lease


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """Hold what a turn ended with."""

    said: Said = ()
    #: Whether it failed as often as it may.
    given_up: bool = False


class Turns:
    """Drain the inbox, one task for each person who has something waiting."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        deployment: Deployment,
        sender: Sender,
        worker: Worker,
    ) -> None:
        self._database = database
        self._clock = clock
        self._deployment = deployment
        self._sender = sender
        self._worker = worker
        self._places = Places()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        #: How often in a row a person's task has ended with an error.
        self._failures: dict[str, int] = {}
        #: Tasks under former ids of a person, which come first.
        self._before: dict[str, list[asyncio.Task[None]]] = {}
        #: Set by each connector for its channel before it wakes anybody.
        self.run_turn: dict[str, RunTurn] = {}
        #: Makes this process forget the live history of a conversation.
        self.drop_history: Callable[[str], None] = _nothing_to_drop
        #: Says in the persona's voice that a message cannot be answered.
        self.apologise: Callable[[Inbound], str | None] = _no_words

    def wake(self, contact_id: str) -> None:
        """See to it that a person's waiting messages get their turn."""
        if contact_id in self._tasks:
            self._again.add(contact_id)
            return
        if contact_id.partition(":")[0] not in self.run_turn:
            return  # its connector has not begun: left to be taken over
        task = asyncio.get_running_loop().create_task(self._drain(Contact.parse(contact_id)))
        self._tasks[contact_id] = task
        task.add_done_callback(lambda done: self._finished(contact_id, done))

    def moved(self, moved: Moved) -> None:
        """Go on with a person under another id, once a turn under the former one is over."""
        task = self._tasks.get(moved.old)
        if task is not None:
            self._before.setdefault(moved.new, []).append(task)
        self._drop_histories(moved)
        self.wake(moved.new)

    def _drop_histories(self, moved: Moved) -> None:
        for pair in moved.conversations:
            for conversation_id in pair:
                self.drop_history(conversation_id)

    def _finished(self, contact_id: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(contact_id, None)
        if task.cancelled():
            return
        if task.exception() is not None:
            logger.error("inbox.failed error=%s", type(task.exception()).__name__)
            self._again.discard(contact_id)
            failures = self._failures.get(contact_id, 0)
            self._failures[contact_id] = failures + 1
            wait = min(_LONGEST_WAIT, _BACKOFF * 2**failures)
            task.get_loop().call_later(wait, self.wake, contact_id)
        elif contact_id in self._again:
            self._again.discard(contact_id)
            self.wake(contact_id)

    async def _drain(self, person: Contact) -> None:
        run_turn = self.run_turn.get(person.channel)
        if run_turn is None:
            return
        for earlier in self._before.pop(str(person), ()):
            await asyncio.wait([earlier])
        while message := await self._next(person):
            if message.lease_owner == self._worker.owner:
                async with self._places.one():
                    await self._turn(message, run_turn)
            else:  # another server works on an earlier message of this person
                await asyncio.sleep(_LOOK)
        self._failures.pop(str(person), None)

    async def _next(self, person: Contact) -> Inbound | None:
        return await self._database.read(
            lambda connection: SqlLedger(connection).inbox.next(
                person.channel, person.account_id, person.user_id
            )
        )

    async def _turn(self, message: Inbound, run_turn: RunTurn) -> None:
        before = message.observed_at is not None
        found = await self._database.write(
            lambda connection: self._observe(SqlLedger(connection), message)
        )
        if found is None:
            return  # under another id by now, or erased
        observed, silent = found
        if observed.new and "asks_human" in observed.labels and not silent:
            log_wish_for_human(observed.conversation_id)
        text = None if silent else rasa_text(observed.message)
        answer = _Answer()
        if text is not None:
            answer = await self._run(observed.message, text, run_turn, before)
        now = await self._database.write(
            lambda connection: self._complete(SqlLedger(connection), observed.message, answer)
        )
        if (
            now is None
            or now.text != observed.message.text
            or now.conversation_id != observed.conversation_id
        ):
            self.drop_history(observed.conversation_id)
        if now is not None and answer.said:
            self._sender.wake(str(now.contact))

    def _observe(self, ledger: SqlLedger, message: Inbound) -> tuple[Observation, bool] | None:
        now, current = self._clock.now(), ledger.inbox.get(message.id)
        if current is None or current.contact != message.contact:
            return None
        if current.observed_at is None:
            current = early.caught_up(ledger, current)
        observed = observe(ledger, current, now, self._deployment)
        return observed, consent.taken_over(ledger, observed.conversation_id, now)

    async def _run(self, message: Inbound, text: str, run_turn: RunTurn, before: bool) -> _Answer:
        """Run a turn, again after a failure; give up in the end so that others go on.

        Nobody is left in silence: who gets nothing else gets an apology.
        """
        failures = 0
        said: Said = ()
        for attempt in count():
            try:
                return _Answer(said=await run_turn(message, text, before or attempt > 0))
            except (TurnError, StoreUnavailable) as error:  # the message waits for what is down
                logger.warning("turn.waiting id=%d because=%s", message.id, error)
            except Exception as error:  # noqa: BLE001 - whatever it is, others must go on
                failures += 1
                said = error.said if isinstance(error, ActionFailed) else ()
                logger.warning(
                    "turn.failed id=%d times=%d error=%s",
                    message.id,
                    failures,
                    type(error).__name__,
                )
                if failures == _FAILURES:
                    break
            await asyncio.sleep(min(_LONGEST_WAIT, _BACKOFF * 2**attempt))
        logger.error("turn.given_up id=%d", message.id)
        words = None if said else self.apologise(message)
        return _Answer(said=[{"text": words}] if words else said, given_up=True)

    def _complete(self, ledger: SqlLedger, message: Inbound, answer: _Answer) -> Inbound | None:
        """End a turn and store its answer, in one transaction; a second end changes nothing.

        Returns:
            The message as it is now: its person may have got another id during the turn, or
            have been erased (None).
        """
        now, current = self._clock.now(), ledger.inbox.get(message.id)
        if current is None or current.conversation_id != message.conversation_id:
            self._clear_up(ledger, message, current, now)
        if current is None:
            return None
        if current.text != message.text and current.conversation_id:
            signals.forget_words(ledger, current)  # those that the turn has kept
            remember(ledger, current, now, self._deployment)
        if not ledger.inbox.finish(current.id, now):
            return current
        if answer.given_up and current.conversation_id:
            needs_human(ledger, current.conversation_id, "given_up", now, self._deployment)
        if answer.said:
            rows = outbound_rows(current, answer.said, now)
            ledger.outbox.add(rows, self._worker.owner, self._worker.until())
        return current

    def _clear_up(
        self, ledger: SqlLedger, message: Inbound, current: Inbound | None, now: datetime
    ) -> None:
        """Carry along, or remove, what a turn has left under an id that is not used any more."""
        assert message.conversation_id is not None
        if current is None or current.conversation_id is None:
            ledger.tracker.delete(message.conversation_id)
            ledger.memory.delete(message.conversation_id)
            return
        if current.contact != message.contact:
            move(ledger, str(message.contact), str(current.contact), now, self._deployment)
        ledger.moving.history(message.conversation_id, current.conversation_id)

    async def take_over(self) -> int:
        """Take up what other processes have left, and what this one left before a restart."""
        people, recipients = await self._database.write(self._abandoned)
        for contact_id in people:
            self.wake(contact_id)
        for contact_id in recipients:
            self._sender.wake(contact_id)
        if people or recipients:
            logger.info("inbox.taken_over people=%d recipients=%d", len(people), len(recipients))
        return len(people) + len(recipients)

    def _abandoned(self, connection: Any) -> tuple[list[str], list[str]]:
        ledger, now, worker = SqlLedger(connection), self._worker.clock.now(), self._worker
        gone = [one for one in ledger.inbox.owners() | ledger.outbox.owners() if is_gone(one)]
        if gone:
            ledger.inbox.release(gone, now)
            ledger.outbox.release(gone, now)
        people = ledger.inbox.abandoned(worker.owner, now, worker.until())
        return people, ledger.outbox.abandoned(worker.owner, now, worker.until())

    async def renew(self) -> None:
        """Keep what this process is working on from being taken over."""
        if not self._tasks:
            return
        until = self._worker.until()

        def keep(connection: Any) -> None:
            ledger = SqlLedger(connection)
            ledger.inbox.renew(self._worker.owner, until)
            ledger.outbox.renew(self._worker.owner, until)

        await self._database.write(keep)
