"""The linter finds what a reviewer would."""

from __future__ import annotations

import pytest

from overture.personas.lint import ERROR, lint
from tests.unit.personas.factories import card


def errors(text: str) -> list[str]:
    return [finding.message for finding in lint(card(text)) if finding.severity == ERROR]


def about(text: str, word: str) -> list[str]:
    return [message for message in errors(text) if word in message]


def line(text: str, key: str = "small_talk") -> str:
    return f'name: A\nlines:\n  {key}:\n    - "{text}"\n'


def opener(text: str, needs: str = "[]") -> str:
    return f'name: A\nfollow_ups:\n  - {{needs: {needs}, text: "{text}"}}\n'


@pytest.mark.parametrize(
    "text",
    [
        "I missed you.",
        "Please don't go.",
        "Before you leave, one thing.",
        "Why haven't you answered?",
        "I need you.",
        "Don't forget me.",
        "Last chance.",
        "I was waiting; where have you been?",
        "I'm so sad now.",
    ],
)
def test_pressure_and_guilt_are_found(text: str) -> None:
    assert about(line(text), "presses")
    assert about(opener(text), "presses")


@pytest.mark.parametrize("text", ["You are amazing.", "You're one of a kind."])
def test_flattery_is_found(text: str) -> None:
    assert about(line(text), "flatters")


@pytest.mark.parametrize("text", ["I am human.", "When I was a child it rained.", "I'm not a bot."])
def test_a_claim_to_be_human_is_found(text: str) -> None:
    assert about(line(text), "claims")


@pytest.mark.parametrize("text", ["How are you feeling?", "Are you lonely?"])
def test_an_opener_does_not_ask_about_feelings(text: str) -> None:
    assert about(opener(text), "asks about feelings")
    assert not about(line(text), "asks about feelings")


def test_long_and_many_sentenced_lines_are_found() -> None:
    assert about(line("One. Two. Three. Four."), "sentences")
    assert not about(line("One. Two. Three."), "sentences")
    assert about(line("word " * 80), "characters")


def test_a_placeholder_that_nothing_fills_is_found() -> None:
    assert about(line("See {film}."), "{title}")
    assert not about(line("See {film}.", "recommend"), "{title}")
    assert about(opener("{value}?"), "{value}")
    assert about(opener("{name}, hello?", "[plan]"), "{name}")


def test_an_opener_never_rests_on_health_or_age() -> None:
    assert about(opener("And {value}?", "[health]"), "health")


def test_the_crisis_line_names_the_ways_to_help() -> None:
    assert about(line("Cheer up.", "crisis"), "988")


def test_the_answer_to_are_you_human_is_the_truth() -> None:
    assert about(line("Who knows?", "bot_challenge"), "ai")
    assert not about(line("I am an AI program.", "bot_challenge"), "says none")
    assert about(line("Again, I said.", "bot_challenge"), "ai")  # "ai" inside a word is none


def test_a_persona_that_poses_as_a_professional_is_found() -> None:
    assert about("name: Your Therapist\n", "professional")
    assert about("name: A\ntagline: a doctor for plants\n", "professional")


def test_missing_answers_are_errors_for_ours_and_warnings_for_imported_ones() -> None:
    assert about("name: A\n", "no line of its own")
    assert not about("name: A\nimported: tavern.json\n", "no line of its own")


def test_a_line_that_stands_twice_is_found() -> None:
    assert about("name: A\nlines:\n  deny: [No., No.]\n", "twice")


def test_a_catalogue_that_is_missing_is_found() -> None:
    assert not about("name: A\nknowledge: {files: [x.jsonl]}\n", "x.jsonl")  # not on disk
