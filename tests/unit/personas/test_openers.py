"""Which memory a follow-up comes back to."""

from __future__ import annotations

from datetime import datetime, timezone
from random import Random

import pytest

from tests.unit.personas.factories import Fact, card

NOW = datetime(2026, 3, 6, 10, tzinfo=timezone.utc)
SOMEONE = card(
    """
name: A
follow_ups:
  - {needs: [plan], tense: past, text: "How was {plan}?"}
  - {needs: [plan], tense: coming, text: "Ready for {plan}, {when}?"}
  - {needs: [plan], text: "Any date for {plan}?"}
  - {needs: [birthday], tense: coming, text: "Birthday {when}."}
  - {needs: ["favorite:film"], texts: ["Still {value}?", "Seen {value} again?"]}
  - {needs: [name], text: "{name}, a film?"}
  - text: "A film?"
"""
)


def opener(*facts: Fact, seen: tuple[str, ...] = ()) -> str:
    line = SOMEONE.opener(facts, seen, Random(1), NOW)
    assert line is not None
    return line.text


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("2026-03-05", "How was watching Ran?"),
        ("2026-03-07", "Ready for watching Ran, tomorrow?"),
        (None, "Any date for watching Ran?"),
    ],
)
def test_a_plan_is_asked_about_as_its_time_demands(when: str | None, text: str) -> None:
    assert opener(Fact(kind="plan", value="watch Ran", when=when)) == text


def test_a_plan_long_gone_is_left_alone() -> None:
    assert opener(Fact(kind="plan", value="watch Ran", when="2025-12-01")) == "A film?"


def test_a_dated_memory_goes_before_a_favourite_and_that_before_the_name() -> None:
    name = Fact(id="n", kind="name", value="Sam")
    film = Fact(id="f", topic="film", value="Ran")
    plan = Fact(id="p", kind="plan", value="movie night", when="2026-03-05")
    assert opener(name, film, plan) == "How was movie night?"
    assert "Ran" in opener(name, film)
    assert opener(name) == "Sam, a film?"


def test_nothing_remembered_still_gives_an_opener() -> None:
    assert opener() == "A film?"


@pytest.mark.parametrize("kind", ["favorite", "plan", "name"])
def test_a_sensitive_memory_never_opens(kind: str) -> None:
    assert opener(Fact(kind=kind, topic="film", value="x", sensitive=True)) == "A film?"


@pytest.mark.parametrize("kind", ["health", "age"])
def test_health_and_age_never_open(kind: str) -> None:
    someone = card(f'name: A\nfollow_ups: [{{needs: [{kind}], text: "{{value}}?"}}, Hello.]\n')
    line = someone.opener([Fact(kind=kind, value="x")], (), Random(1), NOW)
    assert line is not None
    assert line.text == "Hello."


def test_an_opener_names_its_memories() -> None:
    facts = [Fact(id="p", kind="plan", value="movie night", when="2026-03-05")]
    line = SOMEONE.opener(facts, (), Random(1), NOW)
    assert line is not None
    assert line.uses == ("p",)


def test_an_opener_is_not_repeated_while_another_fits() -> None:
    film = Fact(id="f", topic="film", value="Ran")
    seen: list[str] = []
    for _ in range(3):
        line = SOMEONE.opener([film], seen, Random(1), NOW)
        assert line is not None
        assert line.id not in seen
        seen.append(line.id)
    assert line.text == "A film?"


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        SOMEONE.opener([], (), Random(1), NOW.replace(tzinfo=None))
