"""The writer that everything goes through outlives whoever asked it to write."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from tests.unit.delivery.rooms import Rooms, body_of


async def handed_over() -> None:
    """Give the loop a turn in which tasks ask for a write, and one in which the writer gets it."""
    for _ in range(2):
        await asyncio.sleep(0)


@pytest.mark.parametrize("started", [True, False])
async def test_a_caller_that_is_cancelled_does_not_stop_the_writer(
    rooms: Rooms, started: bool
) -> None:
    """A platform hangs up while its webhook is stored, or while it waits to be."""
    at_work, go_on = threading.Event(), threading.Event()

    def slow(connection: Any) -> str:
        at_work.set()
        go_on.wait(5)
        return "done"

    first = asyncio.ensure_future(rooms.database.write(slow))
    second = asyncio.ensure_future(rooms.database.write(lambda _: "second"))
    await asyncio.get_running_loop().run_in_executor(None, at_work.wait, 5)
    (first if started else second).cancel()
    await handed_over()
    go_on.set()
    assert await asyncio.wait_for(rooms.database.write(lambda _: "third"), 5) == "third"
    with pytest.raises(asyncio.CancelledError):
        await (first if started else second)


async def test_what_is_stored_has_its_turn_though_the_platform_hung_up(rooms: Rooms) -> None:
    """A request that is cut off while its webhook is written is not left lying."""
    at_work, go_on = threading.Event(), threading.Event()
    store = rooms.intake._store

    def slow(connection: Any, deliveries: Any) -> Any:
        at_work.set()
        go_on.wait(5)
        return store(connection, deliveries)

    rooms.intake._store = slow  # type: ignore[method-assign]
    request = asyncio.ensure_future(rooms.accept("messenger", body_of("messenger", "hello")))
    await asyncio.get_running_loop().run_in_executor(None, at_work.wait, 5)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    go_on.set()
    await asyncio.wait_for(rooms.graph.called.wait(), 5)
    await rooms.settle()
    assert rooms.graph.texts == ["re: hello"]


async def test_who_shares_a_commit_has_their_turn_though_another_hung_up(rooms: Rooms) -> None:
    """One of those whose webhooks were written together is cut off before the answer."""
    at_work, go_on = threading.Event(), threading.Event()

    def slow(connection: Any) -> None:
        at_work.set()
        go_on.wait(5)

    before = asyncio.ensure_future(rooms.database.write(slow))
    await asyncio.get_running_loop().run_in_executor(None, at_work.wait, 5)
    store, writing, written = rooms.intake._store, threading.Event(), threading.Event()

    def held(connection: Any, deliveries: Any) -> Any:
        writing.set()
        written.wait(5)
        return store(connection, deliveries)

    rooms.intake._store = held  # type: ignore[method-assign]
    bodies = [body_of("messenger", word, message_id=f"m_{word}") for word in ("one", "two")]
    requests = [asyncio.ensure_future(rooms.accept("messenger", body)) for body in bodies]
    await handed_over()
    go_on.set()
    await asyncio.get_running_loop().run_in_executor(None, writing.wait, 5)
    requests[0].cancel()
    written.set()
    await asyncio.gather(before, *requests, return_exceptions=True)
    await rooms.settle()
    assert requests[0].cancelled()
    assert sorted(rooms.graph.texts) == ["re: one", "re: two"]


async def test_what_follows_a_write_happens_though_its_caller_is_cut_off_at_the_answer(
    rooms: Rooms,
) -> None:
    """A platform hangs up between the commit and the moment at which the request goes on."""
    seen: list[str] = []

    def follow(result: str) -> None:
        seen.append(result)
        asking.cancel()

    def store(connection: Any, arguments: Any) -> list[str]:
        return [*arguments]

    asking = asyncio.ensure_future(rooms.database.write_bulk(store, "stored", then=follow))
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert seen == ["stored"]


async def test_the_writer_keeps_its_connection(rooms: Rooms) -> None:
    """To take one and to give it back would cost each commit as much as two statements."""
    taken: list[object] = []
    given_back: list[object] = []
    sa.event.listen(rooms.database.engine, "checkout", lambda *given: taken.append(given[0]))
    sa.event.listen(rooms.database.engine, "checkin", lambda *given: given_back.append(given[0]))

    for _ in range(3):
        await rooms.database.write(lambda _: None)
    assert len(taken) <= 1  # it may have written before
    assert not given_back
    rooms.database.close()
    assert len(given_back) == 1


async def test_what_is_asked_for_in_one_turn_of_the_loop_is_written_together(rooms: Rooms) -> None:
    """The writer does not begin with the first of many webhooks that were read together."""
    groups: list[list[str]] = []

    def note(_: Any, arguments: Any) -> list[None]:
        groups.append(list(arguments))
        return [None] * len(arguments)

    words = ["one", "two", "three"]
    await asyncio.gather(*(rooms.database.write_bulk(note, word) for word in words))
    assert groups == [words]


async def test_what_was_asked_for_is_written_though_the_loop_ends(rooms: Rooms) -> None:
    """A server that stops closes its database before the loop has another turn."""
    written: list[str] = []
    asked = asyncio.ensure_future(rooms.database.write(lambda _: written.append("it")))
    await asyncio.sleep(0)
    rooms.database.close()
    assert written == ["it"]
    await asked
