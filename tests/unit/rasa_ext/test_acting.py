"""One turn of a conversation, as an action sees it."""

from __future__ import annotations

import pytest
from rasa_sdk.executor import CollectingDispatcher

from overture.rasa_ext.acting import PersonaAction, Turn
from overture.rasa_ext.transcript import Transcript
from tests.unit.rasa_ext.fakes import CONVERSATION, FakeFact, FakeRuntime, texts, tracker, turn


class Echo(PersonaAction):
    """Say yes."""

    def name(self) -> str:
        return "action_echo"

    async def answer(self, turn: Turn) -> list | None:
        await turn.say("affirm")
        return None


async def opened(runtime=None, **more):
    return await Turn.open(runtime or FakeRuntime(), CollectingDispatcher(), tracker(**more))


async def test_a_turn_reads_the_message_and_records_it():
    runtime = FakeRuntime()
    to = await opened(runtime, text="hello")
    assert (to.text, to.message_id, to.confidence) == ("hello", "m9", 0.9)
    assert to.entities == {"work": "Nightharbour"}
    assert to.card.id == "sol"
    ((_, message),) = runtime.called("observe")
    assert message == {
        "sender_id": CONVERSATION,
        "channel": "messenger",
        "message_id": "m9",
        "text": "hello",
    }


async def test_the_sign_that_shields_a_text_is_taken_off():
    assert (await opened(text="\u2060/stop")).text == "/stop"


async def test_a_message_without_an_id_is_known_by_its_time_and_words():
    bare = tracker(text="hello")
    del bare.latest_message["message_id"]
    to = await Turn.open(FakeRuntime(), CollectingDispatcher(), bare)
    assert to.message_id == "5.0:hello"


async def test_a_triggered_turn_records_nothing():
    runtime, triggered = FakeRuntime(), tracker(text="EXTERNAL: EXTERNAL_follow_up")
    triggered.latest_message["metadata"] = {"is_external": True}
    to = await Turn.open(runtime, CollectingDispatcher(), triggered)
    assert to.conversation == CONVERSATION
    assert runtime.called("observe") == []


async def test_memories_are_read_once_in_a_turn():
    runtime = FakeRuntime()
    to = turn(runtime=runtime)
    await to.say("affirm")
    await to.say("deny")
    assert len(runtime.called("facts")) == 1


async def test_a_turn_of_two_messages_discloses_once():
    to = turn(heard=Transcript(intents=("x",)))
    await to.say("affirm")
    await to.say("deny")
    assert ["AI program" in text for text in texts(to)] == [True, False]


async def test_memories_of_a_line_and_of_its_values_are_named_once():
    to = turn(runtime=FakeRuntime(known=(FakeFact(id="2", kind="name", value="Sam"),)))
    await to.say("nice_name", uses=("1", "2"))
    assert to.dispatcher.messages[0]["uses"] == ["1", "2"]


async def test_a_persona_that_is_gone_still_answers_plainly():
    class Elsewhere(FakeRuntime):
        async def observe(self, **message):
            return "messenger:100:200:nobody"

    to = await opened(Elsewhere())
    await to.say("affirm")
    assert texts(to) == [
        (
            "Good.\n\nYou are talking with an AI program, not a person. Its replies "
            "may be wrong or unsuitable, and they are no professional advice."
        )
    ]


async def test_an_action_answers_with_events():
    dispatcher = CollectingDispatcher()
    assert await Echo(FakeRuntime()).run(dispatcher, tracker(), {}) == []
    assert dispatcher.messages[0]["text"].startswith("Yes then.")


def test_a_base_without_an_answer_cannot_be_built():
    with pytest.raises(TypeError, match="abstract"):
        PersonaAction()
