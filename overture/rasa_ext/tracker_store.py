"""Rasa's tracker in the ledger's database: live trackers, new events appended.

A tracker stays in memory between the turns of a conversation, so a turn neither reads nor
parses its history. Every new event is written before ``save`` returns.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from overture.bootstrap import runtime
from overture.rasa_ext import slim
from overture.rasa_ext.speaker import SLOT, switched
from overture.store.sql import SqlLedger

#: How many conversations stay in memory.
_LIVE = 2000


#: Intents of Rasa's own commands, such as ``/restart`` in the shell.
_RASA_INTENTS = {"restart", "session_start", "back"}


@dataclass(frozen=True, kw_only=True)
class _Live:
    """Hold a tracker between two turns."""

    tracker: DialogueStateTracker
    written: int
    last: int


class OvertureTrackerStore(TrackerStore):
    """Keep conversations in ``OVERTURE_DATABASE_URL``."""

    def __init__(
        self, domain: Domain | None, event_broker: EventBroker | None = None, **_: Any
    ) -> None:
        super().__init__(domain, event_broker)
        slim.install()
        self._runtime = runtime()
        self._runtime.trackers = self
        self._runtime.warm_up()
        #: Conversation to its tracker, how many of its events are written, and the last's number.
        self._live: OrderedDict[str, _Live] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that are new since the tracker was loaded or saved last."""
        sender_id = tracker.sender_id
        live = self._live.get(sender_id)
        known = live.written if live is not None and live.tracker is tracker else None

        def append(connection: Connection) -> tuple[list[Event], int]:
            history = SqlLedger(connection).tracker
            written = history.count(sender_id) if known is None else known
            new = list(islice(tracker.events, written, None))
            return new, history.append(sender_id, [event.as_dict() for event in new])

        new, last = await self._runtime.database.write(append)
        self._keep(_Live(tracker=tracker, written=len(tracker.events), last=last), new)
        self._publish(sender_id, new)
        await self._count(tracker, new)

    def _keep(self, live: _Live, new: Iterable[Event]) -> None:
        sender_id = live.tracker.sender_id
        if any(isinstance(event, SessionStarted) for event in new):
            self._live.pop(sender_id, None)  # the next turn loads the new session alone
            return
        self._live[sender_id] = live
        self._live.move_to_end(sender_id)
        while len(self._live) > _LIVE:
            self._live.popitem(last=False)

    def _publish(self, sender_id: str, new: Iterable[Event]) -> None:
        if self.event_broker is not None:
            for event in new:
                self.event_broker.publish({"sender_id": sender_id, **event.as_dict()})

    async def _count(self, tracker: DialogueStateTracker, new: Iterable[Event]) -> None:
        """Count messages that no connector counted: those of the shell and of REST."""
        speaker = tracker.slots.get(SLOT)
        for event in new:
            if isinstance(event, UserUttered) and event.text and not _of_rasa(event):
                channel = event.input_channel or "cmdline"
                await self._runtime.observe(
                    sender_id=switched(tracker.sender_id, channel, speaker and speaker.value),
                    channel=channel,
                    message_id=event.message_id or f"at-{event.timestamp}",
                    text=event.text,
                )

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker of the last session, from memory if it is there."""
        live = self._live.get(sender_id)
        # Another server may have gone on with it, or somebody may have erased it.
        if live is not None and live.last == await self._last(sender_id):
            return live.tracker
        return await self._load(sender_id, session_only=True)

    async def _last(self, sender_id: str) -> int:
        return await self._runtime.database.read(
            lambda connection: SqlLedger(connection).tracker.last(sender_id)
        )

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return the tracker of all sessions."""
        return await self._load(conversation_id, session_only=False)

    async def _load(self, sender_id: str, *, session_only: bool) -> DialogueStateTracker | None:
        def load(connection: Connection) -> tuple[list[dict[str, Any]], int]:
            history = SqlLedger(connection).tracker
            return history.load(sender_id, session_only=session_only), history.last(sender_id)

        rows, last = await self._runtime.database.read(load)
        if not rows:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, rows, self.domain.slots)
        if session_only:
            self._keep(_Live(tracker=tracker, written=len(tracker.events), last=last), ())
        return tracker

    async def keys(self) -> Iterable[str]:
        """Return the conversations that have a history."""
        return await self._runtime.database.read(
            lambda connection: SqlLedger(connection).tracker.senders()
        )

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        self._live.pop(sender_id, None)
        await self._runtime.database.write(
            lambda connection: SqlLedger(connection).tracker.delete(sender_id)
        )

    def drop(self, sender_id: str) -> None:
        """Forget what is held in memory of a conversation; its rows stay as they are."""
        self._live.pop(sender_id, None)

    async def rewind(self, sender_id: str, message_id: str) -> None:
        """Take back a turn that was cut off, so that it can run again."""
        self._live.pop(sender_id, None)
        await self._runtime.database.write(
            lambda connection: SqlLedger(connection).tracker.rewind(sender_id, message_id)
        )


def _of_rasa(event: UserUttered) -> bool:
    """Return whether a message is a trigger from outside or a command to Rasa itself."""
    return bool(event.text.startswith("EXTERNAL: ")) or event.intent_name in _RASA_INTENTS
