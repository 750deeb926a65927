"""Accept what a webhook brought: stored in one transaction, then handed to the turns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.engine import Connection

from overture.accounts import ChannelConfig
from overture.clock import Clock
from overture.delivery.turns import Turns, Worker
from overture.meta.events import AccountNotice, Event, Parsed
from overture.services import acceptance, signals
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.records import Inbound
from overture.store.sql import SqlLedger


class _Delivery(NamedTuple):
    """Hold what one webhook brought for accounts of ours."""

    messages: Sequence[Inbound]
    told: Sequence[Event]


class Intake:
    """Store webhooks; those that wait at the same time share a transaction."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        deployment: Deployment,
        turns: Turns,
        worker: Worker,
    ) -> None:
        self._database = database
        self._clock = clock
        self._deployment = deployment
        self._turns = turns
        self._worker = worker

    async def accept(self, config: ChannelConfig, parsed: Parsed) -> int:
        """Store everything of a body for accounts of ours; return how many messages.

        When this returns, nothing of the body can be lost any more.

        Raises:
            StoreUnavailable: nothing was stored; the platform should deliver again.
        """
        ours = config.accounts
        messages = acceptance.messages_of(parsed, self._clock.now(), ours)
        told: Sequence[Event] = ()
        if parsed.statuses or parsed.events:
            told = [*_concerning(ours, (*parsed.statuses, *parsed.events))]
        if messages or told:
            # Also if the platform hangs up meanwhile: what is stored has its turn.
            delivery = _Delivery(messages, told)
            await self._database.write_bulk(self._store, delivery, then=self._go_on)
        return len(messages)

    def _go_on(self, stored: acceptance.Stored | None) -> None:
        if stored is None:
            return
        for moved in stored.moved:
            self._turns.moved(moved)
        for conversation_id in stored.unsaid:
            self._turns.drop_history(conversation_id)
        for contact_id in dict.fromkeys(one.contact_id for one in stored.messages):
            self._turns.wake(contact_id)

    def _store(
        self, connection: Connection, deliveries: Sequence[_Delivery]
    ) -> Sequence[acceptance.Stored | None]:
        """Store all messages in one statement; what there is to do is told with the first."""
        ledger, now = SqlLedger(connection), self._clock.now()
        stored = acceptance.store(
            ledger,
            [message for one in deliveries for message in one.messages],
            now,
            self._deployment,
            owner=self._worker.owner,
            lease_until=self._worker.until(),
        )
        told = [event for one in deliveries for event in one.told]
        changes = signals.apply(ledger, told, now, self._deployment)
        moved = (*stored.moved, *changes.moved)
        stored = replace(stored, moved=moved, unsaid=tuple(changes.unsaid))
        return [stored, *[None] * (len(deliveries) - 1)]


def _concerning(ours: Collection[str], told: Iterable[Event]) -> Iterator[Event]:
    """Yield what is about accounts of ours; news of their common owner is about each."""
    for event in told:
        if event.account_id in ours:
            yield event
        elif isinstance(event, AccountNotice) and event.account_id.strip("0"):
            yield from (replace(event, account_id=one) for one in ours)
