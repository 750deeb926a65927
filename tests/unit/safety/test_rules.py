"""The rule files: every line compiles, and what a line needs is in all that it matches."""

from __future__ import annotations

import re

import pytest

from overture.safety import anchors, rules

FILES = sorted(path.stem for path in rules.DATA.glob("*.rules") if path.stem != "common")


@pytest.mark.parametrize("name", FILES)
def test_every_rule_compiles(name: str) -> None:
    for section in rules.load(name).sections.values():
        for rule in section.rules:
            assert rule.pattern.pattern


@pytest.mark.parametrize("name", FILES)
def test_every_rule_but_the_plainest_needs_some_word(name: str) -> None:
    """A rule without a needed word would be tried on every text."""
    for heading, section in rules.load(name).sections.items():
        for rule in section.rules:
            assert rule.needs or len(rule.source) < 2_000, (heading, rule.source[:80])


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        ("kill myself", {"myself"}),
        ("(?:stop|quit) texting", {"texting"}),
        ("unsubscribe(?:d)?", {"unsubscribe"}),
        ("films? please", {"please"}),
        ("(?:red|blue)", {"red", "blue"}),
        ("{verb} me", {"text", "write"}),
    ],
)
def test_the_rarest_needed_piece_is_found(rule: str, needed: set[str]) -> None:
    assert anchors.needs(rule, {"verb": frozenset({"text", "write"})}) == needed


@pytest.mark.parametrize("rule", ["(?:stop)?", r"\d+", "(?:a|b?)", "(?=stop)"])
def test_a_rule_that_may_match_without_a_word_needs_none(rule: str) -> None:
    assert anchors.needs(rule, {}) is None


def test_a_word_list_is_expanded_where_it_is_named() -> None:
    file = rules.load("opt_out")
    assert not any(re.search(r"\{[a-z_]+\}", rule.source) for rule in file.section("any").rules)
