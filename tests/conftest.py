"""Services and databases tests may ask for; what is missing is a skip here and a failure in CI."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from overture.store.database import Database
from overture.store.migrations import migrate

#: Where the tests find PostgreSQL; they make and drop databases of their own in it.
POSTGRES = os.environ.get("OVERTURE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS = ("127.0.0.1", 6379)
RABBITMQ = ("127.0.0.1", 5672)


def require(there: bool, what: str) -> None:
    """Skip a test whose service is missing; with CI=true that is a failure."""
    if there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is required in CI")
    pytest.skip(f"{what} is not there")


def answers(address: tuple[str, int]) -> bool:
    """Return whether something listens on an address."""
    try:
        with socket.create_connection(address, timeout=1):
            return True
    except OSError:
        return False


@pytest.fixture(scope="session")
def postgres() -> sa.engine.Engine:
    """Return an engine to make databases with."""
    engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", future=True)
    try:
        engine.connect().close()
        there = True
    except sa.exc.OperationalError:
        there = False
    require(there, f"PostgreSQL at {sa.engine.make_url(POSTGRES).host}")
    return engine


@pytest.fixture
def postgres_url(postgres: sa.engine.Engine) -> Iterator[str]:
    """Make an empty PostgreSQL database for one test."""
    name = f"overture_test_{uuid4().hex[:12]}"
    with postgres.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield postgres.url.set(database=name).render_as_string(hide_password=False)
    with postgres.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return an empty database: each test that takes this runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def open_database(database_url: str) -> Iterator[Callable[[], Database]]:
    """Return a function that opens the migrated database, once for each process it plays."""
    opened: list[Database] = []

    def connect() -> Database:
        database = Database(database_url)
        migrate(database.engine)
        opened.append(database)
        return database

    yield connect
    for database in opened:
        database.close()


@pytest.fixture
def database(open_database: Callable[[], Database]) -> Database:
    """Return a migrated, empty database."""
    return open_database()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    require(path is not None, "chromium")
    return str(path)


@pytest.fixture
def redis_address() -> tuple[str, int]:
    """Return where Redis listens."""
    require(answers(REDIS), "Redis on port 6379")
    return REDIS


@pytest.fixture
def rabbitmq_address() -> tuple[str, int]:
    """Return where RabbitMQ listens."""
    require(answers(RABBITMQ), "RabbitMQ on port 5672")
    return RABBITMQ
