"""The catalogue of a persona: items (films, plants, dishes) and the people who made them.

Read from JSON Lines or YAML; every record names its file and line when something is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from overture.errors import ConfigurationError
from overture.personas.identifiers import PERSONA_ID
from overture.personas.source import LIMIT, Section, Source

#: Years a catalogue may name: older ones are written as text in ``about``.
YEARS = range(1000, 2101)
_WORK_KEYS = (
    "id",
    "title",
    "year",
    "country",
    "by",
    "director",
    "genres",
    "moods",
    "about",
    "cue",
    "before",
    "next",
    "aliases",
    "ordinary",
)
_PERSON_KEYS = ("id", "person", "country", "born", "about", "aliases", "ordinary")


@dataclass(frozen=True, kw_only=True)
class Work:
    """Hold one item: a film, a plant, a dish, a book."""

    id: str
    title: str
    year: int | None = None
    country: tuple[str, ...] = ()
    #: Ids of the makers: composers of a score, authors of a book.
    by: tuple[str, ...] = ()
    director: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    #: What it is like, as a clause without a full stop.
    about: str = ""
    #: What to listen, look or taste for, as a clause without a full stop.
    cue: str = ""
    #: Items that go before it and after it.
    before: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    #: Whether the title is an ordinary word that often means something else.
    ordinary: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    """Hold one maker."""

    id: str
    name: str
    country: str = ""
    born: int | None = None
    about: str = ""
    aliases: tuple[str, ...] = ()
    #: Whether the last name is an ordinary word or a frequent name.
    ordinary: bool = False


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Hold everything a persona knows."""

    works: Mapping[str, Work] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)

    @cached_property
    def works_by(self) -> Mapping[str, tuple[Work, ...]]:
        """Return the items of each maker, the oldest first."""
        found: dict[str, list[Work]] = {}
        for work in sorted(self.works.values(), key=lambda work: (work.year or 0, work.title)):
            for person_id in work.by:
                found.setdefault(person_id, []).append(work)
        return {person_id: tuple(works) for person_id, works in found.items()}

    @cached_property
    def directors(self) -> Mapping[str, tuple[str, tuple[Work, ...]]]:
        """Return the name and the items of each director who is no maker too, by an id."""
        makers = {person.name for person in self.people.values()}
        found: dict[str, tuple[str, tuple[Work, ...]]] = {}
        for work in self.works.values():
            for name in work.director:
                key = "-".join(name.casefold().split())
                if name not in makers:
                    found[key] = (name, (*found.get(key, (name, ()))[1], work))
        return found

    @cached_property
    def genres(self) -> frozenset[str]:
        """Return every genre."""
        return frozenset(genre for work in self.works.values() for genre in work.genres)

    @cached_property
    def moods(self) -> frozenset[str]:
        """Return every mood."""
        return frozenset(mood for work in self.works.values() for mood in work.moods)

    @cached_property
    def countries(self) -> frozenset[str]:
        """Return every country."""
        return frozenset(name for work in self.works.values() for name in work.country)


def load_catalogue(folder: Path, patterns: tuple[str, ...]) -> Catalogue:
    """Read the files of a catalogue and check that they belong together.

    Args:
        folder: the persona's folder; files must lie inside it.
        patterns: names or glob patterns, as in the card.

    Raises:
        ConfigurationError: names the file, the line, the key and what is allowed.
    """
    works: dict[str, Work] = {}
    people: dict[str, Person] = {}
    for section in _sections(folder, patterns):
        if "person" in section:
            _add(people, _person(section), section)
        else:
            _add(works, _work(section), section)
    catalogue = Catalogue(works=works, people=people)
    _check_references(folder, catalogue)
    return catalogue


def _sections(folder: Path, patterns: tuple[str, ...]) -> Iterator[Section]:
    for pattern in patterns:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            raise ConfigurationError(str(folder), "files", pattern, "a path inside the folder")
        paths = sorted(folder.glob(pattern))
        if not paths:
            raise ConfigurationError(str(folder), "files", pattern, "a file that exists")
        for path in paths:
            yield from _jsonl(path) if path.suffix == ".jsonl" else _yaml(path)


def _jsonl(path: Path) -> Iterator[Section]:
    text = Source.read(path)
    for number, line in enumerate(text.lines(), start=1):
        if line.strip():
            yield Section(Source(f"{path}:{number}", ""), _json(path, number, line))


def _json(path: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path}:{number}", "JSON", line[:40], "a JSON object") from error


def _yaml(path: Path) -> Iterator[Section]:
    source = Source.read(path)
    listed = source.load()
    if not isinstance(listed, list):
        raise source.error((), listed, f"a list of items, at most {LIMIT} bytes")
    for index, value in enumerate(listed):
        yield Section(source, value, (index,))


def _add(known: dict[str, Any], item: Any, section: Section) -> None:
    if item.id in known:
        raise section.fail("id", "an id that no other item has")
    known[item.id] = item


def _id(section: Section) -> str:
    found = section.text("id", limit=64)
    if not PERSONA_ID.fullmatch(found):
        raise section.fail("id", "a-z, 0-9, - and _, at most 63 characters")
    return found


def _year(section: Section, key: str) -> int | None:
    value = section.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value not in YEARS:
        raise section.fail(key, f"a year from {YEARS.start} to {YEARS.stop - 1}")
    return value


def _work(section: Section) -> Work:
    section.only(_WORK_KEYS)
    return Work(
        id=_id(section),
        title=section.text("title", limit=200),
        year=_year(section, "year"),
        country=section.texts("country", limit=60),
        by=section.texts("by", limit=64),
        director=section.texts("director", limit=120),
        genres=section.texts("genres", limit=40),
        moods=section.texts("moods", limit=40),
        about=section.text("about", "", limit=400),
        cue=section.text("cue", "", limit=300),
        before=section.texts("before", limit=64),
        next=section.texts("next", limit=64),
        aliases=section.texts("aliases", limit=200),
        ordinary=section.flag("ordinary", False),
    )


def _person(section: Section) -> Person:
    section.only(_PERSON_KEYS)
    return Person(
        id=_id(section),
        name=section.text("person", limit=120),
        country=section.text("country", "", limit=60),
        born=_year(section, "born"),
        about=section.text("about", "", limit=400),
        aliases=section.texts("aliases", limit=120),
        ordinary=section.flag("ordinary", False),
    )


def _check_references(folder: Path, catalogue: Catalogue) -> None:
    for work in catalogue.works.values():
        for key, ids, known in (
            ("by", work.by, catalogue.people),
            ("before", work.before, catalogue.works),
            ("next", work.next, catalogue.works),
        ):
            missing = [other for other in ids if other not in known]
            if missing:
                place = f"{work.id}.{key}"
                raise ConfigurationError(str(folder), place, missing[0], "the id of a known item")
