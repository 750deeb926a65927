"""The floor of a webhook: the same row of each message by the plain driver, nothing understood.

The signature is checked, the body's one message is taken for granted, and what waits together is
written by one statement and commit of a thread beside the loop. What Overture adds to this is to
read whatever else a body may hold, and to survive what it should not.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import orjson
import psycopg2

from bench.databases import file_of

Row = tuple[Any, ...]
Waiting = tuple[Row, "asyncio.Future[None]"]

_COLUMNS = (
    "channel, account_id, user_id, message_id, kind, text, detail, labels, occurred_at,"
    " received_at, attempts, lease_owner, lease_until"
)
_LEASE = 60_000_000


def row_of(body: bytes) -> Row:
    """Return the row of the one text message of a body."""
    event = orjson.loads(body)["entry"][0]["messaging"][0]
    message, now = event["message"], time.time_ns() // 1000
    who = ("messenger", event["recipient"]["id"], event["sender"]["id"], message["mid"])
    said = ("text", message["text"], "{}", "[]", event["timestamp"] * 1000, now)
    return (*who, *said, 0, "bench", now + _LEASE)


class Writer:
    """Write rows in a thread; what waits when a commit ends shares the next one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._queue: queue.SimpleQueue[list[Waiting]] = queue.SimpleQueue()
        #: What the tasks of this turn of the loop ask for.
        self._asked: list[Waiting] = []
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, daemon=True).start()

    async def store(self, row: Row) -> None:
        """Return once a row is durable."""
        future: asyncio.Future[None] = self._loop.create_future()
        if not self._asked:
            self._loop.call_soon(self._hand_over)
        self._asked.append((row, future))
        await future

    def _hand_over(self) -> None:
        asked, self._asked = self._asked, []
        self._queue.put(asked)

    def _run(self) -> None:
        write = _postgres(self._url) if self._url.startswith("postgresql") else _sqlite(self._url)
        while True:
            group = self._queue.get()
            while not self._queue.empty():
                group += self._queue.get()
            write([row for row, _ in group])
            self._loop.call_soon_threadsafe(_answer, group)


def _answer(group: Sequence[Waiting]) -> None:
    for _, future in group:
        future.set_result(None)


def _postgres(url: str) -> Callable[[Sequence[Row]], None]:
    connection = psycopg2.connect(url)
    cursor = connection.cursor()
    kinds = ["text"] * 6 + ["json"] * 2 + ["bigint"] * 2 + ["integer", "text", "bigint"]
    lists = ", ".join(f"%s::{kind}[]" for kind in kinds)
    statement = (
        f"INSERT INTO inbound ({_COLUMNS}) SELECT * FROM unnest({lists}) ON CONFLICT DO NOTHING"
    )

    def write(rows: Sequence[Row]) -> None:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
        connection.commit()

    return write


def _sqlite(url: str) -> Callable[[Sequence[Row]], None]:
    connection = sqlite3.connect(file_of(url), isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-32768"):
        connection.execute(f"PRAGMA {pragma}")
    row = f"({', '.join('?' * 13)})"

    def write(rows: Sequence[Row]) -> None:
        values = ", ".join([row] * len(rows))
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            f"INSERT INTO inbound ({_COLUMNS}) VALUES {values} ON CONFLICT DO NOTHING",
            [value for one in rows for value in one],
        )
        connection.execute("COMMIT")

    return write
