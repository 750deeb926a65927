"""What becomes of kept connections, and what it costs to keep them, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from overture.errors import StoreUnavailable
from overture.store.database import Database

pytestmark = pytest.mark.postgres

_CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture
def store(postgres_url: str) -> Iterator[Database]:
    made = Database(postgres_url)
    made.write_now(lambda connection: connection.execute(sa.text("CREATE TABLE note (text text)")))
    yield made
    made.close()


def cut(store: Database) -> None:
    """Have the server end every connection, as it does when it starts again."""
    other = sa.create_engine(store.engine.url, future=True)
    with other.connect() as connection:
        connection.execute(sa.text(_CUT))
    other.dispose()


def count(connection: Any) -> int:
    return int(connection.execute(sa.text("SELECT count(*) FROM note")).scalar_one())


def note(connection: Any) -> None:
    connection.execute(sa.text("INSERT INTO note VALUES ('here')"))


def test_a_server_that_started_again_is_not_noticed(store: Database) -> None:
    """Neither by who reads nor by who writes; what is written is there once."""
    assert store.read_now(count) == 0
    cut(store)
    assert store.read_now(count) == 0
    store.write_now(note)
    cut(store)
    store.write_now(note)
    assert store.read_now(count) == 2


def test_what_may_have_been_committed_is_not_written_again(store: Database) -> None:
    """A connection that is lost at its commit leaves the answer open: the caller is told."""
    store.write_now(
        lambda connection: connection.execute(
            sa.text("ALTER TABLE note ADD UNIQUE (text) DEFERRABLE INITIALLY DEFERRED")
        )
    )
    runs = []

    def lost(connection: Any) -> None:
        runs.append(1)
        note(connection)
        sa.event.listen(store.engine, "commit", fail, once=True)

    def fail(connection: Any) -> None:
        cut(store)

    with pytest.raises(StoreUnavailable):
        store.write_now(lost)
    assert runs == [1]


def test_reading_costs_one_statement(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dispatcher with nothing to do reads once a second, and asks for nothing besides."""
    store.read_now(count)
    seen: list[str] = []
    monkeypatch.setattr(store.engine.dialect, "do_ping", lambda _: seen.append("ping") or True)

    def watch(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", watch)
    store.read_now(count)
    assert seen == ["SELECT count(*) FROM note"]
