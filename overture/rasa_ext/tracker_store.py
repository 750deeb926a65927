"""Rasa's tracker in the ledger's database: live trackers, new events appended.

A tracker stays in memory between the turns of a conversation, so a turn neither reads nor
parses its history, and holds the newest turns alone, so the thousandth costs what the tenth
did. Every new event is written before ``save`` returns.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from overture.bootstrap import runtime
from overture.rasa_ext import running, slim
from overture.rasa_ext.live import LiveTracker
from overture.rasa_ext.speaker import SLOT, switched
from overture.store.sql import SqlLedger

#: How many conversations stay in memory. A short one takes about 80 kB, loading it milliseconds.
_LIVE = 256
#: How many of them, the newest, keep what is quickly made again as well.
_WARM = 64

#: Intents of Rasa's own commands, such as ``/restart`` in the shell.
_RASA_INTENTS = {"restart", "session_start", "back"}


class OvertureTrackerStore(TrackerStore):
    """Keep conversations in ``OVERTURE_DATABASE_URL``."""

    def __init__(
        self, domain: Domain | None, event_broker: EventBroker | None = None, **_: Any
    ) -> None:
        super().__init__(domain, event_broker)
        slim.install()
        running.install()
        self._runtime = runtime()
        self._runtime.trackers = self
        self._runtime.warm_up()
        #: The trackers of conversations, the one that was last in use at the end.
        self._live: OrderedDict[str, LiveTracker] = OrderedDict()
        self._warm: OrderedDict[str, LiveTracker] = OrderedDict()

    @property
    def domain(self) -> Domain:
        """Return the domain of the model in use."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._live.clear()  # their slots were another model's
        self._warm.clear()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that are new since the tracker was loaded or saved last."""
        sender_id = tracker.sender_id
        live = self._live.get(sender_id)
        known = tracker.written if isinstance(tracker, LiveTracker) else None
        dropped = known is not None and live is not tracker  # while the turn was under way

        def append(connection: Connection) -> tuple[list[Event], int]:
            history = SqlLedger(connection).tracker
            written = history.count(sender_id) if known is None else known
            new = list(islice(tracker.events, written, None))
            return new, history.append(sender_id, [event.as_dict() for event in new])

        if not tracker.events:
            return  # Rasa saves a new tracker before anything is said
        new, last = await self._runtime.database.write(append)
        if not dropped:
            self._keep(_living(tracker, new), last)
        self._publish(sender_id, new)
        await self._count(tracker, new)

    def _keep(self, tracker: LiveTracker, last: int) -> None:
        tracker.written, tracker.last = len(tracker.events), last
        tracker.trim()
        if tracker.is_short:
            self.drop(tracker.sender_id)  # the next turn loads what has left
            return
        for kept, most in ((self._live, _LIVE), (self._warm, _WARM)):
            kept[tracker.sender_id] = tracker
            kept.move_to_end(tracker.sender_id)
            if len(kept) > most:
                kept.popitem(last=False)[1].cool()

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
            return live
        self.drop(sender_id)
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
        if not session_only:
            return DialogueStateTracker.from_dict(sender_id, rows, self.domain.slots)
        live: LiveTracker = LiveTracker.from_dict(sender_id, rows, self.domain.slots)
        self._keep(live, last)
        return live

    async def keys(self) -> Iterable[str]:
        """Return the conversations that have a history."""
        return await self._runtime.database.read(
            lambda connection: SqlLedger(connection).tracker.senders()
        )

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        self.drop(sender_id)
        await self._runtime.database.write(
            lambda connection: SqlLedger(connection).tracker.delete(sender_id)
        )

    def drop(self, sender_id: str) -> None:
        """Forget what is held in memory of a conversation; its rows stay as they are."""
        self._live.pop(sender_id, None)
        self._warm.pop(sender_id, None)

    async def rewind(self, sender_id: str, message_id: str) -> None:
        """Take back a turn that was cut off, so that it can run again."""
        self.drop(sender_id)
        await self._runtime.database.write(
            lambda connection: SqlLedger(connection).tracker.rewind(sender_id, message_id)
        )


def _living(tracker: DialogueStateTracker, new: Iterable[Event]) -> LiveTracker:
    """Return a tracker as one to keep: that of its last session alone."""
    if isinstance(tracker, LiveTracker) and not any(isinstance(e, SessionStarted) for e in new):
        return tracker
    return LiveTracker.of(tracker)


def _of_rasa(event: UserUttered) -> bool:
    """Return whether a message is a trigger from outside or a command to Rasa itself."""
    return bool(event.text.startswith("EXTERNAL: ")) or event.intent_name in _RASA_INTENTS
