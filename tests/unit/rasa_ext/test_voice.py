"""A persona's words as a message."""

from __future__ import annotations

from random import Random

import pytest

from overture.personas import Registry
from overture.rasa_ext.transcript import Transcript
from overture.rasa_ext.voice import compose, opinion
from tests.unit.rasa_ext.fakes import PERSONAS, FakeFact, heard


@pytest.fixture(scope="module")
def sol():
    return Registry.load(PERSONAS).get("sol")


def test_a_message_names_its_line_and_its_response(sol):
    message = compose(sol, "affirm", heard=heard(), rng=Random(1))
    assert message["text"] == "Yes then."
    assert message["utter_action"] == "utter_affirm"
    assert message["line"]


def test_a_memory_that_fills_a_line_is_named(sol):
    fact = FakeFact(id="4", kind="name", value="Sam")
    message = compose(sol, "nice_name", heard=heard(), facts=(fact,), rng=Random(1))
    assert message["text"] == "Named Sam."
    assert message["uses"] == ["4"]


def test_a_key_nobody_knows_is_left_to_the_domain(sol):
    assert compose(sol, "unheard_of", heard=heard(), rng=Random(1)) is None


def test_a_line_said_in_an_earlier_session_is_not_said_again(sol):
    values = {"film": "X", "year": "1", "composer": "Y", "cue": "z"}
    lines = {line.id for line in sol.lines["about_work"]}
    last = min(lines)
    message = compose(
        sol,
        "about_work",
        heard=heard(),
        earlier=frozenset(lines - {last}),
        values=values,
        rng=Random(1),
    )
    assert message["line"] == last


def test_the_first_message_discloses(sol):
    message = compose(sol, "affirm", heard=Transcript(), rng=Random(1))
    assert message["text"].startswith("Yes then.\n\nI am an AI program")


@pytest.mark.parametrize("asked", ["year", "maker", "cue"])
def test_only_lines_that_tell_what_was_asked_are_left(sol, asked):
    (line,) = sol.telling("about_work", asked).lines["about_work"]
    assert asked in line.placeholders


@pytest.mark.parametrize("asked", ["", "director"])
def test_all_lines_are_left_where_none_tells_it(sol, asked):
    assert sol.telling("about_work", asked) is sol


def test_a_view_of_the_card_is_found_by_its_topic(sol):
    message = opinion(sol, "Do you like HORROR?")
    assert message["text"] == "Fear is a matter of lighting."
    assert opinion(sol, "do you like horrors") is None
