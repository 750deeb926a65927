"""The voice of the personas inside Rasa."""

from __future__ import annotations

from random import Random

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import BooleanSlot
from rasa.shared.core.trackers import DialogueStateTracker

from overture.personas import Registry
from overture.rasa_ext.casting import Cast
from overture.rasa_ext.nlg import PersonaNLG
from overture.rasa_ext.transcript import LOOK_BACK
from tests.unit.rasa_ext.fakes import PERSONAS, FakeFact, FakeRuntime

PLAIN = {"utter_unheard_of": [{"text": "I am sorry."}], "utter_affirm": [{"text": "plain"}]}


@pytest.fixture
def nlg():
    domain = Domain.from_dict({"responses": PLAIN})
    return PersonaNLG(None, domain, personas=Cast(Registry.load(PERSONAS), "sol"), rng=Random(1))


def tracker(*events, sender="rest:local:u1:sol"):
    talk = DialogueStateTracker(sender, [BooleanSlot("met", [], influence_conversation=False)])
    for event in events:
        talk.update(event)
    return talk


def begun(**more):
    said = BotUttered("...", metadata={"utter_action": "utter_greet", "line": "sol.greet.1"})
    return tracker(UserUttered("hi", {"name": "greet"}), said, **more)


async def test_a_response_is_said_in_the_words_of_the_persona(nlg):
    message = await nlg.generate("utter_affirm", begun(), "rest")
    assert message["text"] == "Yes then."
    assert message["utter_action"] == "utter_affirm"


async def test_the_first_message_discloses(nlg):
    message = await nlg.generate("utter_affirm", tracker(), "rest")
    assert "AI program" in message["text"]


async def test_who_was_met_in_an_earlier_session_hears_it_no_more(nlg):
    back = tracker(SlotSet("met", True), UserUttered("hi", {"name": "greet"}))
    assert (await nlg.generate("utter_affirm", back, "rest"))["text"] == "Yes then."


async def test_a_short_sender_id_is_answered_by_the_default_persona(nlg):
    message = await nlg.generate("utter_affirm", begun(sender="anna"), "rest")
    assert message["text"] == "Yes then."


async def test_a_response_no_persona_knows_is_said_as_in_the_domain(nlg):
    message = await nlg.generate("utter_unheard_of", begun(), "rest")
    assert message["text"] == "I am sorry."


async def test_the_domain_of_the_model_counts_where_rasa_gives_it(nlg):
    newer = {"utter_unheard_of": [{"text": "So sorry."}]}
    message = await nlg.generate("utter_unheard_of", begun(), "rest", domain_responses=newer)
    assert message["text"] == "So sorry."


async def test_an_unknown_persona_speaks_plainly(nlg):
    message = await nlg.generate("utter_affirm", begun(sender="rest:local:u1:nobody"), "rest")
    assert message["text"] == "plain"


async def test_an_unknown_response_is_nothing(nlg):
    assert await nlg.generate("utter_nothing", begun(), "rest") is None


async def test_a_long_talk_is_no_first_contact(nlg):
    long = tracker(*(UserUttered("hi", {"name": "greet"}) for _ in range(LOOK_BACK + 1)))
    assert (await nlg.generate("utter_affirm", long, "rest"))["text"] == "Yes then."


async def test_a_line_that_needs_a_memory_gets_it(nlg):
    known = FakeRuntime(known=(FakeFact(kind="name", value="Ana"),))
    personal = PersonaNLG(
        None, None, personas=Cast(Registry.load(PERSONAS), "sol"), runtime=lambda: known
    )
    message = await personal.generate("utter_goodbye", begun(), "rest")
    assert (message["text"], message["uses"]) == ("Bye, Ana.", ["1"])


async def test_a_line_may_hang_on_what_was_said_before(nlg):
    said = BotUttered("...", metadata={"utter_action": "utter_sympathy", "line": "sol.x"})
    grieving = tracker(UserUttered("my cat died", {"name": "sad_news"}), said)
    assert (await nlg.generate("utter_thanks", grieving, "rest"))["text"] == "Gently."
    assert (await nlg.generate("utter_thanks", begun(), "rest"))["text"] == "Welcome."
