"""Statements that go to the driver behave as SQLAlchemy's own do, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.errors import StoreUnavailable
from overture.store.database import Database
from overture.store.instants import Instant
from overture.store.sql.dialect import insert_new, upsert
from overture.store.sql.prepared import Prepared, change

AT = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=timezone.utc)
SHEET = sa.Table(
    "sheet",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("at", Instant),
    sa.Column("share", sa.Float),
    sa.Column("minor", sa.Boolean, nullable=False, default=False),
    sa.Column("detail", sa.JSON, nullable=False, default=dict),
    sa.Column("tags", sa.JSON),
)
_NAMED = sa.select(SHEET).where(SHEET.c.name == sa.bindparam("p_name"))
ONE, COUNT = Prepared(_NAMED), Prepared(sa.select(sa.func.count()).select_from(SHEET))


@pytest.fixture
def store(database: Database) -> Iterator[Database]:
    database.write_now(SHEET.create)
    yield database
    database.write_now(SHEET.drop)


def _add(**values: Any) -> Callable[[Connection], None]:
    return lambda connection: insert_new(connection, SHEET, values)


def test_values_come_back_as_they_were_given(store: Database) -> None:
    given = {
        "id": 1,
        "name": "100 % of *:p_name* 'n \" é 🎬",
        "at": AT,
        "share": 0.25,
        "minor": True,
        "detail": {"a": [1, None, {"b": "ü"}]},
        "tags": [],
    }
    store.write_now(_add(**given))
    row = store.read_now(lambda connection: ONE.first(connection, {"p_name": given["name"]}))
    assert list(row) == list(given.values())
    usual = store.read_now(
        lambda connection: connection.execute(_NAMED, {"p_name": given["name"]}).one()
    )
    assert list(row) == list(usual)


def test_what_is_left_out_has_the_value_the_schema_says(store: Database) -> None:
    store.write_now(_add(id=1, name="plain"))
    store.write_now(lambda connection: upsert(connection, SHEET, {"id": 2, "name": "other"}))
    for number, name in ((1, "plain"), (2, "other")):
        row = store.read_now(lambda connection: ONE.first(connection, {"p_name": name}))  # noqa: B023 - called at once
        assert list(row) == [number, name, None, None, False, {}, None]


def test_a_parameter_that_is_not_given_is_an_error(store: Database) -> None:
    """Not a search for NULL, which finds nothing and says nothing."""
    with pytest.raises(KeyError, match="p_name"):
        store.read_now(lambda connection: ONE.first(connection, {"p_nam": "plain"}))


def test_a_change_tells_how_many_rows_it_met(store: Database) -> None:
    store.write_now(_add(id=1, name="plain"))
    assert store.write_now(lambda one: change(one, SHEET, 1, {"at": AT, "tags": ["x"]})) == 1
    assert store.write_now(lambda one: change(one, SHEET, 2, {"at": AT})) == 0
    row = store.read_now(lambda connection: ONE.first(connection, {"p_name": "plain"}))
    assert (row[2], row[6]) == (AT, ["x"])


def test_a_broken_rule_is_told_as_usual_without_the_values(store: Database) -> None:
    """And the work it belongs to leaves nothing; what people wrote is in no message."""
    store.write_now(_add(id=1, name="her secret"))

    def work(connection: Connection) -> None:
        insert_new(connection, SHEET, {"id": 2, "name": "fine"})
        change(connection, SHEET, 2, {"name": "her secret"})

    with pytest.raises(sa.exc.IntegrityError) as failed:
        store.write_now(work)
    # PostgreSQL's own words name the value; ours, which are logged, are its first line.
    assert "her secret" not in str(failed.value).splitlines()[0]
    assert "parameters" not in str(failed.value)
    assert store.read_now(lambda connection: COUNT.value(connection, {})) == 1


def test_a_failure_at_a_later_row_is_told_as_usual(store: Database) -> None:
    """SQLite computes a row when it is taken: here the second is too large for its type."""
    store.write_now(_add(id=1, name="fine"))
    store.write_now(_add(id=2, name="broken"))
    least = sa.case((SHEET.c.id == 1, sa.cast(-5, sa.BigInteger)), else_=sa.text(str(-(2**63))))
    rows = Prepared(sa.select(sa.func.abs(least)).order_by(SHEET.c.id))
    expected: tuple[type[Exception], ...] = (StoreUnavailable, sa.exc.DBAPIError)
    with pytest.raises(expected):
        store.read_now(lambda connection: rows.all(connection, {}))


def test_a_statement_whose_text_depends_on_its_values_is_refused(store: Database) -> None:
    many = Prepared(sa.select(SHEET.c.id).where(SHEET.c.id.in_([1, 2])))
    with pytest.raises(TypeError, match="not to be prepared"):
        store.read_now(lambda connection: many.all(connection, {}))


def test_a_reading_leaves_no_transaction_open(store: Database) -> None:
    """On SQLite an open one keeps the journal from being cleared, on PostgreSQL old rows."""
    store.read_now(lambda connection: COUNT.value(connection, {}))

    def driven(connection: Connection) -> Any:
        return connection.connection.dbapi_connection

    kept = store.read_now(driven)
    if store.engine.dialect.name == "sqlite":
        assert not kept.in_transaction
    else:
        assert kept.info.transaction_status == 0


@pytest.mark.postgres
def test_a_server_that_started_again_is_not_noticed(postgres_url: str) -> None:
    """Neither by who reads nor by who writes; what is written is there once."""
    store = Database(postgres_url)
    store.write_now(SHEET.create)
    try:
        assert store.read_now(lambda connection: COUNT.value(connection, {})) == 0
        _cut(store)
        assert store.read_now(lambda connection: COUNT.value(connection, {})) == 0
        store.write_now(_add(id=1, name="before"))
        _cut(store)
        store.write_now(_add(id=2, name="after"))
        assert store.read_now(lambda connection: COUNT.value(connection, {})) == 2
    finally:
        store.close()


def test_a_table_that_is_not_there_is_a_failure_of_the_store(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        expected: type[Exception] = StoreUnavailable  # as everything SQLite cannot do
    else:
        expected = sa.exc.ProgrammingError
    with pytest.raises(expected):
        database.read_now(lambda connection: COUNT.value(connection, {}))


def _cut(store: Database) -> None:
    other = sa.create_engine(store.engine.url, future=True)
    with other.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.dispose()
