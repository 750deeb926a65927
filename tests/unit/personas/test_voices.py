"""The personas that come with the project: complete, truthful, and each with its own voice."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timezone
from itertools import combinations
from math import sqrt
from random import Random

import pytest

from overture.bootstrap import apology
from overture.personas import Card, Registry
from overture.personas.lint import lint
from overture.personas.responses import KEYS, OPENER_KINDS
from overture.store.records import Inbound
from tests.unit.personas.conftest import PERSONAS
from tests.unit.personas.factories import Fact

IDS = tuple(path.parent.name for path in sorted(PERSONAS.glob("*/card.yaml")))
NOW = datetime(2026, 3, 6, 10, tzinfo=timezone.utc)


def texts(card: Card) -> list[str]:
    return [line.text for lines in card.lines.values() for line in lines]


def test_there_are_at_least_five() -> None:
    assert len(IDS) >= 5


@pytest.mark.parametrize("persona_id", IDS)
def test_nothing_is_left_for_the_reviewer(registry: Registry, persona_id: str) -> None:
    assert [str(finding) for finding in lint(registry.get(persona_id))] == []


@pytest.mark.parametrize("persona_id", IDS)
def test_every_key_and_sixty_lines_of_its_own(registry: Registry, persona_id: str) -> None:
    card = registry.get(persona_id)
    assert set(card.lines) == set(KEYS)
    assert len(set(texts(card))) >= 60


@pytest.mark.parametrize("persona_id", IDS)
@pytest.mark.parametrize("kind", OPENER_KINDS)
def test_five_openers_for_each_kind_of_memory(
    registry: Registry, persona_id: str, kind: str
) -> None:
    found = [
        line
        for line in registry.get(persona_id).follow_ups
        if [n.kind for n in line.needs] == [kind]
    ]
    assert len(found) >= 5


@pytest.mark.parametrize("persona_id", IDS)
def test_five_openers_when_nothing_is_remembered(registry: Registry, persona_id: str) -> None:
    card, seen = registry.get(persona_id), set()
    for _ in range(5):
        line = card.opener([], seen, Random(1), NOW)
        assert line is not None
        assert line.uses == ()
        assert line.id not in seen
        seen.add(line.id)


@pytest.mark.parametrize("persona_id", IDS)
@pytest.mark.parametrize("kind", [kind for kind in OPENER_KINDS if kind != "birthday"])
def test_an_opener_names_what_was_said(registry: Registry, persona_id: str, kind: str) -> None:
    fact = Fact(kind=kind, value="Xanadu", when="2026-03-05" if kind == "plan" else None)
    for seed in range(20):
        line = registry.get(persona_id).opener([fact], (), Random(seed), NOW)
        assert line is not None
        assert "Xanadu" in line.text
        assert line.uses == ("f1",)


@pytest.mark.parametrize("persona_id", IDS)
def test_no_two_personas_share_a_line(registry: Registry, persona_id: str) -> None:
    own = set(texts(registry.get(persona_id)))
    for other in set(IDS) - {persona_id}:
        assert own.isdisjoint(texts(registry.get(other)))


def test_a_reader_could_tell_them_apart_blind(registry: Registry) -> None:
    """Train on half of each persona's lines, guess whose the other half is.

    Twenty times: by one split alone, a line more or less is worth five in a hundred.
    """
    guesses = [guess for seed in range(20) for guess in _guesses(registry, seed)]
    right = sum(truth == guess for truth, guess in guesses)
    assert right / len(guesses) >= 0.9


def test_no_two_voices_are_nearly_the_same(registry: Registry) -> None:
    models = {persona_id: _counted(texts(registry.get(persona_id))) for persona_id in IDS}
    for one, other in combinations(IDS, 2):
        assert _cosine(models[one], models[other]) < 0.9, (one, other)


def _guesses(registry: Registry, seed: int) -> list[tuple[str, str]]:
    halves = {persona_id: _halves(registry.get(persona_id), seed) for persona_id in IDS}
    models = {persona_id: _counted(known) for persona_id, (known, _) in halves.items()}
    return [
        (persona_id, _nearest(models, group))
        for persona_id, (_, unseen) in halves.items()
        for group in _tens(unseen)
    ]


def _nearest(models: dict[str, Counter[str]], group: Counter[str]) -> str:
    return max(models, key=lambda name: _likeness(models[name], group))


def _halves(card: Card, seed: int) -> tuple[list[str], list[str]]:
    listed = sorted(texts(card))
    Random(seed).shuffle(listed)
    return listed[::2], listed[1::2]


def _tens(listed: list[str]) -> list[Counter[str]]:
    return [_counted(listed[at : at + 10]) for at in range(0, len(listed) - 9, 10)]


def _counted(listed: list[str]) -> Counter[str]:
    words = (word for text in listed for word in re.findall(r"[a-z']+|[!?:;.]", text.casefold()))
    return Counter(words)


def _likeness(model: Counter[str], group: Counter[str]) -> float:
    return _cosine(Counter({w: 1 + n for w, n in model.items() if n}), group)


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    dot = sum(sqrt(one[word] * other[word]) for word in one)
    return dot / sqrt(one.total() * other.total())


@pytest.mark.parametrize("persona_id", [*IDS, "nobody"])
def test_who_gets_no_answer_is_told_so_and_in_a_crisis_gets_help(
    registry: Registry, persona_id: str
) -> None:
    """A turn that is given up is not silent, and not flippant where somebody is in danger."""
    written = Inbound(
        channel="messenger",
        account_id="601",
        user_id="u1",
        message_id="m",
        kind="text",
        text="hello",
        occurred_at=NOW,
        received_at=NOW,
        conversation_id=f"messenger:601:u1:{persona_id}",
    )
    said = apology(written, registry, Random(1))
    assert said is not None
    assert "program" in said
    assert "988" in str(apology(replace(written, labels=("crisis",)), registry, Random(1)))
