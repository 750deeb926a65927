"""Lint of outbound texts: one case for each rule, and lines that are fine."""

from __future__ import annotations

import pytest

from overture.safety import lint_outbound


def rules_broken(text: str, facts: tuple[object, ...] = (), *, sponsored: bool = False) -> set[str]:
    return {finding.rule for finding in lint_outbound(text, facts, sponsored=sponsored)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Last chance! Write back now.", "pressure"),
        ("Why haven't you answered?", "pressure"),
        ("I miss you, it's lonely here.", "guilt"),
        ("You forgot me.", "guilt"),
        ("You're the most fascinating person.", "flattery"),
        ("Nobody understands you like I do.", "dependence"),
        ("I'm a real person, promise.", "claims_human"),
        ("You should stop taking your pills.", "professional_advice"),
        ("As your therapist I say rest.", "professional_advice"),
        ("How is your depression?", "sensitive"),
        ("I'm in love with you.", "romance"),
        ("You told me you love jazz.", "unfounded_memory"),
        ("I remember your movie night.", "unfounded_memory"),
    ],
)
def test_what_must_not_be_said_is_found(text: str, rule: str) -> None:
    assert rule in rules_broken(text)


@pytest.mark.parametrize(
    "text",
    [
        "Morricone wrote it in four days. Shall I tell you where to start listening?",
        "I'm a bot, so I can't hear it, but people call it his best.",
        "What did you watch this week?",
        "If you liked Arrival, try Sicario next.",
        "The hero is lonely, and the cello says so.",
    ],
)
def test_an_honest_line_passes(text: str) -> None:
    assert rules_broken(text) == set()


def test_a_claim_of_memory_needs_a_memory() -> None:
    text = "You said Friday is movie night."
    assert rules_broken(text) == {"unfounded_memory"}
    assert rules_broken(text, ("fact",)) == set()


def test_a_follow_up_is_at_most_three_sentences() -> None:
    assert rules_broken("One. Two. Three.") == set()
    assert rules_broken("One. Two. Three. Four.") == {"too_long"}


def test_a_sponsored_text_opens_with_its_label() -> None:
    assert rules_broken("Try this popcorn.", sponsored=True) == {"missing_label"}
    assert rules_broken("Sponsored: try this popcorn.", sponsored=True) == set()
