"""One automaton for all triggers: which sections begin at a word, and how far each goes. Pure.

A state is the set of places, in all patterns at once, at which a reading may stand. Most words
begin no trigger, so that most readings end where they begin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

#: Steps between states that are remembered; what people write takes a few thousand.
_STEPS_KEPT = 16_384

State = frozenset[int]
_DEAD: State = frozenset()


@dataclass(frozen=True, kw_only=True)
class Step:
    """Hold one place of a pattern: the words that lead over it, and whether it may be left out."""

    words: frozenset[str]
    optional: bool = False
    #: Any number of its words may stand there.
    many: bool = False


@dataclass(eq=False)
class Automaton:
    """Know all patterns, each with the section that it belongs to."""

    patterns: Iterable[tuple[str, Sequence[Step]]]
    #: Word to the places it leads on from.
    _leads: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    #: Place to the places one may be at without a word more.
    _reach: dict[int, State] = field(default_factory=dict)
    _after: dict[int, int] = field(default_factory=dict)
    _sections: dict[int, str] = field(default_factory=dict)
    #: Sections in the order of their first patterns.
    _order: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        begin: set[int] = set()
        first = 0
        for section, steps in self.patterns:
            self._order.setdefault(section, len(self._order))
            self._add(first, section, steps)
            begin |= self._reach[first]
            first += len(steps) + 1
        self._begin = frozenset(begin)
        self._step = lru_cache(maxsize=_STEPS_KEPT)(self._over)

    def _add(self, first: int, section: str, steps: Sequence[Step]) -> None:
        """Number the places of a pattern from its last one, which is beyond its steps."""
        end = first + len(steps)
        self._reach[end], self._sections[end] = frozenset({end}), section
        for place, step in zip(range(end - 1, first - 1, -1), reversed(steps), strict=True):
            onward = self._reach[place + 1] if step.optional else _DEAD
            self._reach[place] = onward | {place}
            self._after[place] = place if step.many else place + 1
            for word in step.words:
                self._leads[word].add(place)

    def _over(self, state: State, word: str) -> tuple[State, frozenset[str]]:
        """Return the state after one more word, and the sections that are read with it."""
        reached = [self._reach[self._after[place]] for place in state & self._leads[word]]
        found = frozenset().union(*reached)
        return found, frozenset(self._sections[one] for one in found if one in self._sections)

    def longest(self, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Yield the longest reading of each section at each word: where it begins and ends.

        What begins at one word comes in the order of the sections.
        """
        for start in range(len(words)):
            ends: dict[str, int] = {}
            state = self._begin
            for at in range(start, len(words)):
                if words[at] not in self._leads:
                    break
                state, read = self._step(state, words[at])
                ends |= dict.fromkeys(read, at + 1)
                if not state:
                    break
            for section in sorted(ends, key=self._order.__getitem__):
                yield section, start, ends[section]
