"""The door to the use cases: a reminder from the wish to the words, and what forgetting changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from overture.replay.words import extract
from overture.services import follow_up
from tests.factories import LEASE, NOON
from tests.unit.console.house import House

PERSONAS = Path(__file__).resolve().parents[2] / "personas"
ALWAYS = ("maestro", "kilo", "quillon", "pepita", "bramble", "vesper")
FRIDAY = datetime(2026, 3, 6, 10, 30, tzinfo=timezone.utc)


@pytest.fixture
def house() -> Iterator[House]:
    """Return a deployment with the personas of the repository."""
    house = House("sqlite://", PERSONAS)
    yield house
    house.database.close()


def due(house: House) -> Any:
    return house.read(lambda ledger: ledger.plans.next_due())


def claim(house: House) -> None:
    """Let time pass until the next is due, and take its permit."""
    house.clock.set(due(house))
    house.write(
        lambda ledger: follow_up.claim_due(
            ledger, house.clock.now(), house.deployment, limit=1, owner="one", lease=LEASE
        )
    )


@pytest.mark.parametrize("persona", ALWAYS)
async def test_a_reminder_is_said_at_its_time_and_used_up(house: House, persona: str) -> None:
    where = house.hear("u1", *["hello"] * 5, channel="rest", persona=persona)
    kept = await house.parts.remind(where, "m", "remind me on Friday to call my mom")
    assert kept == ("Friday 6 March at 10:30 (UTC)", "call my mom", "")
    claim(house)
    assert house.clock.now() == FRIDAY
    said = await house.parts.follow_up(where)
    assert said is not None
    assert "call your mom" in said.text
    [memory] = house.read(lambda ledger: ledger.memory.current(where))
    assert said.uses == (str(memory.id),)
    assert said.line_id.startswith(f"{persona}.reminder")


async def test_a_reminder_is_no_memory_to_open_a_talk_with(house: House) -> None:
    """Before its time something else is said; the wish is not told back as if it were news."""
    where = house.hear("u1", *["hello"] * 5, channel="rest")
    claim(house)
    await house.parts.remind(where, "m", "remind me on Friday to call my mom")
    said = await house.parts.follow_up(where)
    assert said is not None
    assert "mom" not in said.text


async def test_a_reminder_that_cannot_be_kept_is_refused_in_words(house: House) -> None:
    where = house.hear("u1", *["hello"] * 5)
    told = await house.parts.remind(where, "m", "remind me on Friday")
    assert told == ("", "", "this app lets me write only within a day of your last message")


@pytest.mark.parametrize("everything", [False, True])
async def test_forgetting_ends_a_reminder_and_its_moment(house: House, everything: bool) -> None:
    where = house.hear("u1", *["hello"] * 5, channel="rest")
    before = due(house)
    await house.parts.remind(where, "m", "remind me on Friday to call my mom")
    assert due(house) == FRIDAY
    if everything:
        await house.parts.forget_everything(where)
    else:
        assert len(await house.parts.forget(where, None)) == 1
    assert due(house) == before
    assert before < NOON + timedelta(hours=21)


@pytest.fixture
def reading(house: House) -> House:
    """Return the same deployment, which draws facts from what people write."""
    house.deployment = house.parts.deployment = replace(house.deployment, extract=extract)
    return house


async def test_what_it_stands_for_is_kept_in_place_of_it(reading: House) -> None:
    """And the follow-up is planned for the morning after."""
    house = reading
    text = "ok, I'll watch it on Tuesday with Tom"
    where = house.hear("u1", *["hello"] * 4, text, channel="rest")
    [vague] = await house.parts.facts(where)
    assert vague.value == "watch it with Tom"
    await house.parts.remember_about(where, vague.source_message_id, "Rear Window")
    [named] = await house.parts.facts(where)
    assert (named.kind, named.value) == ("plan", "watch Rear Window with Tom")
    assert (named.when, named.quote) == (vague.when, text)
    assert due(house).date().isoformat() > str(named.when)


async def test_nothing_is_kept_under_a_name_where_memory_is_off(reading: House) -> None:
    house = reading
    where = house.hear("u1", *["hello"] * 4, "we'll watch that tomorrow", channel="rest")
    await house.parts.forget_everything(where)
    await house.parts.stop_remembering(where)
    await house.parts.remember_about(where, "m5", "Rear Window")
    assert await house.parts.facts(where) == ()
    await house.parts.remember_about("rest:local:nobody:maestro", "m5", "Rear Window")
