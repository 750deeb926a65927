"""The outbox: in order, once, at the platform's pace, and again when it was surely not taken."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from overture.delivery.graph import Accepted, Ambiguous
from overture.errors import StoreUnavailable
from overture.meta.errors import Failure, classify_code
from overture.services.deployment import Deployment
from overture.store.schema import outbound
from tests.unit.delivery.rooms import (
    CONVERSATION,
    NOON,
    NUMBER,
    PERSON,
    Rooms,
    refusal,
    rooms_body,
    states,
)


def account(rooms: Rooms) -> dict[str, Any]:
    """Return what is known of the page."""
    return next(one for one in rooms.read(lambda ledger: ledger.accounts()))


async def test_an_answer_is_tried_again_before_the_next_one_goes(rooms: Rooms) -> None:
    """Order holds also when the first is refused for a moment."""
    rooms.graph.answers = [refusal(2)]
    await rooms.accept("messenger", rooms_body("one"))
    await rooms.say("messenger", "two")
    assert rooms.graph.texts == ["re: one", "re: one", "re: two"]
    assert states(rooms) == ["sent", "sent"]


async def test_the_second_bubble_of_an_answer_waits_for_the_first(rooms: Rooms) -> None:
    """A turn says two things; the platform refuses the first for a moment."""

    async def two(message: Any, text: str, again: bool) -> list[dict[str, Any]]:
        return [{"text": "first"}, {"text": "second"}]

    rooms.turns.run_turn["messenger"] = two
    rooms.graph.answers = [refusal(2)]
    await rooms.say("messenger", "hello")
    assert rooms.graph.texts == ["first", "first", "second"]


async def test_a_message_begins_once(rooms: Rooms) -> None:
    """Whoever marks it first sends it."""
    go_on = asyncio.Event()

    async def wait(body: Any) -> None:
        await go_on.wait()

    rooms.graph.during = wait
    await rooms.accept("messenger", rooms_body("hello"))
    await rooms.graph.called.wait()
    number = rooms.rows(sa.select(outbound.c.id))[0].id
    assert rooms.write(lambda ledger: ledger.outbox.begin(number)) is None
    go_on.set()
    await rooms.settle()
    assert rooms.write(lambda ledger: ledger.outbox.begin(number)) is None


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80006])
@pytest.mark.parametrize("named", [{}, {"retry_after": "2"}])
async def test_a_rate_limited_answer_is_tried_again_within_a_minute(
    rooms: Rooms, code: int, named: dict[str, str]
) -> None:
    """The platform names no time, or a short one: sixty seconds at most."""
    rooms.graph.answers = [refusal(code, **named)]
    await rooms.say("messenger", "hello")
    assert states(rooms) == ["sent"]
    assert timedelta(seconds=5) < rooms.clock.now() - NOON < timedelta(seconds=60)


async def test_a_time_the_platform_names_is_kept(rooms: Rooms) -> None:
    """Neither earlier nor much later."""
    rooms.graph.answers = [refusal(4, retry_after="300")]
    await rooms.say("messenger", "hello")
    assert len(rooms.graph.calls) == 2
    assert timedelta(seconds=300) <= rooms.clock.now() - NOON < timedelta(seconds=310)


async def test_a_rate_error_of_the_account_holds_up_everybody_on_it(rooms: Rooms) -> None:
    """Hammering on makes it worse."""
    rooms.graph.answers = [refusal(4, retry_after="100")]
    await rooms.say("messenger", "first", user="u1")
    called: list[datetime] = []

    async def note(body: Any) -> None:
        called.append(rooms.clock.now())

    rooms.graph.during = note
    rooms.graph.answers = [refusal(4, retry_after="100")]
    rooms.graph.called.clear()
    await rooms.accept("messenger", rooms_body("second", "u1"))
    await rooms.graph.called.wait()
    for user in ("u2", "u3"):
        await rooms.accept("messenger", rooms_body("second", user))
    await rooms.settle()
    assert called[1] - called[0] >= timedelta(seconds=100)
    assert len(called) == 4  # one refused, three taken


async def test_an_ambiguous_answer_is_marked_and_not_repeated(rooms: Rooms) -> None:
    """The person may have got it."""
    rooms.graph.answers = [Ambiguous(because="TimeoutError")]
    await rooms.say("messenger", "hello")
    assert (states(rooms), len(rooms.graph.calls)) == (["unknown"], 1)


async def test_answers_wait_while_the_account_may_not_send_and_go_when_it_works(
    rooms: Rooms,
) -> None:
    """A token that expired: nothing fails, one message tries, and the pause ends by itself."""
    rooms.graph.answers = [refusal(190), refusal(190)]
    await rooms.say("messenger", "one")
    await rooms.say("messenger", "two")
    assert states(rooms) == ["sent", "sent"]
    assert rooms.graph.texts == ["re: one", "re: one", "re: one", "re: two"]
    assert rooms.clock.now() - NOON >= 2 * timedelta(minutes=15)
    found = account(rooms)
    assert found["paused_until"] is None
    assert [notice["code"] for notice in found["kept"]["notices"]] == [190]


async def test_a_message_that_was_under_way_does_not_end_a_pause(rooms: Rooms) -> None:
    """It was posted before anybody knew; the platform's answer to it comes after."""
    until = NOON + timedelta(hours=1)

    async def rest(body: Any) -> None:
        rooms.write(lambda ledger: ledger.pause_account("messenger", "601", until, "a token"))

    rooms.graph.during = rest
    await rooms.say("messenger", "hello")
    assert states(rooms) == ["sent"]
    assert account(rooms)["paused_until"] == until


async def test_an_operator_can_end_a_pause(rooms: Rooms) -> None:
    """What waits is looked at again within seconds."""
    rooms.write(
        lambda ledger: ledger.pause_account("messenger", "601", NOON + timedelta(days=2), "by hand")
    )

    async def resume() -> None:
        await asyncio.sleep(0.05)
        rooms.write(lambda ledger: ledger.pause_account("messenger", "601", None, ""))

    task = asyncio.ensure_future(resume())
    await rooms.say("messenger", "hello")
    await task
    assert states(rooms) == ["sent"]


async def test_a_wrong_request_fails_and_is_shown_to_the_operator(rooms: Rooms) -> None:
    """Nothing else is wrong: the next answer goes."""
    rooms.graph.answers = [refusal(100)]
    await rooms.say("messenger", "one")
    await rooms.say("messenger", "two")
    assert states(rooms) == ["failed", "sent"]
    assert account(rooms)["kept"]["notices"][0]["code"] == 100
    assert account(rooms)["paused_until"] is None


async def test_a_thread_another_app_owns_is_left_to_it(rooms: Rooms) -> None:
    """2018300: as if it had been taken over."""
    rooms.graph.answers = [refusal(2018300)]
    await rooms.say("messenger", "one")
    state = rooms.read(lambda ledger: ledger.people.conversation(CONVERSATION))
    assert state.takeover_until is not None


async def test_one_person_on_whatsapp_gets_a_burst_and_then_one_in_six_seconds(
    rooms: Rooms,
) -> None:
    """Meta's pair rate; another person on the same number does not wait for it."""
    called: list[tuple[str, datetime]] = []

    async def note(body: Any) -> None:
        called.append((body["to"], rooms.clock.now()))

    rooms.graph.during = note
    for number in range(47):
        await rooms.say("whatsapp", f"m{number}", number=NUMBER)
    before = rooms.clock.now()
    await rooms.say("whatsapp", "hello", number="491700000009")
    mine = [at for to, at in called if to == NUMBER]
    assert mine[44] - mine[0] < timedelta(seconds=5)
    assert mine[46] - mine[44] >= timedelta(seconds=10)
    assert called[-1][1] - before < timedelta(seconds=1)


async def test_an_account_keeps_its_pace(rooms: Rooms) -> None:
    """Forty a second on Messenger: a hundred people at once take two seconds and more."""
    for number in range(100):
        await rooms.accept("messenger", rooms_body("hello", f"p{number}"))
    await rooms.settle()
    assert len(rooms.graph.calls) == 100
    assert rooms.clock.now() - NOON >= timedelta(seconds=2.4)


async def test_an_account_slows_down_when_its_allowance_is_nearly_used(rooms: Rooms) -> None:
    """Usage headers are told with every answer."""
    await rooms.say("messenger", "hello", user="first")
    rooms.graph.answers = [Accepted(message_id="m", used=95.0) for _ in range(20)]
    start = rooms.clock.now()
    for number in range(20):
        await rooms.accept("messenger", rooms_body("hello", f"p{number}"))
        await rooms.settle()
    assert rooms.clock.now() - start >= timedelta(seconds=4)


async def test_the_answer_is_noted_though_the_database_was_away(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that went out must never look as if it had not."""
    write, failures = rooms.database.write, [StoreUnavailable("away")] * 3

    async def shaky(work: Any) -> Any:
        if rooms.graph.calls and failures:
            raise failures.pop()
        return await write(work)

    monkeypatch.setattr(rooms.database, "write", shaky)
    await rooms.say("messenger", "hello")
    assert (states(rooms), len(rooms.graph.calls)) == (["sent"], 1)


async def test_two_processes_do_not_send_the_same_answer(rooms: Rooms) -> None:
    """Both may see it waiting; one of them marks it."""
    go_on = asyncio.Event()

    async def wait(body: Any) -> None:
        await go_on.wait()

    rooms.graph.during = wait
    await rooms.accept("messenger", rooms_body("hello"))
    await rooms.graph.called.wait()
    first = rooms.sender
    rooms.build()
    rooms.sender.wake(PERSON)
    await asyncio.sleep(0.05)
    go_on.set()
    await first.idle(timedelta(seconds=5))
    await rooms.settle()
    assert len(rooms.graph.calls) == 1


def test_the_first_try_counts_as_the_first() -> None:
    """A failure that may be repeated three times is sent four times at most."""
    failure: Failure = classify_code("messenger", 2)
    assert [failure.delay(number) is not None for number in (1, 2, 3, 4)] == [True] * 3 + [False]
    assert Deployment().takeover > timedelta()
