"""Weigh a sentence word by word, for what no rule foresaw.

Pure. The weights are learnt (``training``) from examples kept beside them; a sentence that
weighs enough is treated like a hit of a weak rule: exceptions and film talk still void it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
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
    return _weights_of(sentence).get(label, 0.0) >= THRESHOLDS[label]


@lru_cache(maxsize=_TEXTS_KEPT)
def _weights_of(sentence: str) -> Mapping[str, float]:
    """Return what a sentence weighs for each label; a word alone weighs nothing."""
    words = [word for word in sentence.split(" ") if word != ","]
    if not 2 <= len(words) <= _LONGEST:
        return {}
    weighed = dict.fromkeys(THRESHOLDS, 0.0)
    for feature in set(features(words)):
        for label, weight in _weights().get(feature, ()):
            weighed[label] += weight
    return {label: weight + _biases()[label] for label, weight in weighed.items()}


def features(words: list[str]) -> Iterator[str]:
    """Yield the words and the pairs of neighbours."""
    yield from words
    yield from (f"{one} {two}" for one, two in pairwise(words))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, Sequence[tuple[str, float]]]:
    """Return the labels that each feature speaks for or against, and how much."""
    found: dict[str, list[tuple[str, float]]] = {}
    for label, weights in _learnt().items():
        for feature, weight in weights.items():
            found.setdefault(feature, []).append((label, weight))
    return found


@lru_cache(maxsize=1)
def _biases() -> Mapping[str, float]:
    return {label: weights[""] for label, weights in _learnt().items()}


@lru_cache(maxsize=1)
def _learnt() -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = json.loads((DATA / "weights.json").read_text("utf-8"))
    return found
