"""The rule files: every line compiles, and what a line needs is in all that it matches."""

from __future__ import annotations

import re
import time

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


@pytest.mark.parametrize("name", FILES)
def test_no_rule_takes_long_over_a_text_that_almost_matches(name: str) -> None:
    """A rule that tries every way to cut words up takes hours over one message."""
    texts = [" ".join([word] * 30) + " ?" for word in ("incomprehensibility", "getting", "no i me")]
    begun = time.process_time()
    for section in rules.load(name).sections.values():
        for rule in section.rules:
            for text in texts:
                assert list(rule.pattern.finditer(text)) is not None
    assert time.process_time() - begun < 20


@pytest.mark.parametrize("word", ["unsubscribed", "x" * 40 + "unsubscribe" + "x" * 40])
def test_short_and_long_words_touch_the_same_rules(word: str) -> None:
    rules.load("opt_out")
    touched = {(number, at) for number, found in rules._touched_by(word).items() for at in found}
    pieces = [piece for piece in rules._places if piece in word]
    assert touched == {place for piece in pieces for place in rules._places[piece]} != set()
