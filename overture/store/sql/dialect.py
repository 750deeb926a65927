"""The two statements SQLite and PostgreSQL share but SQLAlchemy 1.4 spells per dialect.

SQLAlchemy 1.4 compiles ``ON CONFLICT`` anew at each execution (milliseconds, at every
message); here each is compiled once for its columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect

Columns = tuple[str, ...]


def insert_new(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that have the same columns; those that break a unique rule are left out."""
    if rows:
        compiled = _insert_new(connection.dialect, table, tuple(rows[0]))
        connection.execute(compiled, [dict(row) for row in rows])


def upsert(connection: Connection, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or change the given columns of the one with the same primary key."""
    compiled = _upsert(connection.dialect, table, tuple(values))
    connection.execute(compiled, dict(values))


def _dialect_insert(dialect: Dialect, table: sa.Table) -> Any:
    return (sqlite if dialect.name == "sqlite" else postgresql).insert(table)


@lru_cache(maxsize=128)
def _insert_new(dialect: Dialect, table: sa.Table, columns: Columns) -> Any:
    statement = _dialect_insert(dialect, table).on_conflict_do_nothing()
    return statement.compile(dialect=dialect, column_keys=list(columns))


@lru_cache(maxsize=128)
def _upsert(dialect: Dialect, table: sa.Table, columns: Columns) -> Any:
    key = [column.name for column in table.primary_key]
    statement = _dialect_insert(dialect, table)
    changes = {name: statement.excluded[name] for name in columns if name not in key}
    statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
    return statement.compile(dialect=dialect, column_keys=list(columns))
