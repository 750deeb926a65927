"""Writing first, stopping it, and help that only people can give."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.contact import (
    ActionAskHuman,
    ActionCrisis,
    ActionFollowUp,
    ActionMinor,
    ActionOptIn,
    ActionOptOut,
    ActionPause,
    ActionRemind,
    ActionWhy,
)
from overture.rasa_ext.transcript import Transcript
from tests.unit.rasa_ext.fakes import NOW, FakeComposed, FakeRuntime, answers, turn


async def test_a_follow_up_is_said_with_its_memories_and_its_line():
    to = turn(runtime=FakeRuntime(composed=FakeComposed()))
    assert await answers(ActionFollowUp(), to) == ["How did it go?"]
    message = to.dispatcher.messages[0]
    assert message["uses"] == ["7"]
    assert message["line"] == "sol.follow_ups.1"
    assert message["utter_action"] == "utter_follow_up"


async def test_without_an_open_permit_nothing_is_said():
    assert await answers(ActionFollowUp(), turn()) == []


async def test_the_reason_on_record_is_given():
    assert await answers(ActionWhy(), turn("why did you write")) == ["Because: you had a plan"]


async def test_the_first_stop_is_confirmed():
    assert await answers(ActionOptOut(), turn("stop")) == ["Will not write first."]


async def test_further_stops_are_not():
    assert await answers(ActionOptOut(), turn("stop", runtime=FakeRuntime(first_time=False))) == []


async def test_a_wish_for_a_human_is_passed_on_before_it_is_said_to_be():
    to = turn("is anyone there", runtime=(runtime := FakeRuntime()), confidence=0.7)
    await answers(ActionAskHuman(), to)
    assert runtime.called("ask_for_human") == [("ask_for_human", to.conversation)]


async def test_a_mere_guess_at_stop_pauses_for_as_long_as_can_be():
    runtime = FakeRuntime()
    to = turn("rather not hear from you", runtime=runtime, confidence=0.7)
    assert await answers(ActionOptOut(), to) == ["Quiet until 5 March."]
    assert runtime.called("pause") == [("pause", NOW + timedelta(days=366))]


async def test_a_pause_ends_when_the_person_said():
    runtime = FakeRuntime()
    to = turn("don't write until friday", runtime=runtime)
    assert await answers(ActionPause(), to) == ["Quiet until this Friday."]
    assert runtime.called("pause") == [("pause", NOW.replace(day=6, hour=9))]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            ("Friday at 10:30", "watch my film", ""),
            "I will remind you on Friday at 10:30: watch your film.",
        ),
        (("Friday at 10:30", "", ""), "I will write to you on Friday at 10:30."),
        (
            ("", "", "we have not talked enough yet"),
            "I cannot promise that: we have not talked enough yet.",
        ),
    ],
)
async def test_a_reminder_is_promised_or_refused_at_once(answer, text):
    runtime = FakeRuntime(reminder=answer)
    assert await answers(ActionRemind(), turn("remind me on friday", runtime=runtime)) == [text]
    assert runtime.called("remind") == [("remind", "now", "remind me on friday")]


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        (ActionOptIn(), "May write first; say stop."),
        (ActionAskHuman(), "A person was told."),
        (ActionMinor(), "Because of your age I do not write first."),
        (ActionCrisis(), "Call 988."),
    ],
)
async def test_each_of_these_is_always_answered(action, answer):
    assert await answers(action, turn()) == [answer]


@pytest.mark.parametrize("action", [ActionCrisis(), ActionMinor(), ActionOptOut()])
async def test_what_is_urgent_is_said_without_the_words_of_a_first_contact(action):
    said = await answers(action, turn(heard=Transcript(intents=("x",))))
    assert len(said) == 1
    assert "AI program" not in said[0]
