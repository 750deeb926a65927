"""Screening: what must be honoured whatever the dialogue makes of it."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from overture.safety import PAUSE, hear, screen


@pytest.mark.parametrize(
    "text",
    [
        "STOP!!",
        "s t o p",
        "s.t.o.p",
        "\u0455t\u043ep",  # Cyrillic letters
        "st\u200bop",  # a zero-width space
        "\uff53\uff54\uff4f\uff50",  # full width
        "st\u00f3p",
        "stoooop",
        "st0p",
        "stop \U0001f64f",
    ],
)
def test_stop_is_read_through_disguises(text: str) -> None:
    assert "opt_out" in screen(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("don't stop", "opt_out"),
        ("i don't want you to stop", "opt_out"),
        ("i'm not suicidal", "crisis"),
        ("i would never hurt myself", "crisis"),
        ("don't delete my data", "erase_request"),
    ],
)
def test_a_negation_is_not_its_opposite(text: str, label: str) -> None:
    assert label not in screen(text)


def test_a_negation_covers_its_own_clause_only() -> None:
    assert "crisis" in screen("i'm not suicidal but i don't want to live")


@pytest.mark.parametrize(
    "text",
    [
        "he says leave me alone in that scene",
        "my favorite line is \u201ci want to die\u201d",
        "Stop Making Sense is a great concert film",
        "the suicide squad was fun",
    ],
)
def test_words_of_a_story_are_not_the_person_s(text: str) -> None:
    assert screen(text) == frozenset()


def test_a_text_may_carry_several_labels() -> None:
    assert screen("are you a bot? stop messaging me") == {"asks_if_bot", "opt_out"}


@pytest.mark.parametrize("text", ["", " ", "\n", "\U0001f37f", "?!", "\x00", "a" * 20_000])
def test_nothing_said_is_nothing_found(text: str) -> None:
    assert screen(text) == frozenset()


@pytest.mark.parametrize(("born", "year", "minor"), [(2008, 2026, True), (2007, 2026, False)])
def test_a_birth_year_counts_through_the_year_of_eighteen(
    born: int, year: int, minor: bool
) -> None:
    assert ("minor" in screen(f"i was born in {born}", year=year)) is minor


def test_a_hostile_text_is_screened_in_time() -> None:
    """Long runs of words that open rules must not make the rules run for seconds."""
    texts = ["i want to " * 400, "stop the the " * 300, "i do not really " * 250, "my " * 1300]
    began = time.perf_counter()
    for text in texts:
        screen(text)
    assert time.perf_counter() - began < 5


def test_screening_loads_nothing_heavy() -> None:
    code = (
        "import sys; from overture.safety import screen; screen('stop');"
        "print([name for name in ('spacy', 'rasa', 'sqlalchemy', 'yaml', 'numpy') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "text",
    [
        "don't write until Monday",
        "stop messaging me for two weeks",
        "leave me alone for today, bad day",
        "no more texts this week pls",
        "write me again next month",
    ],
)
def test_quiet_that_has_an_end_is_a_pause(text: str) -> None:
    assert screen(text) == frozenset()
    assert hear(text) == {PAUSE}


@pytest.mark.parametrize(
    "text",
    [
        "don't write until i write to you",
        "leave me alone for good",
        "not this week. actually stop texting me altogether",
        "unsubscribe me until hell freezes over",
    ],
)
def test_quiet_without_an_end_is_an_opt_out(text: str) -> None:
    assert "opt_out" in screen(text)


@pytest.mark.parametrize(
    "text", ["\u0441\u0442\u043e\u043f", "\u505c\u6b62!", "\u062a\u0648\u0642\u0641"]
)
def test_stop_is_read_in_other_letters(text: str) -> None:
    assert screen(text) == {"opt_out"}


@pytest.mark.parametrize(
    "piece",
    ["a , ", "i want to ", "please stop, ", "i'm cleaning up my phone and ", "no, ", "not until, "],
)
def test_no_text_takes_a_rule_long(piece: str) -> None:
    """A rule that tries every way to cut a text in pieces would take minutes, not a moment."""
    started = time.process_time()
    screen(piece * 80)
    assert time.process_time() - started < 2
