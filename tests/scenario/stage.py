"""Processes that run one named point at a time, in any order, and may die at each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection, Engine

from overture.errors import StoreUnavailable

#: Turns of the event loop after which whatever can run has run.
_TURNS = 16


@dataclass(eq=False)
class Parked:
    """One task that waits to be let on."""

    process: Process
    name: str
    future: asyncio.Future[None]
    #: Seconds it wants to sleep, if that is what it waits for.
    seconds: float = 0.0


@dataclass(eq=False)
class Process:
    """One process: its tasks end with it, and nothing of it is ever run again."""

    name: str
    stage: Stage
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    alive: bool = True
    #: Told when the process dies, as a peer is by its broken connection.
    hung_up: list[Callable[[], None]] = field(default_factory=list)

    def run(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begin something in this process."""
        task = self.stage.loop.create_task(work)
        self.tasks.append(task)  # kept: the loop itself holds tasks weakly
        return task

    async def point(self, name: str, seconds: float = 0.0) -> None:
        """Wait here until the stage lets this task on; for ever, once the process is dead."""
        future = self.stage.loop.create_future()
        if self.alive:
            self.stage.parked.append(Parked(self, name, future, seconds))
        await future

    async def sleep(self, seconds: float) -> None:
        """Sleep by the clock of the stage."""
        await self.point("asleep", seconds)

    def kill(self) -> None:
        """End at once, wherever its tasks are."""
        self.alive = False
        self.stage.parked = [one for one in self.stage.parked if one.process is not self]
        for tell in self.hung_up:
            tell()


class Stage:
    """Hold the loop all processes share and the points at which they wait."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.parked: list[Parked] = []
        #: Exceptions nobody expected.
        self.failures: list[str] = []
        self.loop.set_exception_handler(self._note)

    def _note(self, _: object, told: dict[str, Any]) -> None:
        if "exception" in told:
            self.failures.append(repr(told["exception"]))

    def settle(self) -> None:
        """Run everything up to its next point."""
        self.loop.run_until_complete(_idle())

    def release(self, one: Parked, error: Exception | None = None) -> None:
        """Let one task on to its next point, or have what it waits for fail."""
        self.parked.remove(one)
        if error is None:
            one.future.set_result(None)
        else:
            one.future.set_exception(error)
        self.settle()

    def close(self) -> None:
        """End everything."""
        for one in {parked.process for parked in self.parked}:
            one.kill()
        self.settle()
        self.loop.close()


async def _idle() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)


@dataclass(eq=False)
class _Item:
    operation: Any
    argument: Any
    future: asyncio.Future[Any]


class SteppedDatabase:
    """Stand where `Database` does: each transaction is whole, with a point on either side."""

    def __init__(
        self, engine: Engine, process: Process, committed: Callable[[Any, Any], None]
    ) -> None:
        self._engine = engine
        self._process = process
        self._committed = committed
        self._waiting: list[_Item] = []

    async def write(self, work: Callable[[Connection], Any]) -> Any:
        """Run a transaction."""
        await self._process.point("before a transaction")
        with self._engine.begin() as connection:
            result = work(connection)
        self._committed(None, result)
        await self._process.point("after a transaction")
        return result

    async def read(self, work: Callable[[Connection], Any]) -> Any:
        """Read, with what others do before and after."""
        await self._process.point("before reading")
        with self._engine.begin() as connection:
            return work(connection)

    async def write_bulk(self, operation: Any, argument: Any) -> Any:
        """Run what waits for the same operation in one transaction, as the group commit does."""
        item = _Item(operation, argument, self._process.stage.loop.create_future())
        self._waiting.append(item)
        try:
            await self._process.point("before a group commit")
            if not item.future.done():
                self._run([one for one in self._waiting if one.operation == operation])
        except StoreUnavailable:
            if not item.future.done():  # else a neighbour has committed it
                raise
        finally:
            self._waiting = [one for one in self._waiting if one is not item]
        await self._process.point("after a group commit")
        return item.future.result()

    def _run(self, group: list[_Item]) -> None:
        with self._engine.begin() as connection:
            results = group[0].operation(connection, [one.argument for one in group])
        for one, result in zip(group, results, strict=True):
            one.future.set_result(result)
            self._committed(one.argument, result)
        self._waiting = [one for one in self._waiting if one not in group]


def away() -> Exception:
    """Return what a database that is away raises."""
    return StoreUnavailable("the database is away")
