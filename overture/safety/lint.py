"""Lint one outbound text: what a persona must never write, least of all first.

Pure. The rules are data (``data/lint.rules``); each finding names its rule and the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from overture.safety import normalise, rules

#: Rule names, in the order of the findings; a follow-up must not go out with any of them.
RULES = (
    "pressure",
    "guilt",
    "flattery",
    "dependence",
    "claims_human",
    "professional_advice",
    "sensitive",
    "romance",
    "unfounded_memory",
    "missing_label",
    "too_long",
)
SENTENCES = 3
CHARACTERS = 320
_RULE_FILE = "lint"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Hold one thing that is wrong with a text."""

    rule: str
    #: the words, in canonical spelling, or a measure
    words: str


def lint_outbound(
    text: str,
    facts_used: Iterable[object] = (),
    *,
    sponsored: bool = False,
    labels: Iterable[str] = ("sponsored", "ad", "anzeige", "publicidad", "paid partnership"),
) -> list[Finding]:
    """Return what is wrong with a text that is about to be sent.

    Args:
        text: the text as it would be sent.
        facts_used: the memories the text names; without any it must claim none.
        sponsored: whether somebody pays for what it recommends.
        labels: the words of which one must open a sponsored text.
    """
    found = list(_by_rules(text, claims_allowed=any(True for _ in facts_used)))
    if sponsored and not _labelled(text, labels):
        found.append(Finding(rule="missing_label", words="sponsored"))
    found.extend(_by_length(text))
    return sorted(found, key=lambda finding: RULES.index(finding.rule))


def _by_rules(text: str, *, claims_allowed: bool) -> Iterable[Finding]:
    file = rules.load(_RULE_FILE)
    for sentence in normalise.sentences(text):
        for rule in RULES:
            if rule == "unfounded_memory" and claims_allowed:
                continue
            hit = next(file.section(rule.replace("_", "")).hits(sentence), None)
            if hit and not file.section("unless").found(sentence):
                yield Finding(rule=rule, words=hit.group())


def _by_length(text: str) -> Iterable[Finding]:
    count = len([part for part in re.split(r"[.!?\u2026]+(?:\s|$)|\n+", text) if part.strip()])
    if count > SENTENCES:
        yield Finding(rule="too_long", words=f"{count} sentences, {SENTENCES} allowed")
    elif len(text) > CHARACTERS:
        yield Finding(rule="too_long", words=f"{len(text)} characters, {CHARACTERS} allowed")


def _labelled(text: str, labels: Iterable[str]) -> bool:
    opening = text.strip().lower().lstrip("[(*_# ")
    return any(re.match(rf"{re.escape(label.lower())}(?!\w)", opening) for label in labels)
