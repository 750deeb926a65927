"""How well intents are heard in messages that no training has seen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.nlu.evaluation import MESSAGES, MODEL, ROOT, Outcome, evaluate

#: Intents on which a promise to a person hangs.
PROMISES = (
    "opt_out",
    "opt_in",
    "crisis",
    "minor",
    "erase_request",
    "export_request",
    "stop_remembering",
    "memory_question",
    "bot_challenge",
    "ask_human",
    "why_question",
)

pytestmark = pytest.mark.skipif(not MODEL.exists(), reason="no model: make train")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory) -> Outcome:
    return asyncio.run(evaluate(tmp_path_factory.mktemp("nlu")))


def examples(path: Path) -> Iterator[tuple[str, str]]:
    """Return the intents and texts of a file of training data, marks and signs taken off."""
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in block["examples"].splitlines():
            yield block["intent"], " ".join(re.findall(r"\w+", line.casefold()))


def test_there_are_six_hundred_messages_and_some_of_every_intent():
    held_out = list(examples(MESSAGES))
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert len(held_out) >= 600
    assert {intent for intent, _ in held_out} == set(domain["intents"]) - {"EXTERNAL_follow_up"}


def test_no_message_was_seen_in_training():
    seen = {text for path in (ROOT / "data" / "nlu").glob("*.yml") for _, text in examples(path)}
    assert [text for _, text in examples(MESSAGES) if text and text in seen] == []


def test_no_training_example_stands_under_two_intents():
    heard: dict[str, str] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for intent, text in examples(path):
            assert not text or heard.setdefault(text, intent) == intent, text


def test_intents_are_heard(outcome):
    assert outcome.f1 >= 0.95, "\n".join(outcome.missed())


@pytest.mark.parametrize("intent", PROMISES)
def test_what_a_promise_hangs_on_is_heard(outcome, intent):
    assert outcome.recall(intent) >= 0.97, "\n".join(outcome.missed())


def test_nothing_is_taken_for_a_wish_to_be_forgotten_or_left_alone(outcome):
    grave = {"opt_out", "erase_request", "crisis", "minor", "stop_remembering"}
    taken = [
        one
        for one in outcome.predictions
        if one["predicted"] in grave and one["intent"] not in {one["predicted"], "pause_contact"}
    ]
    assert taken == []
