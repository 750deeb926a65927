"""A tracker that lives from turn to turn and holds the newest turns alone.

Rasa replays every event of a session several times a turn: to copy the tracker for each
action, to find what was reverted, to tell each policy what went before. Here a copy is a
copy, and events that nothing looks back at leave the tracker. They stay in the database.
"""

from __future__ import annotations

import operator
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    BotUttered,
    ConversationPaused,
    Event,
    FollowupAction,
    ReminderScheduled,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from overture.rasa_ext.slim import NEWEST
from overture.rasa_ext.transcript import LOOK_BACK
from overture.rasa_ext.walk import Walk, kind_of, put_on

#: As many of the newest events stay as an action may get to see: about ten turns.
KEEP = NEWEST
#: Only a tracker with more than this is cut, so that not every turn has to.
FULL = KEEP + KEEP // 2
#: A reminder that was due so many seconds ago has run.
_RUN = 60.0
#: Events after which what a fresh replay would do next is not told by the last one alone.
_RETURNS = (ActionReverted, UserUtteranceReverted, Restarted, SessionStarted)


class LiveTracker(DialogueStateTracker):
    """Be a tracker that is cheap to keep and to copy."""

    events: deque[Event]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: How many of its events are in the database.
        self.written = 0
        #: The number of its last event there.
        self.last = 0
        #: What a voice looks back at of the events of the session that have left.
        self.left: deque[dict[str, Any]] = deque(maxlen=LOOK_BACK + 1)
        #: How many events at the beginning stand in for those that have left.
        self.stand_ins = 0
        self._applied: tuple[int, Event | None, list[Event]] = (0, None, [])
        self._walks: dict[tuple[object, ...], Walk] = {}

    @classmethod
    def of(cls, tracker: DialogueStateTracker) -> LiveTracker:
        """Return the last session of a tracker as a live one."""
        made = cls(tracker.sender_id, tracker.slots.values())
        for event in _last_session(tracker.events):
            made.update(event)
        made.model_id, made.assistant_id = tracker.model_id, tracker.assistant_id
        return made

    @property
    def is_short(self) -> bool:
        """Say whether so much was taken back that what has left is needed again."""
        return bool(self.stand_ins or self.left) and len(self.applied_events()) < KEEP // 4

    def cool(self) -> None:
        """Let go of what is quickly made again."""
        self._applied = (0, None, [])
        for walk in self._walks.values():
            walk.cool()

    def copy(self) -> DialogueStateTracker:
        """Return a tracker with the same state, as a replay of the events would make it."""
        twin = LiveTracker(
            self.sender_id,
            self.slots.values(),
            self._max_event_history,
            is_rule_tracker=self.is_rule_tracker,
        )
        twin.left, twin.stand_ins = self.left, self.stand_ins
        known, followup = _followup(self.events)
        if not known:
            for event in self.events:
                twin.update(event)
            return twin
        put_on(self, twin)
        twin.followup_action = followup
        twin.events = self.events.copy()
        return twin

    def applied_events(self) -> list[Event]:
        """Return the events that were not taken back; worked out once for each new event."""
        count, last, applied = self._applied
        newest = self.events[-1] if self.events else None
        if count != len(self.events) or last is not newest:
            applied = super().applied_events()
            self._applied = (len(self.events), newest, applied)
        return list(applied)

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: Mapping[str, Any] | None = None,
    ) -> list[State]:
        """Return the states the talk went through, as ``DialogueStateTracker`` does."""
        asked = (domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
        kind = kind_of(*asked)
        if kind not in self._walks:
            self._walks[kind] = Walk(self, *asked)
        return self._walks[kind].states(self.applied_events())

    def trim(self) -> None:
        """Let go of events that no policy, action or voice looks back at.

        What they made of the tracker is kept by events that stand in for them, as Rasa itself
        begins a new session: slots and a pause. Nothing leaves before a policy has asked, while
        a form is open, or where what was taken back reaches so far.
        """
        if len(self.events) <= FULL or not self._walks:
            return
        events = list(self.events)
        at = _cut(events)
        head, tail = events[:at], events[at:]
        before = DialogueStateTracker.from_events(self.sender_id, head, self.slots.values())
        if at <= self.stand_ins or before.active_loop is not None:
            return
        leads = list(_stand_ins(before, head))
        short = DialogueStateTracker.from_events(
            self.sender_id, [*leads, *tail], self.slots.values()
        )
        applied, gone = self.applied_events(), before.applied_events()
        kept = _but(short, leads)
        if not kept or not _are(applied, [*gone, *kept]):
            return
        before.events.clear()
        for walk in self._walks.values():
            walk.begin_at(len(gone), applied, before, leads)
        self.left.extend(brief(event) for event in head[self.stand_ins :])
        self.written -= len(events) - len(short.events)
        self.stand_ins, self.events = len(leads), short.events
        self.cool()


def brief(event: Event) -> dict[str, Any]:
    """Return what a transcript reads of an event, cheaper than Rasa's own form."""
    if isinstance(event, BotUttered):
        return {"event": "bot", "metadata": event.metadata}
    if isinstance(event, UserUttered):
        return {"event": "user", "parse_data": {"intent": event.intent}}
    if isinstance(event, SlotSet):
        return {"event": "slot", "name": event.key, "value": event.value}
    return {"event": event.type_name}


def heard(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """Return the newest events of a session as a transcript reads them, the oldest first.

    One more than a transcript looks back upon tells it that there were others.
    """
    left: Sequence[dict[str, Any]] = ()
    events: Sequence[Event] = list(tracker.events)
    if isinstance(tracker, LiveTracker):
        left, events = list(tracker.left), events[tracker.stand_ins :]
    kept = events[-LOOK_BACK - 1 :]
    missing = LOOK_BACK + 1 - len(kept)
    return [*(left[-missing:] if missing else ()), *map(brief, kept)]


def _last_session(events: Iterable[Event]) -> list[Event]:
    listed = list(events)
    starts = [at for at, event in enumerate(listed) if isinstance(event, SessionStarted)]
    return listed[starts[-1] :] if starts else listed


def _followup(events: Sequence[Event]) -> tuple[bool, str | None]:
    """Return whether the end of the events tells the action to be run next, and that action."""
    for event in reversed(events):
        if isinstance(event, FollowupAction):
            return True, event.action_name
        if isinstance(event, (ActionExecuted, UserUttered)):
            return True, None
        if isinstance(event, _RETURNS):
            return False, None
    return True, ACTION_LISTEN_NAME


def _cut(events: Sequence[Event]) -> int:
    """Return where the newest turns begin, at least ``KEEP`` events from the end."""
    for at in range(len(events) - KEEP, 0, -1):
        if isinstance(events[at], UserUttered):
            before = events[at - 1]
            listens = isinstance(before, ActionExecuted) and before.action_name == "action_listen"
            return at - 1 if listens else at
    return 0


def _stand_ins(before: DialogueStateTracker, head: Sequence[Event]) -> Iterator[Event]:
    """Yield events that make a new tracker what another one is between two turns."""
    at = head[-1].timestamp if head else time.time()
    for slot in before.slots.values():
        if slot.has_been_set:
            yield SlotSet(slot.name, slot.value, timestamp=at)
    if before.is_paused():
        yield ConversationPaused(timestamp=at)
    for event in head:
        if isinstance(event, ReminderScheduled) and _is_due_later(event):
            yield event


def _is_due_later(reminder: ReminderScheduled) -> bool:
    return bool(reminder.trigger_date_time.timestamp() > time.time() - _RUN)


def _but(tracker: DialogueStateTracker, leads: Iterable[Event]) -> list[Event]:
    """Return the events that count, but for those that stand in for others."""
    left_out = {id(event) for event in leads}
    return [event for event in tracker.applied_events() if id(event) not in left_out]


def _are(events: Sequence[Event], others: Sequence[Event]) -> bool:
    return len(events) == len(others) and all(map(operator.is_, events, others))
