"""A live tracker behaves as Rasa's own does, however much of a talk has left it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    FollowupAction,
    LoopInterrupted,
    ReminderScheduled,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from overture.rasa_ext import slim
from overture.rasa_ext.live import FULL, KEEP, LiveTracker, heard
from overture.rasa_ext.transcript import Transcript

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", "book", "inform", "back", "restart"],
        "entities": ["city"],
        "slots": {
            "met": {"type": "bool", "influence_conversation": False, "mappings": []},
            "city": {"type": "text", "influence_conversation": True, "mappings": []},
            "mood": {
                "type": "categorical",
                "values": ["good", "bad"],
                "initial_value": "good",
                "mappings": [],
            },
        },
        "forms": {"trip_form": {"required_slots": ["city"]}},
        "actions": ["action_a", "action_b"],
        "responses": {"utter_greet": [{"text": "hi"}]},
    }
)
SENDER = "rest:local:u:sol"
LISTEN = "action_listen"
#: A rule without a slot or form of its own, and rules that stories know nothing of.
ASKED = (
    {"omit_unset_slots": False, "ignore_rule_only_turns": False, "rule_only_data": {}},
    {
        "omit_unset_slots": False,
        "ignore_rule_only_turns": True,
        "rule_only_data": {"rule_only_slots": ["mood"], "rule_only_loops": ["trip_form"]},
    },
    {"omit_unset_slots": True, "ignore_rule_only_turns": False, "rule_only_data": None},
)
#: As far back as any policy of a project looks: eight turns of one action each.
DEEP = 16


def said(number: int) -> BotUttered:
    return BotUttered(f"b{number}", metadata={"utter_action": "utter_greet", "line": f"l{number}"})


def wrote(number: int, intent: str = "greet", **more: object) -> UserUttered:
    return UserUttered(f"u{number}", {"name": intent, "confidence": 0.9}, **more)


def acted(name: str, *, hidden: bool = False) -> ActionExecuted:
    return ActionExecuted(name, policy="p", confidence=1.0, hide_rule_turn=hidden)


def answered(number: int, draw_slot: int = 0, *, hidden: bool = False) -> list[Event]:
    slots = {1: [SlotSet("met", True)], 2: [SlotSet("city", f"c{number}")]}
    slots |= {3: [SlotSet("mood", "bad")], 4: [SlotSet("city", None)]}
    begun = [wrote(number), *slots.get(draw_slot, ())]
    return [*begun, acted("action_a", hidden=hidden), said(number), acted(LISTEN, hidden=hidden)]


def form(number: int, kind: int) -> list[Event]:
    opened = [wrote(number, "book"), acted("trip_form"), ActiveLoop("trip_form")]
    opened += [SlotSet("requested_slot", "city"), said(number), acted(LISTEN)]
    refused = [wrote(number, "greet"), ActionExecutionRejected("trip_form")]
    refused += [acted("utter_greet"), said(number), acted("trip_form"), LoopInterrupted(False)]
    refused += [said(number), acted(LISTEN)]
    again = [wrote(number, "inform"), acted("trip_form"), said(number), acted(LISTEN)]
    filled = [wrote(number, "inform"), SlotSet("city", "Rome"), acted("trip_form")]
    filled += [SlotSet("requested_slot", None), ActiveLoop(None), acted("action_b"), acted(LISTEN)]
    return [opened, [*opened, *refused], [*opened, *again], [*opened, *filled], filled][kind]


def turn(number: int, kind: str, way: int) -> list[Event]:
    in_a_week = datetime.now(timezone.utc) + timedelta(days=7)
    return {
        "answer": answered(number, way),
        "rule": answered(number, way, hidden=True),
        "several": [wrote(number), acted("action_a"), acted("action_b"), acted(LISTEN)],
        "next": [
            *(wrote(number), acted("action_a"), FollowupAction("action_b")),
            *(acted("action_b"), said(number), acted(LISTEN)),
        ],
        "back": [
            *(wrote(number, "back"), acted("action_back")),
            *([UserUtteranceReverted()] * (1 + way % 2)),
        ],
        "fallback": [wrote(number), acted("action_a"), said(number), UserUtteranceReverted()],
        "undone": [wrote(number), acted("action_a"), acted("action_b"), ActionReverted()],
        "pause": [wrote(number), acted("action_a"), ConversationPaused()],
        "resume": [ConversationResumed(), *answered(number)],
        "unanswered": [wrote(number)],
        "form": form(number, way),
        "forgotten": [wrote(number), AllSlotsReset(), acted("action_a"), acted(LISTEN)],
        "outside": [UserUttered.create_external("greet"), acted("action_a"), acted(LISTEN)],
        "reminder": [wrote(number), acted("action_a"), ReminderScheduled("greet", in_a_week)],
        "restart": [
            *(wrote(number, "restart"), acted("action_restart"), Restarted()),
            *(acted("action_session_start"), SessionStarted(), acted(LISTEN)),
        ],
    }[kind]


KINDS = st.sampled_from(
    [
        *("answer", "rule", "several", "next", "back", "fallback", "undone", "pause", "resume"),
        *("unanswered", "form", "forgotten", "outside", "reminder", "restart"),
    ]
)
ORDINARY = st.sampled_from(["answer", "rule"])
WAYS = st.integers(0, 4)
#: Talks of everything, and long ones in which now and then something odd happens.
TALKS = st.one_of(
    st.lists(st.tuples(KINDS, WAYS), max_size=60),
    st.lists(
        st.tuples(st.one_of(ORDINARY, ORDINARY, ORDINARY, ORDINARY, KINDS), WAYS),
        min_size=40,
        max_size=120,
    ),
)


class Pair:
    """Hold Rasa's tracker of a talk and a live one that was given the same events."""

    def __init__(self) -> None:
        self.stock = DialogueStateTracker(SENDER, DOMAIN.slots)
        self.live = LiveTracker(SENDER, DOMAIN.slots)
        self.trimmed = 0

    def hear(self, events: list[Event]) -> None:
        """Take the events of a turn, then keep both as a store does."""
        for event in events:
            self.ask(event)
            self.stock.update(event)
            self.live.update(event)
        if any(isinstance(event, SessionStarted) for event in events):
            whole = LiveTracker.of(self.stock)
            self.stock = DialogueStateTracker.from_events(SENDER, whole.events, DOMAIN.slots)
            self.live = LiveTracker.of(self.live)
        before = len(self.live.events)
        self.live.trim()
        self.trimmed += len(self.live.events) < before
        if self.live.is_short:  # as the store does: what has left is read again
            self.live = LiveTracker.of(self.stock)

    def ask(self, event: Event) -> None:
        if isinstance(event, ActionExecuted):
            for asked in ASKED:
                self.live.past_states(DOMAIN, **asked)


def same(one: DialogueStateTracker, other: DialogueStateTracker) -> None:
    """Compare all that a tracker tells but its oldest events."""
    for state in (EventVerbosity.NONE,):
        assert one.current_state(state) == other.current_state(state)
    assert one.latest_bot_utterance == other.latest_bot_utterance
    assert one.active_loop == other.active_loop
    assert [(s.name, s.value, s.has_been_set) for s in one.slots.values()] == [
        (s.name, s.value, s.has_been_set) for s in other.slots.values()
    ]
    assert slim.newest(one.events) == slim.newest(other.events)


def newest_states(tracker: DialogueStateTracker) -> Iterator[list[object]]:
    for asked in ASKED:
        yield tracker.past_states(DOMAIN, **asked)[-DEEP:]


@settings(max_examples=40)
@given(TALKS)
def test_a_trimmed_tracker_tells_what_the_whole_one_tells(talk):
    pair = Pair()
    for number, (kind, way) in enumerate(talk):
        pair.hear(turn(number, kind, way))
        same(pair.live, pair.stock)
        same(pair.live.copy(), pair.stock.copy())
        if number % 5 == 0:  # what is left makes the same tracker anew
            again = DialogueStateTracker.from_events(SENDER, pair.live.events, DOMAIN.slots)
            again.followup_action = pair.live.followup_action
            same(again, pair.stock)
        assert list(newest_states(pair.live)) == list(newest_states(pair.stock))
        assert Transcript.read(heard(pair.live)) == Transcript.read(heard(pair.stock))


def test_a_long_talk_keeps_a_bounded_number_of_events():
    pair, sizes = Pair(), []
    for number in range(300):
        pair.hear(answered(number, number % 5))
        sizes.append(len(pair.live.events))
    assert max(sizes) < FULL + 10
    assert min(sizes[100:]) >= KEEP
    assert len(pair.stock.events) > 1200
    same(pair.live, pair.stock)
    assert list(newest_states(pair.live)) == list(newest_states(pair.stock))


def test_a_story_goes_on_after_any_number_of_turns_that_only_rules_know():
    pair = Pair()
    pair.hear(answered(0, 2))
    for number in range(1, 200):
        pair.hear(answered(number, hidden=True))
    assert pair.trimmed
    told = [one.past_states(DOMAIN, **ASKED[1]) for one in (pair.live, pair.stock)]
    assert told[0] == told[1]


def test_an_open_form_keeps_its_events():
    pair = Pair()
    pair.hear(form(0, 0))
    for number in range(1, 100):
        pair.hear(form(number, 1)[6:])
    assert not pair.trimmed
    same(pair.live, pair.stock)


def test_states_may_be_changed_by_who_asked_for_them():
    pair = Pair()
    pair.hear(answered(1, 2))
    for state in pair.live.past_states(DOMAIN, **ASKED[0]):
        for part in state.values():
            part.clear()
    assert list(newest_states(pair.live)) == list(newest_states(pair.stock))


@pytest.mark.parametrize("cold", [False, True])
def test_a_tracker_that_was_cooled_answers_as_before(cold):
    pair = Pair()
    for number in range(120):
        pair.hear(answered(number, number % 5, hidden=number % 3 == 0))
        if cold:
            pair.live.cool()
    assert pair.trimmed
    assert list(newest_states(pair.live)) == list(newest_states(pair.stock))


def test_a_copy_is_changed_without_its_original():
    pair = Pair()
    pair.hear(answered(1, 2))
    twin = pair.live.copy()
    twin.update(SlotSet("city", "Oslo"))
    twin.update(wrote(2))
    same(pair.live, pair.stock)


def test_a_copy_made_for_the_next_action_still_shows_that_it_is_next():
    pair = Pair()
    pair.hear(answered(1))
    for tracker in (pair.stock, pair.live):
        for event in (wrote(2), acted("action_a"), FollowupAction("action_b")):
            tracker.update(event)
        tracker.clear_followup_action()  # as Rasa does before it runs the action
    assert pair.live.copy().followup_action == pair.stock.copy().followup_action == "action_b"


def test_what_has_left_is_missed_only_when_most_of_the_rest_was_taken_back():
    pair = Pair()
    for number in range(60):
        pair.hear(answered(number, number % 5))
    assert pair.trimmed
    assert not pair.live.is_short
    pair.live.update(wrote(60, "back"))
    for _ in range(20):
        pair.live.update(UserUtteranceReverted())
    assert pair.live.is_short
