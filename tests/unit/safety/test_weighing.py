"""Weighing: words that no rule foresaw, and what it must leave alone."""

from __future__ import annotations

import json

import pytest

from overture.safety import LABELS, rules, screen, weighing
from tests.unit.safety.test_held_out import SET


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("your texts are really not welcome here", "opt_out"),
        ("i am scared of being alone with my thoughts tonight", "crisis"),
    ],
)
def test_words_that_no_rule_foresaw_are_weighed(sentence: str, label: str) -> None:
    assert weighing.weighs_enough(label, sentence)


@pytest.mark.parametrize("label", weighing.THRESHOLDS)
@pytest.mark.parametrize(
    "sentence", ["what should i watch tonight", "i love hans zimmer", "hello there", "stop"]
)
def test_ordinary_words_weigh_little(sentence: str, label: str) -> None:
    assert not weighing.weighs_enough(label, sentence)


def test_a_label_that_is_not_learnt_is_never_weighed() -> None:
    assert not weighing.weighs_enough("minor", "i am fifteen years old")


def test_film_talk_is_not_weighed() -> None:
    assert "crisis" not in screen("the film about a burden too heavy to carry, the pain, the end")


def test_the_examples_name_known_labels_and_none_is_in_the_held_out_set() -> None:
    rows = [json.loads(line) for line in (rules.DATA / "examples.jsonl").open(encoding="utf-8")]
    assert {label for row in rows for label in row["labels"]} <= set(LABELS)
    learnt = {row["text"].casefold() for row in rows}
    assert [row["text"] for row in SET if row["text"].casefold() in learnt] == []
