"""Memories in words."""

from __future__ import annotations

import pytest

from overture.rasa_ext import recall
from tests.unit.rasa_ext.fakes import NOW, FakeFact


@pytest.mark.parametrize(
    ("kind", "value", "clause"),
    [
        ("name", "My", "your name is My"),
        ("age", "31", "you are 31"),
        ("likes", "my sister's jazz", "you like your sister's jazz"),
        ("dislikes", "fog", "you do not like fog"),
        ("location", "Lyon", "you live in Lyon"),
        ("other", "my bike is red", "your bike is red"),
        ("unheard-of", "x", "x"),
    ],
)
def test_each_kind_has_its_clause(kind, value, clause):
    assert recall.clause(FakeFact(kind=kind, value=value), NOW) == clause


def test_a_favourite_names_its_topic():
    fact = FakeFact(kind="favorite", value="Nightharbour", topic="film")
    assert recall.clause(fact, NOW) == "your favourite film is Nightharbour"


def test_a_plan_names_its_day():
    fact = FakeFact(kind="plan", value="movie night", when="2026-03-05")
    assert recall.clause(fact, NOW) == "your plan: movie night (tomorrow)"


def test_memories_are_listed_in_order():
    facts = [FakeFact(value="jazz"), FakeFact(kind="name", value="Sam")]
    assert recall.listed(facts, NOW) == "you like jazz; your name is Sam"


def test_the_source_falls_back_to_the_value_where_no_words_are_kept():
    assert recall.source(FakeFact(quote=""), NOW) == 'You wrote it today: "jazz"'


def test_the_memory_a_question_names_wins_over_the_newest():
    facts = [FakeFact(id="1", value="jazz"), FakeFact(id="2", value="tea")]
    found = recall.meant(facts, "how do you know about jazz", ())
    assert found is not None
    assert found.id == "1"


def test_without_a_name_the_memory_spoken_of_lately_is_meant():
    facts = [FakeFact(id="1"), FakeFact(id="2", value="tea")]
    assert recall.meant(facts, "how do you know that", ("1",)).id == "1"


def test_else_the_newest_is_meant_and_nothing_where_there_is_nothing():
    facts = [FakeFact(id="1"), FakeFact(id="2", value="tea")]
    assert recall.meant(facts, "how do you know that", ()).id == "2"
    assert recall.meant([], "how do you know that", ()) is None


@pytest.mark.parametrize("words", ["forget that", "please delete it", "forget what i said"])
def test_a_bare_request_names_no_memory(words):
    assert recall.named(words) == frozenset()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("remember that I run", "I run"),
        ("please remember: i run!", "i run"),
        ("hey, can you note that i run", "i run"),
        ("don't forget i run", "i run"),
        ("remember that", ""),
    ],
)
def test_the_request_is_taken_off_what_is_to_be_kept(text, kept):
    assert recall.to_keep(text) == kept
