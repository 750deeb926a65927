"""Remembered words turned so that they fit into a sentence."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from overture.personas import phrasing

NOW = datetime(2026, 3, 6, 10, tzinfo=timezone.utc)  # a Friday


@pytest.mark.parametrize(
    ("said", "noun"),
    [
        ("to watch Dune with my sister", "watching Dune with your sister"),
        ("run in the park", "running in the park"),
        ("dance recital", "the dance recital"),  # a noun that is a verb elsewhere
        ("movie night with friends", "movie night with friends"),
        ("bake", "baking"),
        ("Drive", "Drive"),  # a title
        ("My Neighbor Totoro", "My Neighbor Totoro"),
        ("math exam in June", "the math exam in June"),
        ("sister's wedding", "your sister's wedding"),
        ("Anna's wedding", "Anna's wedding"),
        ("my exam", "your exam"),
        ("running a marathon", "running a marathon"),
        ("Berlin Marathon", "Berlin Marathon"),  # a name
    ],
)
def test_a_plan_becomes_a_noun_in_the_second_person(said: str, noun: str) -> None:
    assert phrasing.as_noun(said) == noun


@pytest.mark.parametrize(
    ("said", "person"),
    [("sister", "your sister"), ("my wife Ann", "your wife Ann"), ("Sam", "Sam")],
)
def test_a_relative_gets_your_and_a_name_does_not(said: str, person: str) -> None:
    assert phrasing.as_person(said) == person


@pytest.mark.parametrize(
    ("when", "tense"),
    [
        (None, "undated"),
        ("not a date", "undated"),
        ("2026-03-06", "coming"),  # today, the day is not over
        ("2026-03-05", "past"),
        ("2026-03-06T08:00:00Z", "coming"),  # began two hours ago: still going on
        ("2026-03-06T06:59:00+00:00", "past"),
        (date(2026, 2, 19), "stale"),  # over for two weeks
        (date(2026, 2, 21), "past"),
    ],
)
def test_a_time_is_past_coming_undated_or_stale(when: object, tense: str) -> None:
    assert phrasing.tense(when, NOW) == tense  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "words", "tense"),
    [
        ("2026-03-02", "2026-03-08", "this week", "coming"),  # it may be on Sunday
        ("2026-03-09", "2026-03-15", "next week", "coming"),
        ("2026-02-23", "2026-03-01", "last week", "past"),
        ("2026-03-23", "2026-03-29", "in the week of 23 March", "coming"),
        ("2026-03-07", "2026-03-08", "this weekend", "coming"),
        ("2026-03-14", "2026-03-15", "next weekend", "coming"),
        ("2026-05-01", "2026-05-31", "in May", "coming"),
        ("2026-02-01", "2026-02-28", "in February", "past"),
        ("2027-01-01", "2027-12-31", "in 2027", "coming"),
        ("2026-03-05", "2026-03-07", "between 5 March and 7 March", "coming"),
    ],
)
def test_what_may_be_on_any_of_some_days_is_said_so(
    first: str, last: str, words: str, tense: str
) -> None:
    assert phrasing.spoken(first, NOW, last) == words
    assert phrasing.tense(first, NOW, last) == tense


def test_a_birthday_counts_by_its_day_in_the_year() -> None:
    assert phrasing.birthday_tense("1990-03-16", NOW) == "coming"
    assert phrasing.birthday_tense("1990-03-01", NOW) == "past"
    assert phrasing.birthday_tense("1990-09-01", NOW) == "stale"


def test_a_birthday_on_29_february_is_kept_every_year() -> None:
    assert phrasing.birthday_tense("1992-02-29", NOW - timedelta(days=7)) == "coming"


def test_a_birthday_after_new_year_is_near_in_december() -> None:
    december = datetime(2026, 12, 28, tzinfo=timezone.utc)
    assert phrasing.birthday_tense("1990-01-02", december) == "coming"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-03-06", "today"),
        ("2026-03-06T20:00:00+00:00", "tonight"),
        ("2026-03-05T21:00:00+00:00", "last night"),
        ("2026-03-07", "tomorrow"),
        ("2026-03-09", "this Monday"),
        ("2026-03-01", "last Sunday"),
        ("2026-05-03", "on 3 May"),
        (None, None),
    ],
)
def test_a_time_is_said_as_people_say_it(when: str | None, words: str | None) -> None:
    assert phrasing.spoken(when, NOW) == words


def test_the_day_of_an_instant_is_the_one_where_the_contact_lives() -> None:
    auckland = timezone(timedelta(hours=13))
    assert phrasing.spoken("2026-03-06T20:00:00Z", NOW.astimezone(auckland)) == "tomorrow"
