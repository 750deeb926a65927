"""The automaton of triggers, beside spaCy's matcher over the same patterns."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from spacy.matcher import Matcher

from overture.memory import language
from overture.memory.automaton import Automaton, Step

HELD_OUT = Path(__file__).parent / "held_out.jsonl"
Reading = tuple[str, int, int]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """Return spaCy's matcher over all triggers."""
    found = Matcher(language.read("").vocab)
    for section, steps in language._patterns():
        found.add(section, [[_token(one) for one in steps]])
    return found


def _token(step: Step) -> dict[str, object]:
    operator = {"OP": "*" if step.many else "?"} if step.optional else {}
    return {"NORM": {"IN": sorted(step.words)}, **operator}


def by_spacy(matcher: Matcher, text: str) -> set[Reading]:
    """Return the longest reading of each section at each word, as spaCy finds them."""
    doc, ends = language.read(text), dict[tuple[str, int], int]()
    for key, start, end in matcher(doc):
        section = doc.vocab.strings[key]
        ends[section, start] = max(end, ends.get((section, start), 0))
    return {(section, start, end) for (section, start), end in ends.items()}


def by_automaton(text: str) -> set[Reading]:
    """Return the same as the automaton finds them."""
    found = language.triggers(language.read(text))
    return {(one.section, one.start, one.end) for one in found}


def test_texts_have_the_triggers_that_spacy_finds(matcher: Matcher) -> None:
    """What people write, and a thousand made of the words of patterns, at random."""
    texts = [json.loads(line)["text"] for line in HELD_OUT.read_text("utf-8").splitlines()]
    rng, patterns = Random(4), [steps for _, steps in language._patterns()]
    texts += [" ".join(_said(rng, rng.choice(patterns)) for _ in range(3)) for _ in range(1000)]
    differing = [one for one in texts if by_spacy(matcher, one) != by_automaton(one)]
    assert differing == []
    assert sum(bool(by_automaton(one)) for one in texts) > 1000


def _said(rng: Random, steps: list[Step]) -> str:
    """Say one pattern, with some of what may be left out, and more or less often."""
    times = [rng.randrange(0 if one.optional else 1, 4 if one.many else 2) for one in steps]
    chosen = [
        rng.choice(sorted(one.words))
        for one, count in zip(steps, times, strict=True)
        for _ in range(count)
    ]
    return " ".join(chosen)


def words(text: str, **how: bool) -> Step:
    """Return a step over some words."""
    return Step(words=frozenset(text.split("|")), **how)


def test_the_longest_reading_of_each_section_counts() -> None:
    """Steps that may be left out, at the end too; what begins together is in file order."""
    known = Automaton(
        [
            ("name", [words("i"), words("am"), words("called", optional=True)]),
            ("self", [words("i"), words("really|so", optional=True, many=True), words("am")]),
            ("name", [words("i"), words("am")]),
        ]
    )
    assert list(known.longest(["well", "i", "am", "called", "i", "so", "really", "so", "am"])) == [
        ("name", 1, 4),
        ("self", 1, 3),
        ("self", 4, 9),
    ]


def test_a_word_said_over_and_over_takes_no_longer_each_time() -> None:
    """Nothing is tried in every way it can be cut: the states stay few."""
    known = Automaton(
        [("all", [words("so", optional=True, many=True) for _ in range(12)] + [words("end")])]
    )
    assert list(known.longest(["so"] * 200)) == []
    assert known._step.cache_info().currsize <= 12
