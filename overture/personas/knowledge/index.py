"""Titles and names recognised in what people write: with slips, by part, never inside words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from overture.personas.knowledge.aliases import Target, aliases
from overture.personas.knowledge.catalogue import Catalogue
from overture.personas.knowledge.evidence import Evidence
from overture.personas.knowledge.folding import fold, tokens
from overture.personas.knowledge.slips import Slips
from overture.personas.knowledge.words import ORDINARY, SMALL

#: Longer messages are read up to here.
_TEXT_LIMIT = 4000
_SKIPPED = frozenset({"the", "a", "an", "of", "n"})
#: A single misspelt word is a title or name only from this length on.
_SINGLE_SLIP = 6


@dataclass(frozen=True, kw_only=True)
class Match:
    """Say that a part of a text names an item or a maker."""

    #: ``work`` or ``person``.
    kind: str
    id: str
    #: The title or name as the catalogue has it.
    name: str
    #: Where it stands in the text.
    start: int
    end: int
    #: From 0 to 1; 1 is the whole title without a slip.
    score: float


@dataclass
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)


@dataclass(frozen=True)
class _Hit:
    first: int
    last: int
    target: Target
    score: float
    slips: int


class Index:
    """Find what a catalogue names in a text."""

    def __init__(
        self, catalogue: Catalogue, cues: Collection[str] = (), *, literal: bool = False
    ) -> None:
        """Index a catalogue.

        Args:
            catalogue: what is known.
            cues: words that show that a title is meant.
            literal: whether titles are everyday words that mean the thing itself.
        """
        self._literal = literal
        self._root = _Node()
        self._cues = frozenset(fold(cue) for cue in cues)
        for alias, target in aliases(catalogue):
            self._add(alias, target)
        self._words = frozenset(_words(self._root))
        self._slips = Slips(self._words)

    def find(self, text: str, *, answering: bool = False) -> tuple[Match, ...]:
        """Return what a text names, in the order of the text; equals share their place.

        Args:
            text: a message, read up to 4,000 characters.
            answering: whether it answers a question for an item, so that an ordinary word
                may be a title.
        """
        found = tokens(text[:_TEXT_LIMIT])
        forms = [self._forms(token[0]) for token in found]
        evidence = Evidence(text[:_TEXT_LIMIT], found, self._cues, answering=answering)
        hits = [hit for at in range(len(forms)) for hit in self._walk(forms, at)]
        kept = _best([hit for hit in hits if self._shown(hit, evidence)])
        return tuple(
            Match(
                kind=hit.target.kind,
                id=hit.target.id,
                name=hit.target.name,
                start=found[hit.first].start(),
                end=found[hit.last].end(),
                score=round(hit.score, 2),
            )
            for hit in kept
        )

    def _shown(self, hit: _Hit, evidence: Evidence) -> bool:
        if self._literal and hit.target.kind == "work" and not hit.target.part:
            return hit.target.name.casefold() not in SMALL
        return _shown(hit, evidence)

    def _add(self, alias: Sequence[str], target: Target) -> None:
        node = self._root
        for word in alias:
            node = node.next.setdefault(word, _Node())
        if all(held.id != target.id for held in node.targets):
            node.targets.append(target)

    def _forms(self, word: str) -> tuple[tuple[str, int], ...]:
        whole = fold(word)
        plain = [whole]
        if len(word) > 2 and word[-2] in "'’´`" and word[-1] in "sS":
            plain.append(fold(word[:-2]))
        known = tuple((form, 0) for form in plain if form in self._words)
        return known or self._slips.correct(plain[-1]) or ((whole, 0),)

    def _walk(self, forms: Sequence[tuple[tuple[str, int], ...]], first: int) -> Iterator[_Hit]:
        stack = [(self._root, first, 0, 0)]
        while stack:
            node, at, slips, skipped = stack.pop()
            yield from _hits(node, first, at, slips, skipped)
            left_out = _SKIPPED & node.next.keys() if at > first else ()
            stack += [(node.next[word], at, slips, skipped + 1) for word in left_out]
            steps = self._steps(node, forms, at)
            stack += [(child, after, slips + more, skipped) for child, after, more in steps]

    def _steps(
        self, node: _Node, forms: Sequence[tuple[tuple[str, int], ...]], at: int
    ) -> Iterator[tuple[_Node, int, int]]:
        if at >= len(forms):
            return
        for word, slips in forms[at]:
            if word in node.next:
                yield node.next[word], at + 1, slips
        if at + 1 < len(forms):
            joined = forms[at][0][0] + forms[at + 1][0][0]
            if joined in node.next and joined not in SMALL | ORDINARY:
                yield node.next[joined], at + 2, 1


def _hits(node: _Node, first: int, at: int, slips: int, skipped: int) -> Iterator[_Hit]:
    used = at - first
    for target in node.targets:
        if used == 0 or (skipped and used < 2):
            continue
        if slips and used == 1 and (target.length < _SINGLE_SLIP or target.part):
            continue
        score = target.score - 0.1 * slips - 0.05 * skipped
        yield _Hit(first=first, last=at - 1, target=target, score=score, slips=slips)


def _shown(hit: _Hit, evidence: Evidence) -> bool:
    target = hit.target
    if target.kind == "person" and target.ordinary:
        return evidence.named(hit.first, hit.last) or evidence.alone(hit.first, hit.last)
    if target.kind == "director" and target.ordinary:
        return evidence.named(hit.first, hit.last)
    if target.ordinary:
        return evidence.meant(hit.first, hit.last)
    if target.phrase:
        return evidence.phrase(hit.first, hit.last)
    if target.part and target.vague:
        return evidence.hinted(hit.first, hit.last)
    return True


def _best(hits: Iterable[_Hit]) -> list[_Hit]:
    ranked = sorted(hits, key=lambda hit: (hit.first - hit.last, -hit.score, hit.target.year))
    kept: list[_Hit] = []
    for hit in ranked:
        if all(_apart(hit, other) or _equal(hit, other) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.first, -hit.score, hit.target.year))


def _apart(one: _Hit, other: _Hit) -> bool:
    return one.last < other.first or other.last < one.first


def _equal(one: _Hit, other: _Hit) -> bool:
    same = (one.first, one.last, one.score) == (other.first, other.last, other.score)
    return same and one.target.id != other.target.id


def _words(node: _Node) -> Iterator[str]:
    for word, child in node.next.items():
        yield word
        yield from _words(child)
