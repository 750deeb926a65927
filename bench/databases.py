"""Empty databases for one measurement each: SQLite in a folder of its own, and PostgreSQL."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from overture.store.database import Database
from overture.store.migrations import migrate

#: Databases of their own are made and dropped here.
POSTGRES = os.environ.get(
    "OVERTURE_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres"
)


def kinds() -> list[str]:
    """Return the kinds of database this machine has."""
    return ["SQLite", "PostgreSQL"] if has_postgres() else ["SQLite"]


def has_postgres() -> bool:
    """Return whether PostgreSQL answers."""
    try:
        _server().connect().close()
    except sa.exc.OperationalError:
        return False
    return True


@contextmanager
def fresh_url(kind: str) -> Iterator[str]:
    """Make an empty database, give its URL, and remove it in the end."""
    if kind == "SQLite":
        with tempfile.TemporaryDirectory(prefix="overture-bench-") as folder:
            yield f"sqlite:///{folder}/bench.db"
        return
    name, server = f"overture_bench_{uuid4().hex[:12]}", _server()
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield server.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@contextmanager
def open_ledger(url: str) -> Iterator[Database]:
    """Open a database with Overture's tables."""
    database = Database(url)
    try:
        migrate(database.engine)
        yield database
    finally:
        database.close()


@contextmanager
def fresh_ledger(kind: str) -> Iterator[Database]:
    """Make an empty database with Overture's tables."""
    with fresh_url(kind) as url, open_ledger(url) as database:
        yield database


def file_of(url: str) -> str:
    """Return the file of a SQLite URL."""
    return url.removeprefix("sqlite:///")


def bytes_of(database: Database) -> int:
    """Return how much room a database takes."""
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
            return Path(file_of(str(database.engine.url))).stat().st_size
        size = sa.text("SELECT pg_database_size(current_database())")
        return int(connection.execute(size).scalar_one())


def _server() -> sa.engine.Engine:
    return sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", future=True)
