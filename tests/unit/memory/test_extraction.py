"""Extraction: what is a fact, what is none, and what is sensitive."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.memory import extract

NOW = datetime(2026, 3, 4, 18, tzinfo=timezone(timedelta(hours=1)))


def told(text: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.value) for fact in extract(text, NOW)]


@pytest.mark.parametrize(
    "text",
    [
        "I don't live in Paris",  # a negation
        "do you live in Paris?",  # a question
        "if I lived in Rome i'd be happy",  # a hypothesis
        "he said i live in Rome",  # somebody else's words
        '"my name is Inigo Montoya"',  # a quotation
        "his name is Bond",  # a character
        "call me maybe",  # a song
        "I used to live in Berlin",  # no longer so
        "just kidding, i live on mars",  # a joke
        "in the film i'm a detective",  # a story
    ],
)
def test_what_is_not_stated_is_no_fact(text: str) -> None:
    assert told(text) == []


def test_names_and_places_typed_without_care_are_capitalised() -> None:
    assert told("my name is ravi and i live in new york") == [
        ("name", "Ravi"),
        ("location", "New York"),
    ]


def test_a_dislike_is_not_a_like() -> None:
    assert told("I don't like horror") == [("dislikes", "horror")]


def test_each_item_of_a_list_is_a_fact() -> None:
    assert told("i love jazz, westerns and sushi") == [
        ("likes", "jazz"),
        ("likes", "westerns"),
        ("likes", "sushi"),
    ]


@pytest.mark.parametrize(
    ("text", "value", "day"),
    [
        ("I watched Dune with my mum on Sunday", "watched Dune with my mum", "2026-03-01"),
        (
            "I watched Italian for Beginners on Sunday",
            "watched Italian for Beginners",
            "2026-03-01",
        ),
        ("went to the opera on Saturday", "went to the opera", "2026-02-28"),
        ("we watched Heat this weekend, so good", "watched Heat", "2026-02-28"),
        ("my grandmother died on Friday", "grandmother died", "2026-02-27"),
    ],
)
def test_a_day_of_what_is_over_is_the_last_of_its_name(text: str, value: str, day: str) -> None:
    (fact,) = extract(text, NOW)
    assert (fact.kind, fact.value, fact.when) == ("event", value, day)


def test_what_is_to_come_has_the_day_of_its_own_clause() -> None:
    facts = extract("I met Anna on Tuesday and we are seeing Dune on Friday", NOW)
    days = {fact.value: fact.when for fact in facts}
    assert days == {"met Anna": "2026-03-03", "seeing Dune": "2026-03-06"}
    assert all(fact.kind != "event" for fact in extract("I'll watch Ronin on Friday", NOW))


def test_what_is_said_of_something_else_is_left_out_of_what_happened() -> None:
    assert told("I watched Arrival yesterday and the sound was incredible") == [
        ("event", "watched Arrival")
    ]


def test_what_somebody_has_got_to_come_has_its_day() -> None:
    (fact,) = extract("I've got a job interview tomorrow", NOW)
    assert (fact.kind, fact.value, fact.when) == ("event", "job interview", "2026-03-05")


def test_a_sister_s_home_is_not_the_person_s() -> None:
    assert told("my sister lives in Oslo") == [("relationship", "sister lives in Oslo")]


@pytest.mark.parametrize(
    "text",
    ["i have asthma", "i'm gay", "i'm muslim", "i voted for biden", "i'm in debt", "im black"],
)
def test_what_could_hurt_is_marked_sensitive(text: str) -> None:
    facts = extract(text, NOW)
    assert facts
    assert all(fact.sensitive for fact in facts)


@pytest.mark.parametrize("text", ["actually it's Sam", "no, my name is Sam"])
def test_a_correction_says_so(text: str) -> None:
    (fact,) = extract(text, NOW)
    assert (fact.kind, fact.value, fact.corrects) == ("name", "Sam", True)


def test_tonight_is_meant_in_the_person_s_zone() -> None:
    late = datetime(2026, 3, 4, 23, 30, tzinfo=timezone.utc)
    assert extract("i'm watching Dune tonight", late)[0].when == "2026-03-04"
    assert extract("i'm watching Dune tonight", late, "Asia/Tokyo")[0].when == "2026-03-05"
    assert extract("i'm watching Dune tonight", late, "Nowhere/Land")[0].when == "2026-03-04"


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        extract("my name is Sam", datetime(2026, 3, 4))  # noqa: DTZ001  # the point of the test


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    for fact in extract(text, NOW):
        assert 0 <= fact.span[0] <= fact.span[1] <= len(text)


def test_a_long_text_is_read_in_time() -> None:
    began = time.perf_counter()
    extract("i love jazz and " * 2_000, NOW)
    assert time.perf_counter() - began < 2
