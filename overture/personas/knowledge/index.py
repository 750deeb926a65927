"""Titles and names recognised in what people write: with slips, by part, never inside words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from overture.personas.knowledge.catalogue import Catalogue, Person, Work
from overture.personas.knowledge.evidence import Evidence
from overture.personas.knowledge.slips import SHORTEST, Slips
from overture.personas.knowledge.words import ORDINARY, SMALL, fold, folded, tokens

#: Longer messages are read up to here.
_TEXT_LIMIT = 4000
_SKIPPED = frozenset({"the", "a", "an", "of", "n"})
#: A single misspelt word is a title or name only from this length on.
_SINGLE_SLIP = 6
#: A one-word title as short as this is taken for the word until something shows it is meant.
_SHORT_TITLE = 2
_ARTICLES = frozenset({"the", "a", "an"})
_SUBTITLE = re.compile(r"\s*(?::| - | – )\s*")


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


@dataclass(frozen=True)
class _Target:
    kind: str
    id: str
    name: str
    score: float
    #: The name is an ordinary word: only meant when something shows it.
    ordinary: bool
    #: Only a part of the title.
    part: bool
    #: A part that may well mean something else.
    vague: bool
    year: int


@dataclass
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    targets: list[_Target] = field(default_factory=list)


@dataclass(frozen=True)
class _Hit:
    first: int
    last: int
    target: _Target
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
        for alias, target in _aliases(catalogue):
            self._add(alias, target)
        self._words = frozenset(_words(self._root))
        self._slips = Slips(self._words)

    def find(self, text: str) -> tuple[Match, ...]:
        """Return what a text names, in the order of the text; equals share their place.

        Args:
            text: a message, read up to 4,000 characters.
        """
        found = tokens(text[:_TEXT_LIMIT])
        forms = [self._forms(token[0]) for token in found]
        evidence = Evidence(text[:_TEXT_LIMIT], found, self._cues)
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

    def _add(self, alias: Sequence[str], target: _Target) -> None:
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
        if slips and used == 1 and (len(fold(target.name)) < _SINGLE_SLIP or target.part):
            continue
        score = target.score - 0.1 * slips - 0.05 * skipped
        yield _Hit(first=first, last=at - 1, target=target, score=score, slips=slips)


def _shown(hit: _Hit, evidence: Evidence) -> bool:
    target = hit.target
    if target.kind == "person" and target.ordinary:
        return evidence.cue_anywhere or evidence.alone(hit.first, hit.last)
    if target.ordinary:
        return evidence.meant(hit.first, hit.last)
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


def _aliases(catalogue: Catalogue) -> Iterator[tuple[tuple[str, ...], _Target]]:
    for work in catalogue.works.values():
        yield from _work_aliases(work)
    for person in catalogue.people.values():
        yield from _person_aliases(person)
    yield from _parts(catalogue.works.values())


def _work_aliases(work: Work) -> Iterator[tuple[tuple[str, ...], _Target]]:
    names = [(work.title, 1.0), *((alias, 1.0) for alias in work.aliases)]
    names += [(head, 0.9) for head in _SUBTITLE.split(work.title)[:1] if head != work.title]
    for name, score in names:
        alias = folded(name)
        yield alias, _work_target(work, alias, score)
        if alias[0] in _ARTICLES and len(alias) > 1:
            yield alias[1:], _work_target(work, alias[1:], score - 0.05)
        joined = "".join(alias)
        if len(alias) == 2 and alias[0] not in _ARTICLES and len(joined) >= 8:
            yield (joined,), _work_target(work, (joined,), score - 0.1)


def _work_target(work: Work, alias: tuple[str, ...], score: float, part: bool = False) -> _Target:
    return _Target(
        kind="work",
        id=work.id,
        name=work.title,
        score=score,
        ordinary=_is_ordinary(alias, work.ordinary),
        part=part,
        vague=part and (len(alias) == 1 or _plain(alias)),
        year=work.year or 0,
    )


def _is_ordinary(alias: tuple[str, ...], flagged: bool) -> bool:
    if len(alias) == 2 and alias[0] in _ARTICLES:
        alias = alias[1:]
    if len(alias) == 1:
        plain = alias[0] in SMALL | ORDINARY or alias[0].isdigit()
        return flagged or plain or len(alias[0]) <= _SHORT_TITLE
    return flagged or all(word in SMALL for word in alias)


def _person_aliases(person: Person) -> Iterator[tuple[tuple[str, ...], _Target]]:
    full = folded(person.name)
    for alias, score in [(full, 1.0), *((folded(other), 1.0) for other in person.aliases)]:
        yield alias, _person_target(person, score, len(alias) == 1 and person.ordinary)
    last = folded(person.name.split(" ")[-1])
    if last != full and len(last[0]) >= SHORTEST:
        yield last, _person_target(person, 0.85, person.ordinary or last[0] in SMALL | ORDINARY)


def _person_target(person: Person, score: float, ordinary: bool) -> _Target:
    return _Target(
        kind="person",
        id=person.id,
        name=person.name,
        score=score,
        ordinary=ordinary,
        part=False,
        vague=False,
        year=person.born or 0,
    )


def _parts(works: Iterable[Work]) -> Iterator[tuple[tuple[str, ...], _Target]]:
    listed = [(work, folded(work.title)) for work in works]
    counted = Counter(part for _, words in listed for part in set(_part_words(words)))
    for work, words in listed:
        for part in _part_words(words):
            if counted[part] == 1 and part != words:
                yield part, _work_target(work, part, 0.7 if len(part) > 1 else 0.6, part=True)


def _part_words(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at, word in enumerate(words):
        if len(word) >= 5 and word not in SMALL | ORDINARY:
            yield (word,)
        pair = words[at : at + 2]
        if len(words) > 2 and len(pair) == 2 and not SMALL & set(pair):
            yield pair


def _plain(words: Iterable[str]) -> bool:
    return all(word in ORDINARY or word.isdigit() for word in words)
