"""Writes that share a commit: what is waiting runs by operation, and all are told at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

A = TypeVar("A")
T = TypeVar("T")

#: An operation that takes the arguments of several callers at once and answers each in turn.
Bulk = Callable[[Connection, Sequence[A]], Sequence[T]]


@dataclass(slots=True)
class Item:
    """Hold one piece of work and the future that waits for it."""

    operation: Bulk[Any, Any]
    argument: Any
    future: Future[Any] | asyncio.Future[Any]
    #: Where a task waits; None for a thread that waits.
    loop: asyncio.AbstractEventLoop | None = None
    #: Gets the result on the loop, also if its task does not wait for it any more.
    then: Callable[[Any], None] | None = None

    def begin(self) -> bool:
        """Return whether anybody still waits for the result."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()


class Gathering:
    """Hand over together what the tasks of one turn of an event loop ask for.

    What was read together shares a commit then, and the writer does not begin with the first
    of it and contend with the loop for the interpreter.
    """

    def __init__(self, hand_over: Callable[[Item], None]) -> None:
        self._hand_over = hand_over
        self._waiting: dict[asyncio.AbstractEventLoop, list[Item]] = {}

    def add(self, loop: asyncio.AbstractEventLoop, item: Item) -> None:
        """Take an item, handed over when the tasks that are ready have run."""
        waiting = self._waiting.get(loop)
        if waiting is None:
            self._waiting[loop] = [item]
            loop.call_soon(self._end_of_turn, loop)
        else:
            waiting.append(item)

    def hand_over_all(self) -> None:
        """Hand over what waits on all loops, which may never run again."""
        for loop in list(self._waiting):
            self._end_of_turn(loop)

    def _end_of_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        for item in self._waiting.pop(loop, ()):
            self._hand_over(item)


def run_group(connection: Connection, group: Sequence[Item]) -> list[Any]:
    """Run each operation once, for all that ask for it; return the results in the group's order.

    Raises:
        ValueError: an operation did not answer each of its callers.
    """
    places: dict[Bulk[Any, Any], list[int]] = {}
    for place, item in enumerate(group):
        places.setdefault(item.operation, []).append(place)
    results: list[Any] = [None] * len(group)
    for operation, mine in places.items():
        answers = operation(connection, [group[place].argument for place in mine])
        for place, result in zip(mine, answers, strict=True):
            results[place] = result
    return results


def answer(group: Sequence[Item], results: Sequence[Any]) -> None:
    """Hand out results: one wake-up for each event loop, however many wait there."""
    waiting: dict[asyncio.AbstractEventLoop, list[tuple[Item, Any]]] = {}
    for item, result in zip(group, results, strict=True):
        if item.loop is None:
            item.future.set_result(result)
        else:
            waiting.setdefault(item.loop, []).append((item, result))
    for loop, answers in waiting.items():
        _call(loop, _set_results, answers)


def refuse(group: Sequence[Item], error: Exception) -> None:
    """Hand the same failure to all of a group."""
    for item in group:
        if item.loop is None:
            item.future.set_exception(error)
        else:
            _call(item.loop, _set_error, item, error)


def _call(loop: asyncio.AbstractEventLoop, told: Callable[..., None], *arguments: Any) -> None:
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        loop.call_soon_threadsafe(told, *arguments)


def _set_results(answers: Sequence[tuple[Item, Any]]) -> None:
    for item, result in answers:
        if not item.future.done():  # else it was cancelled while it ran
            item.future.set_result(result)
    for item, result in answers:
        if item.then is not None:
            item.then(result)


def _set_error(item: Item, error: Exception) -> None:
    if not item.future.done():
        item.future.set_exception(error)
