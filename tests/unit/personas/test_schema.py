"""Errors of persona files name file, line, key, value and what is allowed."""

from __future__ import annotations

import pytest

from overture.errors import ConfigurationError
from tests.unit.personas.factories import card


@pytest.mark.parametrize(
    ("text", "line", "key", "allowed"),
    [
        ("name: A\ntaglin: x\n", 2, "taglin", "one of"),
        ("tagline: x\n", 1, "name", "a text"),
        ("name: A\nlines:\n  greeet: [Hi.]\n", 3, "lines.greeet", "perhaps greet"),
        ("name: A\nlines:\n  greet:\n    - Hi.\n    - 7\n", 5, "lines.greet.1", "a mapping"),
        ("name: A\naudience: everybody\n", 2, "audience", "private, link, public"),
        ("name: A\nremixable: yes please\n", 2, "remixable", "true or false"),
        ("name: A\nlines:\n  greet:\n    - '{nobody}'\n", 4, "lines.greet.0.text", "{nobody}"),
        ("name: A\nid: other\n", 2, "id", "someone"),
        ("name: A\nfollow_ups:\n  - {text: Hi., tense: soon}\n", 3, "follow_ups.0.tense", "past"),
        ("name: A\nversion: 1.0\n", 2, "version", "a text"),
        ("name: [A\n", 2, "YAML", "valid YAML"),
        ("- a\n", 1, "file", "a mapping"),
    ],
)
def test_an_error_says_where_it_is_and_what_is_allowed(
    text: str, line: int, key: str, allowed: str
) -> None:
    with pytest.raises(ConfigurationError) as found:
        card(text)
    assert found.value.file == f"personas/someone/card.yaml:{line}"
    assert found.value.key == key
    assert allowed in found.value.allowed


def test_a_file_of_a_name_alone_is_a_persona() -> None:
    someone = card("name: A\n")
    assert (someone.name, someone.audience, someone.status) == ("A", "public", "released")


def test_several_openers_may_share_their_needs() -> None:
    someone = card('name: A\nfollow_ups:\n  - {needs: [plan], texts: ["{plan}?", "So, {plan}?"]}\n')
    assert [opener.needs[0].kind for opener in someone.follow_ups] == ["plan", "plan"]


def test_examples_tell_the_person_from_the_persona() -> None:
    someone = card("name: A\nexamples:\n  - - person: hi\n    - persona: Hello.\n")
    assert [turn.person for turn in someone.examples[0]] == [True, False]
