"""Recommendations meet the wish, say why, and keep to what was asked."""

from __future__ import annotations

from random import Random

import pytest

from overture.personas import Knowledge, Registry, Wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("something cosy", Wish(mood="warm")),
        ("a scary one", Wish(mood="eerie", genre="horror")),
        ("sci-fi please", Wish(genre="science fiction")),
        ("a french film", Wish(country="France")),
        ("something from the 60s", Wish(years=(1960, 1969))),
        ("like amelie but not sad", Wish(like="amelie", dislikes=("melancholy",))),
        ("anything by hisaishi", Wish(person="joe-hisaishi")),
        ("for a date night", Wish(occasion="date night")),
        ("no horror", Wish(dislikes=("horror",))),
        ("hello", Wish()),
    ],
)
def test_a_wish_is_understood(films: Knowledge, text: str, wish: Wish) -> None:
    assert films.wish(text) == wish


@pytest.mark.parametrize("seed", range(5))
def test_mood_genre_country_and_years_are_met(films: Knowledge, seed: int) -> None:
    wish = Wish(mood="sad", genre="drama", country="Italy", years=(1940, 1979))
    found = films.recommend(wish, (), Random(seed))
    assert found is not None
    assert "melancholy" in found.item.moods
    assert "drama" in found.item.genres
    assert found.item.country == ("Italy",)
    assert 1940 <= (found.item.year or 0) <= 1979


def test_another_is_always_a_new_one_until_there_is_none(films: Knowledge) -> None:
    seen: list[str] = []
    while (found := films.recommend(Wish(person="nino-rota"), seen, Random(1))) is not None:
        assert found.item.id not in seen
        seen.append(found.item.id)
    assert set(seen) == {work.id for work in films.works_by("nino-rota")}


@pytest.mark.parametrize("disliked", ["horror", "dark", "hans-zimmer", "inception"])
def test_what_the_person_dislikes_is_never_named(films: Knowledge, disliked: str) -> None:
    seen: list[str] = []
    for _ in range(60):
        found = films.recommend(Wish(dislikes=(disliked,)), seen, Random(2))
        assert found is not None
        item = found.item
        assert disliked not in (item.id, *item.by, *item.genres, *item.moods)
        seen.append(item.id)


def test_something_like_it_is_not_the_thing_itself_and_shares_something(films: Knowledge) -> None:
    liked = films.work("amelie")
    assert liked is not None
    found = films.recommend(Wish(like="amelie"), (), Random(1))
    assert found is not None
    assert found.item.id != "amelie"
    shared = {*found.item.moods, *found.item.genres} & {*liked.moods, *liked.genres}
    assert shared


def test_the_reason_is_one_clause(films: Knowledge) -> None:
    for wish in (Wish(), Wish(mood="tense"), Wish(like="psycho"), Wish(person="john-barry")):
        found = films.recommend(wish, (), Random(3))
        assert found is not None
        assert found.why
        assert not found.why.endswith(".")
        assert "{" not in found.why


@pytest.mark.parametrize("wish", [Wish(mood="spicy"), Wish(genre="cooking"), Wish(person="x")])
def test_what_is_not_known_is_admitted(films: Knowledge, wish: Wish) -> None:
    assert films.recommend(wish, (), Random(1)) is None


def test_a_person_without_catalogue_recommends_nothing() -> None:
    from overture.personas.card import Card
    from overture.personas.knowledge import load_knowledge

    empty = load_knowledge(Card(id="a", name="A"))
    assert empty.find("blade runner") == ()
    assert empty.recommend(Wish(), (), Random(1)) is None


def test_a_recommendation_fills_the_lines_of_every_persona(registry: Registry) -> None:
    for persona_id in registry:
        found = registry.knowledge(persona_id).recommend(Wish(), (), Random(4))
        assert found is not None
        line = registry.get(persona_id).line("recommend", rng=Random(4), values=found.values())
        assert line is not None
        assert line.id.startswith(persona_id)
        assert found.item.title in line.text
