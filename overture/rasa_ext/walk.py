"""The states a talk went through, kept from turn to turn; each policy asks for all of them.

Rasa replays a whole session for each question: five times a turn with rules and stories.
Here only events that are new since the last question are gone through, and where the oldest
events have left, a walk begins at the place and with the states they had led to.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import PREVIOUS_ACTION, RULE_ONLY_LOOPS, RULE_ONLY_SLOTS
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

#: How many states from before its beginning a walk still knows. Policies that skip turns of
#: rules look back upon that many of stories, however long ago; those that skip none get the
#: newest turns anyway.
_KNOWN = {True: 20, False: 2}


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Hold where a walk begins."""

    at: DialogueStateTracker
    states: tuple[State, ...] = ()
    last_ml: Any = None
    hidden: bool = False
    #: Events that stand in for those before, and the first one after them.
    lead: tuple[Event, ...] = ()


class Walk:
    """Go through the events of one tracker as ``Domain.states_for_tracker_history`` does."""

    def __init__(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        omit_unset_slots: bool,
        ignore_rule_only_turns: bool,
        rule_only_data: Mapping[str, Any] | None,
    ) -> None:
        self._domain = domain
        self._omit = omit_unset_slots
        self._ignore = ignore_rule_only_turns
        self._rule_only = rule_only_data
        self._origin = _Place(at=tracker.init_copy())
        self._start = self._origin
        self.cool()

    def cool(self) -> None:
        """Let go of what can be gone through again."""
        self._at: DialogueStateTracker | None = None
        self._gone: list[Event] = []
        self._states: list[State] = []
        #: After each event: how many states there were, the last action that counts, hidden.
        self._marks: list[tuple[int, Any, bool]] = []

    def states(self, applied: Sequence[Event]) -> list[State]:
        """Go on to the end and return the state before each action, and the present one.

        Args:
            applied: ``applied_events()`` of the tracker.
        """
        self._go(applied)
        present, _, _ = self._seen(hide=False)
        return _copies(self._states if present is None else [*self._states, present])

    def begin_at(
        self, count: int, applied: Sequence[Event], at: DialogueStateTracker, lead: Sequence[Event]
    ) -> None:
        """Begin later from now on.

        Args:
            count: how many of the events have left.
            applied: all of them.
            at: the tracker as those that have left had made it.
            lead: events that stand in for them.
        """
        self._go(applied)
        known, last_ml, hidden = self._marks[count]
        self._start = _Place(
            at=at,
            states=tuple(self._states[:known][-_KNOWN[self._ignore] :]),
            last_ml=last_ml,
            hidden=hidden,
            lead=(*lead, applied[count]),
        )
        self.cool()

    def _go(self, applied: Sequence[Event]) -> None:
        if self._at is None or not _begins(applied, self._gone):
            self._begin(applied)
        assert self._at is not None
        for event in applied[len(self._gone) :]:
            if isinstance(event, ActionExecuted):
                state, last_ml, hidden = self._seen(hide=event.hide_rule_turn)
                if state is not None:
                    self._states.append(state)
                self._marks.append((len(self._states), last_ml, hidden))
            else:
                self._marks.append(self._marks[-1])
            self._at.update(event)
            self._gone.append(event)

    def _begin(self, applied: Sequence[Event]) -> None:
        """Go back to where the walk begins; to the very beginning if that place is gone."""
        place = self._start if _begins(applied, self._start.lead) else self._origin
        self._at = stand_in(place.at)
        self._gone, self._states = list(place.lead[:-1]), list(place.states)
        mark = (len(self._states), place.last_ml, place.hidden)
        self._marks = [mark] * (len(self._gone) + 1)

    def _seen(self, *, hide: bool) -> tuple[State | None, Any, bool]:
        """Return the state here, None in a hidden turn, with what a mark says besides."""
        at, (_, last_ml, hidden) = self._at, self._marks[-1]
        assert at is not None
        if self._ignore:
            if not hidden:
                last_ml = self._domain._get_prev_action_sub_state(at)
            if not at.followup_action and at.latest_action_name != at.active_loop_name:
                hidden = hide
            if hidden:
                return None, last_ml, hidden
        state = self._domain.get_active_state(at, omit_unset_slots=self._omit)
        if self._ignore:
            self._domain._remove_rule_only_features(state, self._rule_only)
            if self._states:
                self._domain._substitute_rule_only_user_input(state, self._states[-1])
            if last_ml:
                state[PREVIOUS_ACTION] = last_ml
        return self._domain._clean_state(state), last_ml, hidden


def kind_of(
    domain: Domain, omit: bool, ignore: bool, rule_only: Mapping[str, Any] | None
) -> tuple[object, ...]:
    """Return what tells one kind of walk from another."""
    lists = ((rule_only or {}).get(name) or () for name in (RULE_ONLY_SLOTS, RULE_ONLY_LOOPS))
    return (id(domain), omit, ignore, *map(tuple, lists))


def stand_in(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return a tracker in the same state, without the events that led to it."""
    made = tracker.init_copy()
    put_on(tracker, made)
    made.events = deque(maxlen=1)
    return made


def put_on(tracker: DialogueStateTracker, other: DialogueStateTracker) -> None:
    """Give another tracker the state of this one."""
    other.slots = {name: copy.copy(slot) for name, slot in tracker.slots.items()}
    other._paused = tracker._paused
    other.followup_action = tracker.followup_action
    other.latest_action = tracker.latest_action
    other.latest_message = tracker.latest_message
    other.latest_bot_utterance = tracker.latest_bot_utterance
    other.active_loop = copy.copy(tracker.active_loop)


def _begins(events: Sequence[Event], first: Sequence[Event]) -> bool:
    return len(first) <= len(events) and all(
        one is other for one, other in zip(first, events, strict=False)
    )


def _copies(states: Sequence[State]) -> list[State]:
    """Return states that the caller may change; what two of them share stays shared."""
    made: dict[int, Any] = {}

    def copied(part: Any) -> Any:
        if not isinstance(part, dict):
            return part
        if id(part) not in made:
            made[id(part)] = dict(part)
        return made[id(part)]

    return [{name: copied(part) for name, part in state.items()} for state in states]
