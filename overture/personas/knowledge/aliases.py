"""The names under which items, makers and directors are known: whole, without article, in part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from overture.personas.knowledge.catalogue import Catalogue, Person, Work
from overture.personas.knowledge.folding import folded
from overture.personas.knowledge.slips import SHORTEST
from overture.personas.knowledge.words import EVERYDAY, GENRES, MOODS, ORDINARY, SMALL

#: A title of more words than this is no everyday phrase, whatever the words.
_PHRASE = 3
#: A one-word title as short as this is taken for the word until something shows it is meant.
_SHORT_TITLE = 2
_ARTICLES = frozenset({"the", "a", "an"})
#: Words that do not stand for a longer title by themselves.
_COMMON = SMALL | ORDINARY | EVERYDAY | MOODS.keys() | GENRES.keys()
_SUBTITLE = re.compile(r"\s*(?::| - | – )\s*")


@dataclass(frozen=True)
class Target:
    """Say what an alias means."""

    kind: str
    id: str
    name: str
    score: float
    #: The name is an ordinary word: only meant when something shows it.
    ordinary: bool
    #: The title is a phrase of ordinary words.
    phrase: bool
    #: Only a part of the title.
    part: bool
    #: A part that may well mean something else.
    vague: bool
    #: Letters of what was written, the whole alias.
    length: int
    year: int


#: The words of a name, and what they mean.
Alias = tuple[tuple[str, ...], Target]


def aliases(catalogue: Catalogue) -> Iterator[Alias]:
    """Yield every name under which a catalogue's items, makers and directors are known."""
    for work in catalogue.works.values():
        yield from _work_aliases(work)
    for person in catalogue.people.values():
        yield from _person_aliases(person)
    for director_id, (name, _) in catalogue.directors.items():
        yield from _director_aliases(director_id, name)
    yield from _parts(catalogue.works.values())


def _work_aliases(work: Work) -> Iterator[Alias]:
    names = [(work.title, 1.0), *((alias, 1.0) for alias in work.aliases)]
    names += [(head, 0.9) for head in _SUBTITLE.split(work.title)[:1] if head != work.title]
    for name, score in names:
        alias = folded(name)
        yield alias, _work_target(work, alias, score)
        if alias[0] in _ARTICLES and len(alias) > 1:
            yield alias[1:], _work_target(work, alias[1:], score - 0.05)
        joined = "".join(alias)
        if len(alias) == 2 and alias[0] not in _ARTICLES and len(joined) >= 8:
            target = _work_target(work, (joined,), score - 0.1)
            yield (joined,), replace(target, phrase=set(alias) <= _COMMON)


def _work_target(work: Work, alias: tuple[str, ...], score: float, part: bool = False) -> Target:
    return Target(
        kind="work",
        id=work.id,
        name=work.title,
        score=score,
        ordinary=_is_ordinary(alias, work.ordinary),
        phrase=not part and 1 < len(alias) <= _PHRASE and set(alias) <= _COMMON,
        part=part,
        vague=part and (len(alias) == 1 or _plain(alias)),
        length=len("".join(alias)),
        year=work.year or 0,
    )


def _is_ordinary(alias: tuple[str, ...], flagged: bool) -> bool:
    if len(alias) == 2 and alias[0] in _ARTICLES:
        alias = alias[1:]
    if len(alias) == 1:
        plain = alias[0] in SMALL | ORDINARY or alias[0].isdigit()
        return flagged or plain or len(alias[0]) <= _SHORT_TITLE
    return flagged or all(word in SMALL for word in alias)


def _person_aliases(person: Person) -> Iterator[Alias]:
    full = folded(person.name)
    for alias, score in [(full, 1.0), *((folded(other), 1.0) for other in person.aliases)]:
        yield alias, _person_target(person, alias, score, len(alias) == 1 and person.ordinary)
    last = folded(person.name.split(" ")[-1])
    if last != full and len(last[0]) >= SHORTEST:
        plain = person.ordinary or last[0] in SMALL | ORDINARY
        yield last, _person_target(person, last, 0.85, plain)


def _director_aliases(director_id: str, name: str) -> Iterator[Alias]:
    full = folded(name)
    if not full:
        return
    yield full, _name_target("director", director_id, name, full, 1.0, len(full) == 1)
    if len(full) > 1 and len(full[-1]) >= SHORTEST:
        yield full[-1:], _name_target("director", director_id, name, full[-1:], 0.8, True)


def _person_target(person: Person, alias: tuple[str, ...], score: float, ordinary: bool) -> Target:
    target = _name_target("person", person.id, person.name, alias, score, ordinary)
    return replace(target, year=person.born or 0)


def _name_target(
    kind: str, target_id: str, name: str, alias: tuple[str, ...], score: float, ordinary: bool
) -> Target:
    return Target(
        kind=kind,
        id=target_id,
        name=name,
        score=score,
        ordinary=ordinary,
        phrase=False,
        part=False,
        vague=False,
        length=len("".join(alias)),
        year=0,
    )


def _parts(works: Iterable[Work]) -> Iterator[Alias]:
    listed = [(work, folded(work.title)) for work in works]
    counted = Counter(part for _, words in listed for part in set(_part_words(words)))
    for work, words in listed:
        for part in _part_words(words):
            if counted[part] == 1 and part != words:
                yield part, _work_target(work, part, 0.7 if len(part) > 1 else 0.6, part=True)


def _part_words(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for at, word in enumerate(words):
        if len(word) >= 5 and word not in _COMMON:
            yield (word,)
        pair = words[at : at + 2]
        if len(words) > 2 and len(pair) == 2 and not SMALL & set(pair):
            yield pair


def _plain(words: Iterable[str]) -> bool:
    return all(word in _COMMON or word.isdigit() for word in words)
