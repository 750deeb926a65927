"""Canonical text: one spelling for what people type in a hundred."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.safety import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("I'm", "i am"),
        ("I\u2019m", "i am"),
        ("dont", "do not"),
        ("pls txt me l8r", "please text me l8r"),
        ("whats ur name", "what is your name"),
        ("my self", "myself"),
        ("i want 2 go", "i want to go"),
        ("unsubcribe", "unsubscribe"),
        ("suicde", "suicide"),
        ("w/ my wife", "with my wife"),
    ],
)
def test_what_people_type_is_spelled_out(written: str, read: str) -> None:
    assert normalise.sentences(written) == (read,)


def test_sentences_are_parted_and_commas_kept() -> None:
    assert normalise.sentences("Hi, you. Stop!") == ("hi , you", "stop")


@pytest.mark.parametrize("word", ["hunting", "grace", "notting", "shop", "bride", "testing"])
def test_real_words_near_a_guarded_one_are_left_alone(word: str) -> None:
    assert normalise.sentences(word) == (word,)


@given(st.text(max_size=200))
def test_any_text_has_a_canonical_form(text: str) -> None:
    for sentence in normalise.sentences(text):
        assert sentence == sentence.strip()
        assert sentence
