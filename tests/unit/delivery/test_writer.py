"""The writer that everything goes through outlives whoever asked it to write."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from tests.unit.delivery.rooms import Rooms, body_of


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
    await asyncio.sleep(0)
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
