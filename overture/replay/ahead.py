"""Read the words of a long history before their turn, on every core there is.

What a text means depends on the text, its time and its person's zone, and on nothing a replay
decides: other processes can know it first. The order of events, and what is made of them, stay.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from multiprocessing import get_context

from overture.memory.records import ExtractedFact
from overture.replay import words
from overture.replay.history import Event
from overture.workers import settle_down

#: Events that are read together.
_BATCH = 200
#: Batches that are read ahead for each process.
_DEEP = 3
#: Histories of fewer bytes are over before other processes could begin.
_SHORT = 300_000
_MOST_PROCESSES = 8

#: An event with the bytes that its line takes.
Line = tuple[Event, int]
#: Text, time and the person's zone.
Asked = tuple[str, datetime, str | None]
Heard = tuple[frozenset[str], Sequence[ExtractedFact]]


class Ahead:
    """Know the words of the events at hand, once ``events`` has passed them on."""

    def __init__(self, pool: ProcessPoolExecutor | None = None, processes: int = 0) -> None:
        self._pool = pool
        self._depth = processes * _DEEP
        self._zones: dict[str, str | None] = {}
        self._labels: dict[str, frozenset[str]] = {}
        self._facts: dict[Asked, Sequence[ExtractedFact]] = {}

    def events(self, lines: Iterator[Line]) -> Iterator[Line]:
        """Pass events on, in their order, each when its words are known."""
        if self._pool is None:
            yield from lines
            return
        waiting: deque[tuple[list[Line], list[Asked], Future[list[Heard]]]] = deque()
        while batch := list(islice(lines, _BATCH)):
            asked = [one for event, _ in batch if (one := self._asked(event)) is not None]
            waiting.append((batch, asked, self._pool.submit(_read, asked)))
            if len(waiting) > self._depth:
                yield from self._known(*waiting.popleft())
        while waiting:
            yield from self._known(*waiting.popleft())

    def _asked(self, event: Event) -> Asked | None:
        """Return what is to be read of an event, with what is known of its person until then."""
        contact = (event.conversation or "").rpartition(":")[0]
        if "timezone" in event.profile:
            self._zones[contact] = event.profile["timezone"]
        return (event.text, event.at, self._zones.get(contact)) if event.text else None

    def _known(
        self, batch: list[Line], asked: list[Asked], future: Future[list[Heard]]
    ) -> Iterator[Line]:
        heard = future.result()
        self._labels = {one[0]: labels for one, (labels, _) in zip(asked, heard, strict=True)}
        self._facts = {one: facts for one, (_, facts) in zip(asked, heard, strict=True)}
        yield from batch

    def screen(self, text: str) -> frozenset[str]:
        """Return the labels intake gives a text."""
        known = self._labels.get(text)
        return words.screen(text) if known is None else known

    def extract(self, text: str, now: datetime, zone: str | None) -> Sequence[ExtractedFact]:
        """Return the facts intake keeps of a text."""
        known = self._facts.get((text, now, zone))
        return words.extract(text, now, zone) if known is None else known


@contextmanager
def reading(size: int) -> Iterator[Ahead]:
    """Read ahead in other processes where that is worth it.

    Args:
        size: bytes of the history.
    """
    processes = min(os.cpu_count() or 1, _MOST_PROCESSES)
    if size < _SHORT or processes == 1:
        yield Ahead()
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin_reading)
    try:
        yield Ahead(pool, processes)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin_reading() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # interrupts are for the parent
    settle_down()


def _read(asked: list[Asked]) -> list[Heard]:
    return [(words.screen(text), words.extract(text, at, zone)) for text, at, zone in asked]
