"""The choice and filling of lines."""

from __future__ import annotations

from random import Random

import pytest

from overture.personas.responses import KEYS
from tests.unit.personas.factories import Fact, card

TWO = "name: A\nlines:\n  greet: [One., Two.]\n"


def test_no_line_is_repeated_while_another_fits() -> None:
    someone, seen = card(TWO), []
    for _ in range(2):
        line = someone.line("greet", seen=seen, rng=Random(1))
        assert line is not None
        assert line.id not in seen
        seen.append(line.id)


def test_when_all_were_said_the_oldest_comes_back() -> None:
    someone = card(TWO)
    ids = [template.id for template in someone.lines["greet"]]
    line = someone.line("greet", seen=[ids[1], ids[0]], rng=Random(1))
    assert line is not None
    assert line.id == ids[1]


def test_a_line_without_its_values_does_not_fit() -> None:
    someone = card('name: A\nlines:\n  recommend: ["See {film} by {composer}.", "See {film}."]\n')
    line = someone.line("recommend", rng=Random(1), values={"film": "Ran", "composer": ""})
    assert line is not None
    assert line.text == "See Ran."


def test_every_catalogue_may_call_its_items_by_their_own_word() -> None:
    someone = card('name: A\nlines:\n  recommend: ["Plant {plant}."]\n')
    line = someone.line("recommend", rng=Random(1), values={"title": "Sage"})
    assert line is not None
    assert line.text == "Plant Sage."


def test_a_value_cannot_bring_in_a_placeholder() -> None:
    someone = card('name: A\nlines:\n  noted_like: ["You like {value}."]\n')
    line = someone.line("noted_like", rng=Random(1), values={"value": "{name} {film}"})
    assert line is not None
    assert line.text == "You like {name} {film}."


def test_a_value_stands_on_one_line_and_is_cut() -> None:
    someone = card('name: A\nlines:\n  noted_like: ["You like {value}."]\n')
    line = someone.line("noted_like", rng=Random(1), values={"value": "a\n\nb " + "x" * 500})
    assert line is not None
    assert line.text.startswith("You like a b xxx")
    assert len(line.text) < 200


def test_a_value_that_begins_a_sentence_gets_a_capital_and_no_second_full_stop() -> None:
    someone = card('name: A\nlines:\n  recommend: ["{film}. {why}."]\n')
    values = {"film": "Monsters, Inc.", "why": "it swings."}
    line = someone.line("recommend", rng=Random(1), values=values)
    assert line is not None
    assert line.text == "Monsters, Inc. It swings."


def test_a_line_names_the_memories_it_uses() -> None:
    someone = card(
        "name: A\nlines:\n  greet_again:\n"
        '    - {text: "{name}, still fond of {value}?", needs: ["favorite:film"]}\n'
    )
    facts = [
        Fact(id="n", kind="name", value="Sam"),
        Fact(id="c", topic="composer", value="Rota"),
        Fact(id="f", topic="film", value="Ran"),
    ]
    line = someone.line("greet_again", facts=facts, rng=Random(1))
    assert line is not None
    assert line.text == "Sam, still fond of Ran?"
    assert line.uses == ("f", "n")


def test_a_name_fills_nothing_but_the_name() -> None:
    """Or "remind me tomorrow" would be answered by what the person is called."""
    someone = card(
        'name: A\nlines:\n  remind_done: ["At {when}: {value}.", "At {when}, {name}."]\n'
    )
    for seed in range(10):
        line = someone.line(
            "remind_done",
            facts=[Fact(kind="name", value="Sam")],
            rng=Random(seed),
            values={"when": "noon"},
        )
        assert line is not None
        assert line.text == "At noon, Sam."


def test_a_sensitive_memory_is_never_used() -> None:
    someone = card('name: A\nlines:\n  greet: [{text: "{value}", needs: [other]}, Hello.]\n')
    facts = [Fact(kind="other", value="a secret", sensitive=True)]
    line = someone.line("greet", facts=facts, rng=Random(1))
    assert line is not None
    assert line.text == "Hello."


def test_the_condition_of_a_line_makes_it_the_better_choice() -> None:
    someone = card(
        "name: A\nlines:\n  media:\n    - Words, please.\n"
        "    - {text: I cannot see., when: {kind: [image]}}\n"
    )
    seen = [someone.line("media", rng=Random(n), values={"kind": "image"}) for n in range(5)]
    assert {line.text for line in seen if line} == {"I cannot see."}
    other = someone.line("media", rng=Random(1), values={"kind": "audio"})
    assert other is not None
    assert other.text == "Words, please."


def test_a_memory_that_must_not_be_there_keeps_a_line_back() -> None:
    someone = card("name: A\nlines:\n  ask_name: [{text: 'Your name?', without: [name]}]\n")
    facts = [Fact(kind="name", value="Sam")]
    line = someone.line("ask_name", facts=facts, rng=Random(1))
    assert line is not None
    assert line.id.startswith("plain.")


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_answered_by_a_card_without_lines(key: str) -> None:
    line = card("name: A\n").line(key, rng=Random(1))
    assert line is not None
    assert "{" not in line.text


def test_an_unknown_key_has_no_line() -> None:
    assert card(TWO).line("sing", rng=Random(1)) is None


def test_ids_stay_when_lines_change_their_order() -> None:
    other = card("name: A\nlines:\n  greet: [Two., One.]\n")
    assert {line.id for line in card(TWO).lines["greet"]} == {
        line.id for line in other.lines["greet"]
    }
