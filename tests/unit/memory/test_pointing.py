"""What is pointed at: "I'll watch it on Friday" after something was talked about."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from overture.memory import extract
from overture.memory.pointing import about, points, reports, spelt_out

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)  # a Monday


@pytest.mark.parametrize(
    "text",
    [
        "ok I'll watch that tomorrow night",
        "We will SEE IT on Friday",
        "I'll give up smoking and cook this one on Sunday",
        "can't wait to watch it",
        "listening to that one tonight",
    ],
)
def test_something_is_to_be_done_with_what_was_talked_about(text: str) -> None:
    assert points(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'll watch Alien tomorrow",
        "I won't watch it",
        "I am not going to see that",
        "I don't want to read this one",
        "it is on tonight",
        "I see that is the plan",
        "",
    ],
)
def test_nothing_is_to_be_done_with_it(text: str) -> None:
    assert not points(text)


@pytest.mark.parametrize(
    ("text", "name", "value", "day"),
    [
        ("I'll watch that tomorrow with my sister", "Psycho", "watch Psycho with my sister", 3),
        ("we're watching it on Friday", "When Harry Met Sally", "watching When Harry Met Sally", 6),
        ("I'll make it tonight, can't wait", "Ragù", "make Ragù", 2),
    ],
)
def test_a_plan_has_the_name_of_what_it_is_about(
    text: str, name: str, value: str, day: int
) -> None:
    (fact,) = (about(one, name) for one in extract(spelt_out(text), NOW))
    assert fact is not None
    assert (fact.kind, fact.value, fact.when) == ("plan", value, f"2026-03-0{day}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I watched it, it was meh", True),
        ("finally saw that one!", True),
        ("read it yesterday", True),
        ("I watched Alien", False),
        ("has anybody read it?", False),
        ("I saw that it was late", False),
        ("I'll watch it", False),
    ],
)
def test_it_is_told_what_was_done_with_what_was_talked_about(text: str, told: bool) -> None:
    assert reports(text) == told


def test_what_was_done_has_the_name_too() -> None:
    (fact,) = (about(one, "Psycho") for one in extract(spelt_out("we saw it last night"), NOW))
    assert fact is not None
    assert (fact.kind, fact.value, fact.when) == ("event", "saw Psycho", "2026-03-01")


def test_what_is_about_something_else_has_no_place_for_the_name() -> None:
    (fact,) = extract("I live in Rome", NOW)
    assert about(fact, "Psycho") is None
