"""Every message gets its turn, in order, whatever goes wrong around it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from overture.delivery import sender, turns
from overture.delivery.turns import Worker
from overture.errors import ActionFailed, StoreUnavailable, TurnError
from overture.services import consent, erasing
from overture.services.deployment import Deployment
from tests.unit.delivery.rooms import NUMBER, SCOPED, Rooms, body_of


async def test_a_burst_is_answered_in_the_order_it_was_sent(rooms: Rooms) -> None:
    """Webhooks arrive in any order; the platform's times tell which came first."""
    bodies = [
        body_of("messenger", f"m{number}", at=rooms.clock.now() + timedelta(seconds=number))
        for number in range(10)
    ]
    rooms.clock.wind(timedelta(minutes=1))
    gate = asyncio.Event()

    async def wait(message: Any) -> None:
        await gate.wait()

    rooms.during_turn = wait
    for body in [bodies[0], *reversed(bodies[1:])]:
        await rooms.accept("messenger", body)
    gate.set()
    await rooms.settle()
    assert [text for _, text in rooms.turned] == [f"m{number}" for number in range(10)]
    assert rooms.graph.texts == [f"re: m{number}" for number in range(10)]


async def test_people_do_not_wait_for_each_other(rooms: Rooms) -> None:
    """One slow turn is one person's."""
    gate = asyncio.Event()

    async def wait(message: Any) -> None:
        if message.user_id == "slow":
            await gate.wait()

    rooms.during_turn = wait
    await rooms.accept("messenger", body_of("messenger", "hello", user="slow"))
    await rooms.accept("messenger", body_of("messenger", "hello", user="quick"))
    while not rooms.graph.calls:  # noqa: ASYNC110 - looks at what the platform got
        await asyncio.sleep(0.005)
    assert rooms.graph.calls[0][2]["recipient"]["id"] == "quick"
    gate.set()
    await rooms.settle()


async def test_a_turn_waits_for_what_is_down_and_gives_up_on_what_is_broken(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rasa without a model is waited for; a turn that fails by itself lets others go on."""
    monkeypatch.setattr(turns, "_BACKOFF", 0.001)
    down = [TurnError("no model"), StoreUnavailable("locked")] * 4

    async def fail(message: Any) -> None:
        if down:
            raise down.pop()
        if message.text == "poison":
            raise RuntimeError("broken")

    rooms.during_turn = fail
    await rooms.say("messenger", "hello")
    await rooms.say("messenger", "poison")
    await rooms.say("messenger", "and now")
    assert rooms.graph.texts == ["re: hello", "re: and now"]


async def test_a_database_that_goes_away_in_a_turn_is_waited_for(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to write again to be answered, and the answer comes once."""
    monkeypatch.setattr(turns, "_BACKOFF", 0.01)
    monkeypatch.setattr(sender, "_AFTER_FAILURE", 0.01)
    write, failures = rooms.database.write, [StoreUnavailable("away")] * 4
    accepted = asyncio.Event()

    async def shaky(work: Any) -> Any:
        if accepted.is_set() and failures and not rooms.graph.calls:
            raise failures.pop()
        return await write(work)

    monkeypatch.setattr(rooms.database, "write", shaky)
    accepted.set()
    await rooms.accept("messenger", body_of("messenger", "hello"))
    for _ in range(400):
        if rooms.graph.calls:
            break
        await asyncio.sleep(0.01)
    await rooms.settle()
    assert rooms.graph.texts == ["re: hello"]
    assert failures == []


async def test_another_servers_earlier_message_comes_first(rooms: Rooms) -> None:
    """Two servers got two messages of one person: each works on its own, in order."""
    gate = asyncio.Event()

    async def wait(message: Any) -> None:
        if message.text == "first":
            await gate.wait()

    rooms.during_turn = wait
    await rooms.accept("messenger", body_of("messenger", "first"))
    rooms.worker = Worker(owner="another", lease=timedelta(seconds=60), clock=rooms.clock)
    rooms.build()
    rooms.clock.wind(timedelta(seconds=1))
    await rooms.accept("messenger", body_of("messenger", "second", at=rooms.clock.now()))
    await asyncio.sleep(0.1)
    assert [text for _, text in rooms.turned] == ["first"]
    gate.set()
    await rooms.settle()
    assert [text for _, text in rooms.turned] == ["first", "second"]


async def test_a_turn_whose_action_fails_is_tried_again_and_then_says_what_it_could(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left without an answer because a database was locked for a moment."""
    monkeypatch.setattr(turns, "_BACKOFF", 0.001)
    tries: list[int] = []

    async def fail(_: Any) -> None:
        tries.append(1)
        if len(tries) != 2:
            raise ActionFailed("ClientResponseError", [{"text": "half an answer"}])

    rooms.during_turn = fail
    await rooms.say("messenger", "one")
    await rooms.say("messenger", "two")
    assert rooms.graph.texts == ["re: one", "half an answer"]
    assert len(tries) == 5


async def test_a_turn_that_is_given_up_is_told_to_the_person_and_to_the_operator(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One honest line, once, and a conversation that needs a human; no words in the log."""
    monkeypatch.setattr(turns, "_BACKOFF", 0.001)
    rooms.turns.apologise = lambda message: f"a fault, {message.user_id}"

    async def fail(_: Any) -> None:
        raise ActionFailed("ClientResponseError", [])

    rooms.during_turn = fail
    await rooms.say("messenger", "a private matter")
    assert rooms.graph.texts == ["a fault, u1"]
    needs = rooms.read(lambda ledger: ledger.attention.needs(["messenger:601:u1:maestro"]))
    assert [one.because for one in needs.values()] == ["given_up"]
    assert "turn.given_up" in caplog.text
    assert "private" not in caplog.text


async def test_a_wish_for_a_human_is_shown_until_one_has_the_conversation(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged and counted once, goes along to another id, and goes with the person."""
    rooms = Rooms("sqlite://", Deployment(screen=lambda text: frozenset({"asks_human"} & {text})))
    count = partial(rooms.read, lambda ledger: ledger.attention.count())
    await rooms.say("whatsapp", "asks_human", number=NUMBER)
    await rooms.say("whatsapp", "asks_human", number=NUMBER)
    assert caplog.text.count("human.asked_for channel=whatsapp persona=maestro") == 2
    await rooms.say("whatsapp", "hello", number=NUMBER, scoped=SCOPED)
    moved = f"whatsapp:603:{SCOPED}:maestro"
    needs = rooms.read(lambda ledger: ledger.attention.needs([moved]))
    assert [one.because for one in needs.values()] == ["asked_for_human"]
    now, rules = rooms.clock.now(), rooms.deployment
    rooms.write(lambda ledger: consent.take_over(ledger, moved, now, rules))
    assert count() == 0
    await rooms.say("whatsapp", "asks_human", scoped=SCOPED)
    assert count() == 0
    rooms.write(lambda ledger: consent.hand_back(ledger, moved, now, rules))
    await rooms.say("whatsapp", "asks_human", scoped=SCOPED)
    assert count() == 1
    rooms.write(lambda ledger: erasing.erase(ledger, f"whatsapp:603:{SCOPED}", now))
    assert count() == 0
    assert caplog.text.count("human.asked_for") == 3
    rooms.database.close()
