"""Safety and consent inside Rasa's pipeline."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from overture.rasa_ext.screening import INTENTS, ScreenClassifier, shape
from overture.safety import LABELS, PAUSE


def message(text: str, *ranking: tuple[str, float]) -> Message:
    listed = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    data = {"text": text, "intent": listed[0] if listed else None, "intent_ranking": listed}
    return Message(data=data)


def heard(
    text: str, *ranking: tuple[str, float], labels: set[str] | None = None
) -> tuple[str, float]:
    """Return the intent and its confidence after screening."""
    classifier = (
        ScreenClassifier() if labels is None else ScreenClassifier(lambda _: frozenset(labels))
    )
    (after,) = classifier.process([message(text, *ranking)])
    return after.get("intent")["name"], after.get("intent")["confidence"]


def test_every_label_of_screening_has_its_intent():
    assert INTENTS.keys() == {*LABELS, PAUSE}


@pytest.mark.parametrize(("label", "intent"), INTENTS.items())
def test_a_label_decides_whatever_was_guessed(label, intent):
    assert heard("x", ("greet", 0.99), labels={label}) == (intent, 1.0)


def test_the_heaviest_label_wins():
    assert heard("x", labels={"opt_out", "crisis", "memory_question"}) == ("crisis", 1.0)


def test_what_was_heard_leads_the_ranking_once():
    (after,) = ScreenClassifier(lambda _: frozenset({"opt_out"})).process(
        [message("stop", ("greet", 0.5), ("opt_out", 0.4))]
    )
    assert [one["name"] for one in after.get("intent_ranking")] == ["opt_out", "greet"]


@pytest.mark.parametrize("text", ["/greet", " /opt_out", "EXTERNAL: EXTERNAL_follow_up", ""])
def test_commands_are_left_alone(text):
    assert heard(text, ("greet", 1.0), labels={"opt_out"}) == ("greet", 1.0)


def test_words_that_only_look_like_a_command_are_screened():
    assert heard("\u2060/stop", ("greet", 0.4))[0] == "opt_out"


@pytest.mark.parametrize("intent", ["minor", "opt_in", "erase_request", "ask_human"])
def test_a_guess_that_would_change_something_needs_proof(intent):
    assert heard("x", (intent, 0.99), ("talk_topic", 0.01)) == ("talk_topic", 0.01)


@pytest.mark.parametrize(
    ("intent", "confidence", "stays"),
    [
        ("crisis", 0.7, True),
        ("crisis", 0.5, False),
        ("opt_out", 0.6, True),
        ("opt_out", 0.4, False),
    ],
)
def test_a_guess_of_something_grave_stands_if_it_is_sure(intent, confidence, stays):
    assert (heard("x", (intent, confidence), ("talk_topic", 0.1))[0] == intent) is stays


def test_a_guess_without_an_alternative_stands():
    assert heard("x", ("minor", 0.9)) == ("minor", 0.9)


def test_a_narrower_wish_is_not_widened():
    ranking = (("forget_that", 0.8), ("erase_request", 0.1))
    assert heard("forget what I said", *ranking, labels={"erase_request"}) == ("forget_that", 0.8)


def test_a_faint_guess_widens_nothing():
    ranking = (("forget_that", 0.3), ("erase_request", 0.1))
    assert heard("forget it all", *ranking, labels={"erase_request"})[0] == "erase_request"


@pytest.mark.parametrize("label", ["opt_out", "crisis", "minor", "opt_in", "asks_human"])
def test_consent_and_safety_yield_to_no_guess(label):
    assert heard("x", ("pause_contact", 0.99), labels={label})[1] == 1.0


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("😂😂", "emoji_only"),
        ("❤️", "emoji_only"),
        ("!!!", None),
        ("ok 👍", None),
        ("привет", "other_language"),
        ("こんにちは", "other_language"),
        ("I really like Привет", None),
        ("déjà vu", None),
        ("asdfgh", "nlu_fallback"),
        ("qwerty uiop", "nlu_fallback"),
        ("hmmmmmmm", None),
        ("strengths", None),
        ("", None),
    ],
)
def test_some_texts_are_told_by_their_look(text, intent):
    assert shape(text) == intent
