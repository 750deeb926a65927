"""Titles and names are recognised as people write them, and only where they are meant."""

from __future__ import annotations

import time

import pytest

from overture.personas import Knowledge, Registry


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("that blade runner guy", "Blade Runner"),
        ("anything by miyazaki", "Hayao Miyazaki"),
        ("stanley kubrik", "Stanley Kubrick"),
        ("inside out was lovely", "Inside Out"),
        ("i loved poor things", "Poor Things"),
        ("bladerunner", "Blade Runner"),
        ("BLADE RUNER", "Blade Runner"),
        ("amelie", "Amélie"),
        ("the good the bad and the ugly", "The Good, the Bad and the Ugly"),
        ("lord of rings", "The Lord of the Rings: The Fellowship of the Ring"),
        ("star wars!", "Star Wars: A New Hope"),
        ("shindlers list", "Schindler's List"),
        ("intersteller was long", "Interstellar"),
        ("pirates of the carribean", "Pirates of the Caribbean: The Curse of the Black Pearl"),
        ("eternal sunshine", "Eternal Sunshine of the Spotless Mind"),
        ("that budapest hotel movie", "The Grand Budapest Hotel"),
        ("i love totoro", "My Neighbor Totoro"),
        ("god father", "The Godfather"),
        ("who scored jaws", "Jaws"),
        ("the 1917 movie", "1917"),
        ("have you seen Her?", "Her"),
        ("I loved the movie Up", "Up"),
        ("watched heat", "Heat"),
        ("I watched Home Alone", "Home Alone"),
        ("8 1/2", "8½"),
        ("walle", "WALL·E"),
        ("hans zimer", "Hans Zimmer"),
        ("moricone", "Ennio Morricone"),
        ("zimmer's scores", "Hans Zimmer"),
        ("john williams", "John Williams"),
        ("williams", "John Williams"),
    ],
)
def test_what_is_meant_is_found(films: Knowledge, text: str, name: str) -> None:
    found = films.find(text)
    assert found
    assert found[0].name == name


@pytest.mark.parametrize(
    "text",
    [
        "I went up the hill",
        "she told her so",
        "i'm home alone tonight",
        "the heat is terrible",
        "I ran home",
        "alienate",
        "what is your name?",
        "do you know your name",
        "maybe later",
        "no i was talking about the sequel",
        "make a note that i like piano",
        "listen to the voice note",
        "nooo",
        "do you know any film jokes",
        "is it inside out",
        "smth for a western fan",
        "aliens are not real",
        "I live in Budapest",
        "what's up",
        "a glass of water",
        "moon is bright tonight",
        "my sister laura",
        "the mission was hard",
        "I was born in 1900",
        "get out of here",
        "mr williams said hi",
        "I want to drive to work",
        "us and them",
        "",
        "!!!",
    ],
)
def test_ordinary_words_are_no_titles(films: Knowledge, text: str) -> None:
    assert films.find(text) == ()


def test_two_things_are_found_in_their_order_with_their_place(films: Knowledge) -> None:
    text = "something by ennio moriccone like The Godfather, please"
    found = films.find(text)
    assert [match.name for match in found] == ["Ennio Morricone", "The Godfather"]
    assert text[found[1].start : found[1].end] == "The Godfather"


def test_the_whole_title_wins_over_a_part(films: Knowledge) -> None:
    names = [match.name for match in films.find("blade runner 2049")]
    assert names == ["Blade Runner 2049"]


def test_a_slip_costs_some_of_the_score(films: Knowledge) -> None:
    exact, slip = films.find("interstellar")[0], films.find("intersteller")[0]
    assert exact.score == 1
    assert slip.score < exact.score


def test_every_title_is_found_when_it_answers_which_film(films: Knowledge) -> None:
    lost = [
        work.title
        for work in films.catalogue.works.values()
        if work.id not in {match.id for match in films.find(work.title, answering=True)}
    ]
    assert lost == []


@pytest.mark.parametrize(
    "text", ["piano", "your name", "up", "heat", "later", "western", "talking"]
)
def test_an_ordinary_word_alone_is_no_title_unless_one_was_asked_for(
    films: Knowledge, text: str
) -> None:
    assert films.find(text) == ()


def test_every_composer_is_found_by_full_name(films: Knowledge) -> None:
    lost = [
        person.name
        for person in films.catalogue.people.values()
        if person.id not in {match.id for match in films.find(person.name.lower())}
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("persona_id", "text", "name"),
    [
        ("bramble", "my roses are dying", "Rose"),
        ("bramble", "lavendar in pots", "Lavender"),
        ("vesper", "what is mars", "Mars"),
        ("pepita", "how do i make shakshuka", "Shakshuka"),
        ("kilo", "the tour du mont blanc", "Tour du Mont Blanc"),
        ("quillon", "the hound of baskervilles", "The Hound of the Baskervilles"),
    ],
)
def test_other_personas_know_their_own(
    registry: Registry, persona_id: str, text: str, name: str
) -> None:
    assert [match.name for match in registry.knowledge(persona_id).find(text)] == [name]


def test_a_message_is_searched_in_under_two_milliseconds(films: Knowledge) -> None:
    text = "smething by ennio moriccone, like the godfathr but with that budapest hotel mood " * 3
    films.find(text)
    assert min(timed(films, text) for _ in range(20)) < 0.002


def test_a_huge_message_costs_no_more_than_its_beginning(films: Knowledge) -> None:
    started = time.perf_counter()
    films.find("bladee " * 200_000)
    assert time.perf_counter() - started < 0.5


def timed(films: Knowledge, text: str) -> float:
    started = time.perf_counter()
    films.find(text)
    return time.perf_counter() - started
