"""What is typed in the console, another process, goes out from here: once, or it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from overture.delivery import watching
from overture.delivery.rendering import typed_rows
from overture.delivery.watching import Watch
from overture.errors import StoreUnavailable
from overture.identity import Conversation
from overture.services import answering
from overture.store.schema import outbound
from tests.unit.delivery.rooms import CONVERSATION, Rooms, refusal, states

HOUR = timedelta(hours=1)


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    """Return the parts of one process, on a database in memory."""
    rooms = Rooms("sqlite://")
    yield rooms
    rooms.database.close()


def watch(rooms: Rooms) -> Watch:
    """Return what looks for answers in this process."""
    return Watch(rooms.database, rooms.sender, rooms.worker)


def type_in(rooms: Rooms, text: str, key: str = "a") -> None:
    """Store an answer as the console does."""
    now = rooms.clock.now()
    rows = typed_rows(Conversation.parse(CONVERSATION), text, now)
    rooms.write(lambda lg: answering.answer(lg, CONVERSATION, rows, key, now, rooms.deployment))


async def test_an_answer_typed_in_the_console_goes_out_once(rooms: Rooms) -> None:
    """Whoever looks first sends it; a second server finds nothing."""
    await rooms.say("messenger", "hello")
    type_in(rooms, "It is Kim.")
    for _ in range(2):
        await watch(rooms).look()
        await rooms.settle()
    assert rooms.graph.texts == ["re: hello", "It is Kim."]
    assert states(rooms) == ["sent", "sent"]


async def test_an_answer_is_tried_again_as_a_reply_is(rooms: Rooms) -> None:
    """A refusal that passes does not lose it."""
    await rooms.say("messenger", "hello")
    rooms.graph.answers = [refusal(2)]
    type_in(rooms, "It is Kim.")
    await watch(rooms).look()
    await rooms.settle()
    assert rooms.graph.texts[1:] == ["It is Kim.", "It is Kim."]
    assert states(rooms) == ["sent", "sent"]


async def test_an_answer_whose_window_closed_while_it_waited_is_not_sent(rooms: Rooms) -> None:
    """The account rested for too long: the console shows that it failed."""
    await rooms.say("messenger", "hello")
    type_in(rooms, "It is Kim.")
    rooms.clock.wind(25 * HOUR)
    await watch(rooms).look()
    await rooms.settle()
    assert rooms.graph.texts == ["re: hello"]
    error = rooms.rows(sa.select(outbound.c.error).where(outbound.c.kind == "person"))[0].error
    assert "window" in error["message"]


async def test_an_answer_after_a_day_says_that_a_human_typed_it(rooms: Rooms) -> None:
    """By the time at which it goes out; a bot's words never say so."""
    await rooms.say("messenger", "hello")
    rooms.write(lambda lg: lg.describe_account("messenger", "601", {"human_agent": True}))
    rooms.clock.wind(24 * HOUR - timedelta(minutes=1))
    for key in ("a", "b"):
        type_in(rooms, "It is Kim.", key)
        await watch(rooms).look()
        await rooms.settle()
        rooms.clock.wind(timedelta(minutes=5))
    marks = [(body["messaging_type"], body.get("tag")) for _, _, body in rooms.graph.calls]
    assert marks == [("RESPONSE", None), ("RESPONSE", None), ("MESSAGE_TAG", "HUMAN_AGENT")]


async def test_a_human_does_not_speak_under_the_name_of_a_persona(rooms: Rooms) -> None:
    """The name would say that the bot wrote it."""
    from overture.delivery.names import PersonaNames

    names = PersonaNames(rooms.database, None, {}, rooms.clock, lambda _: None)  # type: ignore[arg-type]
    names.id_of = lambda _: "77"  # type: ignore[method-assign]
    rooms.sender.names = names
    await rooms.say("messenger", "hello")
    type_in(rooms, "It is Kim.")
    await watch(rooms).look()
    await rooms.settle()
    assert [body.get("persona_id") for _, _, body in rooms.graph.calls] == ["77", None]


async def test_looking_goes_on_when_the_database_was_away(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that was typed meanwhile would wait for ever."""
    monkeypatch.setattr(watching, "_LOOK", 0.001)
    await rooms.say("messenger", "hello")
    type_in(rooms, "It is Kim.")
    read, failures = rooms.database.read, [StoreUnavailable("away"), ValueError("a fault")]

    async def fail(work: Any) -> Any:
        if failures:
            raise failures.pop(0)
        return await read(work)

    monkeypatch.setattr(rooms.database, "read", fail)
    task = asyncio.ensure_future(watch(rooms).run())
    for _ in range(2000):
        if len(rooms.graph.texts) == 2:
            break
        await asyncio.sleep(0.005)
    task.cancel()
    assert rooms.graph.texts[1:] == ["It is Kim."]
