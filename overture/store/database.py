"""One database for each process: a writer that groups commits, and readers beside it."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.pool import QueuePool, StaticPool

from overture.errors import StoreUnavailable
from overture.store.encoding import from_json, to_json
from overture.store.grouping import Bulk, Gathering, Item, answer, refuse, run_group

logger = logging.getLogger(__name__)

A = TypeVar("A")
T = TypeVar("T")

#: A piece of work on the database. It may run twice (a failed neighbour makes the group run
#: again, each alone), so it touches nothing but the connection it is given.
Work = Callable[[Connection], T]

#: No answer, no lock, no room; on PostgreSQL a server that only lets read is an internal error.
_AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError)

#: At most this many pieces of work share a commit.
GROUP = 256
#: Seconds a writer waits for a lock held by another process before it gives up.
LOCK_TIMEOUT = 15
#: Of an insert a statement is kept for each number of rows.
_SQLITE = {"check_same_thread": False, "timeout": LOCK_TIMEOUT, "cached_statements": 512}


def make_engine(url: str) -> Engine:
    """Return an engine for SQLite (WAL, durable commits) or PostgreSQL.

    Args:
        url: SQLAlchemy URL; ``sqlite://`` alone is a database in memory.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = sa.create_engine(
            url,
            future=True,
            pool_size=4,
            json_serializer=to_json,
            json_deserializer=from_json,
        )
        sa.event.listen(engine, "connect", _tune_postgres)
        return engine
    in_memory = parsed.database in (None, "", ":memory:")
    engine = sa.create_engine(
        url,
        future=True,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args=_SQLITE,
        json_serializer=to_json,
        json_deserializer=from_json,
    )
    sa.event.listen(engine, "connect", _tune_sqlite)
    vars(engine.dialect)["do_begin"] = _begin_sqlite  # an event would slow every statement down
    return engine


def _tune_postgres(connection: Any, _record: Any) -> None:
    # The ledger looks rows up by their keys. With the cost of a spinning disk in mind the
    # planner would rather read tables of some thousand rows whole, ten times as slow.
    with connection.cursor() as cursor:
        cursor.execute("SET random_page_cost = 1.1")
        cursor.execute("SET jit = off")
    connection.commit()


def _tune_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction control begins too late for a write after a read.
    connection.isolation_level = None
    cursor = connection.cursor()
    # Each connection has a cache of its own: a process grows by up to 32 MB for each, then stays.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={LOCK_TIMEOUT * 1000}",
        "foreign_keys=ON",
        "cache_size=-32768",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    reading = connection.info.pop("reading", False)
    connection.cursor().execute("BEGIN" if reading else "BEGIN IMMEDIATE")


class Database:
    """Run work on the database, durable when its future is done.

    Writes of one process go through one thread and connection; what is waiting when a
    commit ends shares the next one. Reads use a small pool of their own.
    """

    def __init__(self, url: str, *, readers: int = 2) -> None:
        self.engine = make_engine(url)
        self._shared = isinstance(self.engine.pool, StaticPool)
        self._queue: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._gathering = Gathering(self._enqueue)
        #: The writer's connection, kept from one commit to the next.
        self._kept: Connection | None = None
        #: Whether a write that has failed may have been committed.
        self._committing = False
        self._start = threading.Lock()
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="overture-read")

    # -- writing ---------------------------------------------------------------------------

    def submit(self, work: Work[T]) -> Future[T]:
        """Queue a write and return the future of its result, done once it is durable."""
        future: Future[T] = Future()
        self._enqueue(Item(_alone, work, future))
        return future

    async def write_bulk(
        self, operation: Bulk[A, T], argument: A, *, then: Callable[[T], None] | None = None
    ) -> T:
        """Run a write that may share its statements with equal ones of other callers.

        Writes that wait together run by operation, not in the order in which they came.

        Args:
            then: gets the result on the event loop, also if the caller was cancelled while it
                was being written.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._gathering.add(loop, Item(operation, argument, future, loop, then))
        return await future

    async def write(self, work: Work[T]) -> T:
        """Run a write without blocking the event loop.

        Raises:
            StoreUnavailable: the database does not answer or refuses to write.
        """
        result: T = await self.write_bulk(_alone, work)
        return result

    def write_now(self, work: Work[T]) -> T:
        """Run a write and wait for it; for tools and tests, never on an event loop."""
        return self.submit(work).result()

    def _enqueue(self, item: Item) -> None:
        if self._writer is None:
            self._start_writer()
        self._queue.put(item)

    def _start_writer(self) -> None:
        with self._start:
            if self._writer is None:
                thread = threading.Thread(target=self._run, name="overture-write", daemon=True)
                thread.start()
                self._writer = thread

    def _run(self) -> None:
        while True:
            waiting = self._next_group()
            if waiting is None:
                self._let_go()
                return
            # Whoever asked may have gone (a platform that hung up); from here on they cannot.
            group = [item for item in waiting if item.begin()]
            if not group:
                continue
            try:
                self._commit(group)
            except Exception as error:  # noqa: BLE001 - whatever failed goes to the caller
                if len(group) == 1:
                    _fail(group, error)
                else:
                    self._commit_each(group)

    def _next_group(self) -> list[Item] | None:
        first = self._queue.get()
        if first is None:
            return None
        group = [first]
        while len(group) < GROUP:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                self._queue.put(None)
                break
            group.append(item)
        return group

    def _commit(self, group: list[Item]) -> None:
        try:
            results = self._transact(group)
        except sa.exc.DBAPIError as error:
            if self._committing or not error.connection_invalidated:
                raise
            results = self._transact(group)  # on a new one, not a kept one that was cut
        answer(group, results)

    def _transact(self, group: list[Item]) -> list[Any]:
        connection = self._kept = self._kept or self.engine.connect()
        self._committing = False
        try:
            with connection.begin():
                results = run_group(connection, group)
                self._committing = True
        except BaseException:
            self._let_go()
            raise
        return results

    def _let_go(self) -> None:
        """Return the writer's connection to the pool: it is done, or it has failed."""
        connection, self._kept = self._kept, None
        if connection is not None:
            connection.close()

    def _commit_each(self, group: list[Item]) -> None:
        for item in group:
            try:
                self._commit([item])
            except Exception as error:  # noqa: BLE001 - whatever failed goes to the caller
                _fail([item], error)

    # -- reading ---------------------------------------------------------------------------

    async def read(self, work: Work[T]) -> T:
        """Run a read without blocking the event loop."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self.read_now, work)

    def read_now(self, work: Work[T]) -> T:
        """Run a read and wait for it; never on an event loop."""
        if self._shared:  # one connection in memory: reads take their turn with writes
            return self.write_now(work)
        try:
            try:
                return self._read(work)
            except sa.exc.DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return self._read(work)  # on a new connection, not a kept one that was cut
        except _AWAY as error:
            raise StoreUnavailable(_brief(error)) from error

    def _read(self, work: Work[T]) -> T:
        with self.engine.connect() as connection:
            told = connection.info  # one that is cut has none
            told["reading"] = True  # for the transaction that begins with it
            try:
                return work(connection)
            finally:
                told.pop("reading", None)

    def close(self) -> None:
        """Finish what is queued and let the connections go."""
        self._gathering.hand_over_all()
        writer = self._writer
        if writer is not None:
            self._queue.put(None)
            writer.join()
            self._writer = None
        self._readers.shutdown()
        self.engine.dispose()


def _alone(connection: Connection, works: Sequence[Work[Any]]) -> list[Any]:
    return [work(connection) for work in works]


def _fail(group: Sequence[Item], error: Exception) -> None:
    if isinstance(error, _AWAY):
        logger.warning("store.unavailable error=%s", _brief(error))
        wrapped: Exception = StoreUnavailable(_brief(error))
        wrapped.__cause__ = error
        error = wrapped
    refuse(group, error)


def _brief(error: sa.exc.DBAPIError) -> str:
    """Return the driver's message without statement and parameters, which hold people's text."""
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no answer"
