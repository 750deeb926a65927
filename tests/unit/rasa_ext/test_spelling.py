"""Plain forms of what people type."""

from __future__ import annotations

import pytest

from overture.rasa_ext.spelling import SPELLINGS, plain, spelt_out


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("IM", "i am"),
        ("don\u2019t", "do not"),
        ("noooo", "no"),
        ("Thx", "thanks"),
        ("Nightharbour", "nightharbour"),
        ("2000", "2000"),
        ("\u2060/stop", "/stop"),
    ],
)
def test_a_word_has_its_plain_form(word, form):
    assert plain(word) == form


def test_no_plain_form_is_itself_a_spelling_of_something_else():
    words = {word for form in SPELLINGS.values() for word in form.split()}
    assert not words & SPELLINGS.keys()


def test_a_text_is_spelt_out_and_otherwise_left_alone():
    assert spelt_out("Smth funny, PLS!") == "something funny, please!"
