"""What a message is about."""

from __future__ import annotations

import pytest

from overture.rasa_ext import subjects
from tests.unit.rasa_ext.fakes import said, turn


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("who directed it?", "director"),
        ("when did it come out", "year"),
        ("who's the composer", "maker"),
        ("what should I listen for?", "cue"),
        ("what does it sound like", "about"),
        ("hm", ""),
    ],
)
def test_a_question_asks_for_one_thing(question, wanted):
    assert subjects.asked(question) == wanted


@pytest.mark.parametrize("question", ["is it on Netflix?", "how long is it", "who plays in it"])
def test_some_things_no_catalogue_tells(question):
    assert subjects.untold(question)


def test_an_item_and_a_maker_are_told_apart():
    assert subjects.subject(turn("nightharbour")).kind == "work"
    assert subjects.subject(turn("ann humberdale")).kind == "person"


def test_a_button_carries_its_item():
    to = turn('/ask_about{"work": "Tinkerfair"}', entities={"work": "Tinkerfair"})
    assert subjects.subject(to).id == "tinkerfair"


@pytest.mark.parametrize("text", ["who composed it", "and the ending?", "why?"])
def test_what_was_named_last_is_meant_where_the_text_points_back(text):
    to = turn(text, said("recommend", work="tinkerfair"))
    assert subjects.subject(to, last=True).id == "tinkerfair"
    assert subjects.subject(to) is None


@pytest.mark.parametrize("text", ["who composed quibblestone road", "your favourite score?"])
def test_else_it_is_not(text):
    to = turn(text, said("recommend", work="tinkerfair"))
    assert subjects.subject(to, last=True) is None


def test_there_is_always_one_more_thing_to_say_of_an_item_until_all_was_said():
    item = said("recommend", work="tinkerfair")
    assert subjects.fresh_line(turn("hm", item))[1] == "opinion"
    both = (item, said("opinion", work="tinkerfair"), said("about_work", work="tinkerfair"))
    assert subjects.fresh_line(turn("hm", *both)) is None
    assert subjects.fresh_line(turn("hm")) is None


def test_a_description_is_no_name():
    assert subjects.described("that film with the goat")
    assert not subjects.described("films are great")
