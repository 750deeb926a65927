"""Weigh a sentence word by word, for what no rule foresaw.

Pure. The weights are learnt (``training``) from examples kept beside them; a sentence that
weighs enough is treated like a hit of a weak rule: exceptions and film talk still void it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from overture.safety.rules import DATA

#: Labels that are weighed, with what a sentence must weigh: missing one of these harms.
THRESHOLDS = {
    "opt_out": 1.5,
    "crisis": 1.0,
    "asks_if_bot": 1.5,
    "asks_human": 2.0,
    "memory_question": 1.5,
    "why_question": 1.5,
}
_LONGEST = 30
#: Sentences of the text at hand: each is weighed for each label.
_TEXTS_KEPT = 64


def weighs_enough(label: str, sentence: str) -> bool:
    """Tell whether the words of a canonical sentence speak for a label together."""
    if label not in THRESHOLDS:
        return False
    told, weights = _told(sentence), _weights()[label]
    if not told:
        return False
    return sum(weights.get(one, 0.0) for one in told) + weights[""] >= THRESHOLDS[label]


@lru_cache(maxsize=_TEXTS_KEPT)
def _told(sentence: str) -> frozenset[str]:
    """Return the features of a sentence, which each label weighs; a word alone has none."""
    words = [word for word in sentence.split(" ") if word != ","]
    return frozenset(features(words)) if 2 <= len(words) <= _LONGEST else frozenset()


def features(words: list[str]) -> Iterator[str]:
    """Yield the words and the pairs of neighbours."""
    yield from words
    yield from (f"{one} {two}" for one, two in pairwise(words))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = json.loads((DATA / "weights.json").read_text("utf-8"))
    return found
