"""The persona's knowledge in Rasa's pipeline."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from overture.personas import Registry
from overture.rasa_ext.casting import Cast
from overture.rasa_ext.hearing import KnowledgeClassifier
from tests.unit.rasa_ext.fakes import PERSONAS


@pytest.fixture(scope="module")
def classifier():
    return KnowledgeClassifier(Cast(Registry.load(PERSONAS), "sol"))


def tracker(*said: str, sender: str = "rest:local:u1:sol") -> DialogueStateTracker:
    talk = DialogueStateTracker(sender, [])
    for key in said:
        talk.update(BotUttered("...", metadata={"utter_action": f"utter_{key}"}))
    return talk


def heard(classifier, text, talk=None, guess=("small_talk", 0.3)):
    ranking = [{"name": guess[0], "confidence": guess[1]}, {"name": "joke", "confidence": 0.01}]
    data = {"text": text, "intent": ranking[0], "intent_ranking": ranking}
    (message,) = classifier.process([Message(data=data)], talk)
    return message


def test_items_and_makers_become_entities(classifier):
    message = heard(classifier, "is nightharbour by ann humberdale")
    found = [(one["entity"], one["value"]) for one in message.get("entities")]
    assert found == [("work", "Nightharbour"), ("maker", "Ann Humberdale")]


def test_an_intent_that_was_given_away_leads_the_ranking(classifier):
    message = heard(classifier, "nightharbour")
    assert message.get("intent") == {"name": "talk_topic", "confidence": 0.9}
    assert message.get("intent_ranking")[0]["name"] == "talk_topic"


def test_what_was_said_last_counts(classifier):
    after = heard(classifier, "fun", tracker("greet", "ask_mood"))
    assert after.get("intent")["name"] == "ask_recommendation"
    assert heard(classifier, "fun", tracker("joke")).get("intent")["name"] == "small_talk"


def test_each_persona_hears_what_it_knows_itself(classifier):
    other = heard(classifier, "nightharbour", tracker(sender="rest:local:u1:luna"))
    assert other.get("entities") is None
    assert other.get("intent")["name"] == "small_talk"


def test_a_persona_that_is_not_there_changes_nothing(classifier):
    message = heard(classifier, "nightharbour", tracker(sender="rest:local:u1:nobody"))
    assert message.get("intent")["name"] == "small_talk"


@pytest.mark.parametrize("text", ["/talk_topic", "EXTERNAL: x", "  "])
def test_commands_and_blanks_are_left_alone(classifier, text):
    assert heard(classifier, text).get("entities") is None
