"""Words one or two slips of the finger away, found through shared deletions.

The index holds each known word under every text left when one or two of its letters are
taken out; a misspelt word is reduced the same way, and rapidfuzz measures what both share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from rapidfuzz.distance import OSA

from overture.personas.knowledge.words import NO_SLIP, ORDINARY, SMALL

#: Shorter words are taken as they stand.
SHORTEST = 4
#: From this length on, two slips are forgiven.
LONG = 8
#: Longer words cannot be titles or names.
_LONGEST = 24


class Slips:
    """Correct single words towards a vocabulary."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._words = frozenset(vocabulary)
        self._by_deletion: dict[str, list[str]] = {}
        for word in self._words:
            if SHORTEST <= len(word) <= _LONGEST and not word.isdigit():
                for left in _deletions(word):
                    self._by_deletion.setdefault(left, []).append(word)

    def correct(self, word: str) -> tuple[tuple[str, int], ...]:
        """Return the nearest known words with their distance; none for an ordinary word."""
        if word in self._words or not SHORTEST <= len(word) <= _LONGEST or word.isdigit():
            return ()
        if word in SMALL or word in ORDINARY or word in NO_SLIP:
            return ()
        near = {known for left in _deletions(word) for known in self._by_deletion.get(left, ())}
        measured = [(known, OSA.distance(word, known)) for known in near if known[0] == word[0]]
        return _nearest([(known, far) for known, far in measured if far <= _allowed(known)])


def _nearest(measured: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    least = min((distance for _, distance in measured), default=0)
    return tuple(sorted((word, distance) for word, distance in measured if distance == least)[:3])


def _allowed(word: str) -> int:
    return 2 if len(word) >= LONG else 1


def _deletions(word: str) -> Iterator[str]:
    yield word
    for slips in range(1, _allowed(word + "x") + 1):
        for kept in combinations(word, len(word) - slips):
            yield "".join(kept)
