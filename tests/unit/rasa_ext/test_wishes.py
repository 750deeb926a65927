"""What a person wishes for."""

from __future__ import annotations

import pytest

from overture.personas import Registry, Wish
from overture.rasa_ext import wishes
from tests.unit.rasa_ext.fakes import PERSONAS, FakeFact


@pytest.fixture(scope="module")
def knowledge():
    return Registry.load(PERSONAS).knowledge("sol")


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("smth scary", "mood", "eerie"),
        ("something darker", "mood", "dark"),
        ("a comedy", "genre", "comedy"),
        ("for a rainy afternoon", "occasion", "rainy evening"),
        ("like nightharbour", "like", "nightharbour"),
        ("by bo tuckwell", "person", "bo-tuck"),
        ("from the 80s", "years", (1980, 1989)),
    ],
)
def test_a_wish_is_understood(knowledge, text, part, value):
    assert getattr(wishes.read(knowledge, text), part) == value


@pytest.mark.parametrize("text", ["too scary", "nothing scary", "less scary please"])
def test_what_is_too_much_is_not_wanted(knowledge, text):
    wish = wishes.read(knowledge, text)
    assert "eerie" in wish.dislikes
    assert wish.mood is None


@pytest.mark.parametrize(
    ("text", "years"),
    [("something newer", (2005, 3004)), ("an older one", (0, 2003)), ("another", None)],
)
def test_newer_and_older_are_measured_by_what_was_named_last(knowledge, text, years):
    assert wishes.read(knowledge, text, last="tinkerfair").years == years


def test_a_newer_message_changes_only_what_it_says():
    old, new = Wish(mood="eerie", person="ann-hum"), Wish(mood="calm", dislikes=("horror",))
    assert wishes.joined(old, new) == Wish(mood="calm", person="ann-hum", dislikes=("horror",))


def test_what_is_no_longer_wanted_is_no_longer_asked_for():
    assert wishes.joined(Wish(mood="eerie"), Wish(dislikes=("eerie",))).mood is None


def test_a_button_narrows_an_open_wish_only():
    assert wishes.tapped(Wish(), {"mood": "warm"}).mood == "warm"
    assert wishes.tapped(Wish(genre="comedy"), {"mood": "warm"}) == Wish(genre="comedy")


def test_the_newest_taste_is_taken_where_nothing_was_asked_for(knowledge):
    facts = [FakeFact(value="comedies"), FakeFact(value="calm films")]
    assert wishes.steered(Wish(), knowledge, facts).mood == "calm"
    assert wishes.steered(Wish(mood="dark"), knowledge, facts).mood == "dark"
