"""The catalogues hold together: no orphan, no double, years in range."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from overture.errors import ConfigurationError
from overture.personas import Knowledge, Registry
from overture.personas.knowledge import load_catalogue
from overture.personas.knowledge.folding import folded
from tests.unit.personas.conftest import PERSONAS

IDS = tuple(path.parent.name for path in sorted(PERSONAS.glob("*/card.yaml")))


def test_the_maestro_knows_films_and_composers_of_the_world(films: Knowledge) -> None:
    works, people = films.catalogue.works.values(), films.catalogue.people.values()
    assert len(works) >= 300
    assert len(people) >= 100
    assert len({name for work in works for name in work.country}) >= 25
    assert len({(work.year or 0) // 10 for work in works}) >= 10


def test_every_film_has_all_that_a_line_may_say(films: Knowledge) -> None:
    for work in films.catalogue.works.values():
        assert work.year is not None, work.id
        assert 1895 <= work.year <= 2026, work.id
        for value in (work.country, work.director, work.by, work.genres, work.moods, work.next):
            assert value, work.id
        assert work.about, work.id
        assert work.cue, work.id


def test_every_composer_wrote_a_film_of_the_catalogue(films: Knowledge) -> None:
    orphans = [one for one in films.catalogue.people if not films.works_by(one)]
    assert orphans == []


def test_no_composer_scored_a_film_before_being_ten(films: Knowledge) -> None:
    people = films.catalogue.people
    for work in films.catalogue.works.values():
        for born in (people[person_id].born for person_id in work.by):
            assert born is None or born + 10 <= (work.year or 0), work.id


def test_every_author_has_a_book(registry: Registry) -> None:
    books = registry.knowledge("quillon")
    assert [one for one in books.catalogue.people if not books.works_by(one)] == []


@pytest.mark.parametrize("persona_id", IDS)
def test_no_item_stands_twice(registry: Registry, persona_id: str) -> None:
    works = registry.knowledge(persona_id).catalogue.works.values()
    counted = Counter((folded(work.title), work.year) for work in works)
    assert [name for name, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("persona_id", IDS)
def test_no_person_stands_twice(registry: Registry, persona_id: str) -> None:
    people = registry.knowledge(persona_id).catalogue.people.values()
    counted = Counter(folded(person.name) for person in people)
    assert [name for name, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("persona_id", IDS)
def test_every_persona_knows_at_least_forty_items(registry: Registry, persona_id: str) -> None:
    works = registry.knowledge(persona_id).catalogue.works
    assert len(works) >= 40
    for work in works.values():
        assert work.about, work.id
        assert work.cue, work.id
        assert work.id not in work.next, work.id


@pytest.mark.parametrize("persona_id", IDS)
def test_what_is_known_is_said_in_clauses(registry: Registry, persona_id: str) -> None:
    for work in registry.knowledge(persona_id).catalogue.works.values():
        for clause in (work.about, work.cue):
            assert not clause.endswith("."), work.id
            assert clause == clause.strip(), work.id


@pytest.mark.parametrize(
    ("text", "place", "allowed"),
    [
        ('{"id":"a","title":"A","by":"nobody"}\n', "a.by", "known item"),
        ('{"id":"a","title":"A","year":12}\n', "year", "1000"),
        ('{"id":"a","title":"A"}\n{"id":"a","title":"B"}\n', "id", "no other"),
        ('{"id":"a","title":"A"\n', "JSON", "JSON object"),
        ('{"id":"a","title":"A","yeer":1}\n', "yeer", "one of"),
    ],
)
def test_a_wrong_record_is_named(tmp_path: Path, text: str, place: str, allowed: str) -> None:
    (tmp_path / "c.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as found:
        load_catalogue(tmp_path, ("c.jsonl",))
    assert found.value.key == place
    assert allowed in found.value.allowed


@pytest.mark.parametrize("pattern", ["../*.jsonl", "/etc/passwd", "missing.jsonl"])
def test_a_catalogue_stays_in_its_folder(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ConfigurationError):
        load_catalogue(tmp_path, (pattern,))
