"""A follow-up has one try, or a few as long as the gate says yes and the platform surely no."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from overture.delivery.graph import Rejected
from overture.meta.errors import classify
from overture.policy import Policy, rules
from overture.services import consent
from overture.services.standing import facts_of
from overture.store.schema import outbound
from tests.unit.delivery.rooms import (
    CONVERSATION,
    PERSON,
    Rooms,
    permitted,
    refusal,
    rooms_body,
    states,
)


async def test_a_rate_limited_follow_up_is_tried_again_within_a_minute(rooms: Rooms) -> None:
    """It was surely not taken; the gate still says yes."""
    out = await permitted(rooms)
    start = rooms.clock.now()
    rooms.graph.answers = [refusal(613)]
    await out.send(CONVERSATION, {"text": "hello again"})
    await rooms.settle()
    assert rooms.graph.texts == ["hello again", "hello again"]
    assert rooms.clock.now() - start < timedelta(seconds=60)
    assert states(rooms)[-1] == "sent"


@pytest.mark.parametrize("change", ["opt_out", "write"])
async def test_a_follow_up_is_not_tried_again_when_contact_is_not_allowed_any_more(
    rooms: Rooms, change: str
) -> None:
    """Between two tries the person said stop, or wrote."""
    out = await permitted(rooms)
    rooms.graph.answers = [refusal(613)]

    async def meanwhile(body: Any) -> None:
        rooms.graph.during = None
        if change == "opt_out":
            rooms.write(
                lambda ledger: consent.opt_out(
                    ledger, PERSON, rooms.clock.now(), rooms.deployment, by="m"
                )
            )
        else:
            await rooms.accept("messenger", rooms_body("I am back"))

    rooms.graph.during = meanwhile
    await out.send(CONVERSATION, {"text": "hello again"})
    await rooms.settle()
    assert rooms.graph.texts.count("hello again") == 1
    rows = rooms.rows(sa.select(outbound.c.state, outbound.c.error, outbound.c.kind))
    failed = next(row for row in rows if row.kind == "follow_up")
    # What they wrote has been counted by then, or still waits to be: no either way.
    expected = ["opted_out"] if change == "opt_out" else ["unanswered", "pending_inbound"]
    assert failed.state == "failed"
    assert len(failed.error["withheld"]) == 1
    assert failed.error["withheld"][0] in expected


async def test_an_answer_waits_for_a_follow_up_that_is_on_its_way(rooms: Rooms) -> None:
    """What was said first arrives first."""
    out = await permitted(rooms)
    go_on = asyncio.Event()

    async def wait(body: Any) -> None:
        rooms.graph.during = None
        await go_on.wait()

    rooms.graph.during = wait
    sending = asyncio.ensure_future(out.send(CONVERSATION, {"text": "hello again"}))
    await rooms.graph.called.wait()
    await rooms.accept("messenger", rooms_body("hi"))
    for _ in range(20):  # it has looked whether it may go, but not for as long as it would wait
        await asyncio.sleep(0.001)
    assert rooms.graph.texts == ["hello again"]
    go_on.set()
    await sending
    await rooms.settle()
    assert rooms.graph.texts == ["hello again", "re: hi"]


async def test_a_follow_up_goes_out_although_the_dispatcher_that_asked_hangs_up(
    rooms: Rooms,
) -> None:
    """Its permit is spent: whoever waited for the turn may be gone, the person is not."""
    out = await permitted(rooms)
    go_on = asyncio.Event()

    async def wait(body: Any) -> None:
        await go_on.wait()

    rooms.graph.during = wait
    sending = asyncio.ensure_future(out.send(CONVERSATION, {"text": "hello again"}))
    await rooms.graph.called.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    go_on.set()
    await asyncio.gather(*out._under_way)
    assert rooms.graph.texts == ["hello again"]
    state = sa.select(outbound.c.state).where(outbound.c.kind == "follow_up")
    assert rooms.rows(state) == [("sent",)]


async def test_a_person_who_writes_before_the_platforms_answer_opens_its_window(
    rooms: Rooms,
) -> None:
    """That the window was closed is true of when the message was posted, and not any more."""
    out = await permitted(rooms)
    posted_at = rooms.clock.now()
    closed = classify("messenger", 400, {"error": {"code": 10, "error_subcode": 2018278}}, {})
    rooms.graph.answers = [Rejected(failure=closed)]

    async def meanwhile(body: Any) -> None:
        rooms.graph.during = None
        rooms.clock.wind(timedelta(seconds=1))
        await rooms.accept("messenger", rooms_body("I am back", at=rooms.clock.now()))
        rooms.clock.wind(timedelta(seconds=1))

    rooms.graph.during = meanwhile
    await out.send(CONVERSATION, {"text": "hello again"})
    await rooms.settle()
    standing = rooms.read(lambda ledger: ledger.people.standing(CONVERSATION))
    assert standing.contact.window_closed_at == posted_at
    facts = facts_of(standing, rooms.deployment)
    assert facts is not None
    now = rooms.clock.now()
    assert rules.channel(facts, Policy(), (now, now)).allowed.contains(now)
