"""What a message means where its words alone do not tell."""

from __future__ import annotations

import pytest

from overture.personas import Registry
from overture.rasa_ext.meaning import meant, positive
from tests.unit.rasa_ext.fakes import PERSONAS

#: A guess that says nothing of films, and what comes next.
ELSEWHERE = (("small_talk", 0.4), ("ask_about", 0.3))


@pytest.fixture(scope="module")
def knowledge():
    return Registry.load(PERSONAS).knowledge("sol")


@pytest.fixture
def understood(knowledge):
    def understand(text, ranking=ELSEWHERE, last_key=""):
        return meant(text, knowledge.find(text), ranking, knowledge, last_key)

    return understand


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("nightharbour", "talk_topic"),
        ("hm, maybe Nightharbour then", "talk_topic"),
        ("nightharbour?", "ask_about"),
        ("nightharbour or tinkerfair?", "ask_opinion"),
    ],
)
def test_a_bare_title_is_talk_and_with_a_question_mark_a_question(understood, text, intent):
    assert understood(text) == intent


def test_a_title_in_a_sentence_outweighs_a_weak_guess(understood):
    assert understood("so who was it that did nightharbour") == "ask_about"


def test_talk_is_meant_where_no_other_guess_is_worth_anything(understood):
    assert understood("so nightharbour it is again", (("joke", 0.4), ("ask_about", 0.01))) == (
        "talk_topic"
    )


def test_a_sure_guess_stands_whatever_is_named(understood):
    assert understood("my name is bo tuckwell jr", (("tell_name", 0.95),)) is None


def test_a_guess_about_films_stands(understood):
    assert understood("do you recommend nightharbour", (("ask_recommendation", 0.3),)) is None


@pytest.mark.parametrize("text", ["sci-fi", "a comedy please", "horror films", "something french"])
def test_a_genre_or_a_country_is_a_wish(understood, text):
    assert understood(text) == "ask_recommendation"


def test_a_mood_is_a_wish_where_one_was_asked_for(understood):
    assert understood("fun", last_key="ask_mood") == "ask_recommendation"
    assert understood("fun", last_key="joke") is None


@pytest.mark.parametrize("text", ["darker", "nothing scary", "a rainy evening"])
def test_after_a_recommendation_it_refines_the_wish(understood, text):
    assert understood(text, last_key="recommend") == "ask_another"


@pytest.mark.parametrize(
    "text", ["hello", "that was scary and i could not sleep", "i like comedies", ""]
)
def test_anything_else_is_left_to_the_classifier(understood, text):
    assert understood(text) is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Darker!", "dark!"),
        ("funnier", "funny"),
        ("lighter", "light"),
        ("her matter", "her matter"),
    ],
)
def test_words_of_degree_are_made_plain(text, plain):
    assert positive(text) == plain
