"""Supersession: what a newer fact does to the older ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from overture.memory import ExtractedFact, is_expired, supersede

NOW = datetime(2026, 3, 4, 18, tzinfo=timezone.utc)


def fact(kind: str, value: str, **over: object) -> ExtractedFact:
    made = ExtractedFact(kind=kind, value=value, span=(0, len(value)))
    return replace(made, **over)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["name", "age", "birthday", "location", "occupation"])
def test_a_person_has_one_of_these_at_a_time(kind: str) -> None:
    old = fact(kind, "old")
    assert supersede([old], fact(kind, "new")).replaced == (old,)


def test_where_one_comes_from_does_not_replace_where_one_lives() -> None:
    home = fact("location", "Berlin", topic="place")
    assert supersede([home], fact("location", "India", topic="origin")).replaced == ()


def test_a_favorite_replaces_the_one_of_its_topic_only() -> None:
    film, food = fact("favorite", "Jaws", topic="film"), fact("favorite", "ramen", topic="food")
    assert supersede([film, food], fact("favorite", "Dune", topic="film")).replaced == (film,)


@pytest.mark.parametrize(("was", "now"), [("likes", "dislikes"), ("dislikes", "likes")])
def test_of_a_contradiction_the_newer_wins(was: str, now: str) -> None:
    old = fact(was, "the opera")
    change = supersede([old], fact(now, "Opera"))
    assert change.replaced == (old,)
    assert change.add is not None


def test_likes_pile_up() -> None:
    assert supersede([fact("likes", "jazz")], fact("likes", "westerns")).replaced == ()


def test_a_fact_said_again_is_not_stored_again() -> None:
    assert supersede([fact("likes", "jazz")], fact("likes", "Jazz")).add is None


def test_a_corrected_day_moves_the_last_plan() -> None:
    plan = fact("plan", "watching Dune", when="2026-03-06", topic="film")
    change = supersede([plan], fact("plan", "Thursday", when="2026-03-05", corrects=True))
    assert change.replaced == (plan,)
    assert change.add is not None
    assert (change.add.value, change.add.when) == ("watching Dune", "2026-03-05")


def test_a_plan_expires_after_its_day() -> None:
    plan = fact("plan", "watching Dune", when="2026-03-03")
    assert is_expired(plan, NOW)
    assert not is_expired(plan, NOW, grace=timedelta(days=1))
    assert not is_expired(replace(plan, until="2026-03-08"), NOW)
    assert not is_expired(fact("likes", "jazz"), NOW)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="kind"):
        fact("mood", "happy")
