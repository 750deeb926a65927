"""Few turns run at once; one that only waits keeps nobody from running."""

from __future__ import annotations

import asyncio
from typing import Any

from overture.delivery.places import AT_ONCE, Places
from tests.unit.delivery.rooms import Rooms, body_of


async def test_no_more_turns_run_than_there_are_places(rooms: Rooms) -> None:
    """However many people write at once, all are answered."""
    running, most, full = 0, 0, asyncio.Event()

    async def count(_: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == AT_ONCE:
            full.set()
        await full.wait()
        await asyncio.sleep(0.02)  # time for more to come, if they could
        running -= 1

    rooms.during_turn = count
    for number in range(40):
        await rooms.accept("messenger", body_of("messenger", "hello", user=f"u{number}"))
    await rooms.settle()
    assert most == AT_ONCE
    assert len(rooms.graph.calls) == 40


async def test_who_only_waits_gives_its_place_up_once() -> None:
    """A turn that takes long is waiting for somebody; it does not give back twice."""
    places, entered = Places(places=1, patience=0.01), list[str]()

    async def wait(name: str, end: asyncio.Event) -> None:
        async with places.one():
            entered.append(name)
            await end.wait()

    first, second = asyncio.Event(), asyncio.Event()
    tasks = [asyncio.ensure_future(wait("first", first))]
    tasks.append(asyncio.ensure_future(wait("second", second)))
    while len(entered) < 2:  # noqa: ASYNC110 - looks at who has got in
        await asyncio.sleep(0.005)
    first.set()
    second.set()
    await asyncio.gather(*tasks)
    assert not places._free.locked()
    assert places._free._value == 1
    assert entered == ["first", "second"]
