"""Greeting and handing over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rasa_sdk.events import SlotSet

from actions.greeting import ActionGreet, ActionSwitchPersona
from overture.rasa_ext.transcript import Transcript
from tests.unit.rasa_ext.fakes import FakeRuntime, answers, turn


async def test_somebody_new_is_greeted_and_told_that_a_machine_speaks():
    first = turn("hi", heard=Transcript(intents=("greet",)))
    assert await answers(ActionGreet(), first) == [
        "New: hello.\n\nI am an AI program and may be wrong; no professional advice."
    ]


async def test_somebody_who_is_back_is_greeted_as_such():
    assert await answers(ActionGreet(), turn("hi")) == ["Back: hello."]


@pytest.mark.parametrize("words", ["switch to luna", "can I talk to the stargazer?", "Luna!"])
async def test_a_persona_is_found_by_name_or_alias(words):
    runtime = FakeRuntime()
    assert await answers(ActionSwitchPersona(), turn(words, runtime=runtime)) == ["Over to Luna."]
    assert runtime.called("switch_persona") == [("switch_persona", "luna")]


async def test_an_unknown_persona_is_answered_with_those_there_are():
    assert await answers(ActionSwitchPersona(), turn("switch to the plumber")) == [
        "There are: Luna (Stars at night)"
    ]


async def test_a_persona_that_may_not_speak_is_not_announced():
    to = turn("switch to luna", runtime=FakeRuntime(may_switch=False))
    assert await answers(ActionSwitchPersona(), to) == ["There are: Luna (Stars at night)"]


async def test_on_a_channel_whose_ids_name_nobody_the_talk_keeps_who_was_switched_to():
    to = replace(turn("switch to luna"), conversation="rest:local:u1:sol")
    assert await ActionSwitchPersona().answer(to) == [SlotSet("speaker", "luna")]
    assert await ActionSwitchPersona().answer(turn("switch to luna")) is None
