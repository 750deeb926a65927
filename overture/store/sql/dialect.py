"""The statements SQLite and PostgreSQL share but SQLAlchemy 1.4 spells per dialect, or slowly.

SQLAlchemy 1.4 compiles ``ON CONFLICT`` anew at each execution (milliseconds, at every
message); here each is compiled once for its columns. A list of values is one parameter, so
that a statement is parsed and planned quickly, and keeps its text, however many they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

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


def insert_many(
    connection: Connection,
    table: sa.Table,
    columns: Columns,
    rows: Sequence[Sequence[Any]],
    *,
    only_new: bool = False,
) -> None:
    """Insert many rows in one statement that does not pass SQLAlchemy's work on each value.

    Args:
        columns: names of what each row holds, in its order.
        only_new: leave out rows that break a unique rule.
    """
    if not rows:
        return
    text, processors = _insert_many(connection.dialect, table, columns, only_new)
    values = [
        list(value) if process is None else [process(one) for one in value]
        for process, value in zip(processors, zip(*rows, strict=True), strict=True)
    ]
    if connection.dialect.name == "sqlite":
        parameters: Any = list(zip(*values, strict=True))
    else:
        parameters = dict(zip(columns, values, strict=True))
    connection.exec_driver_sql(text, parameters)


class among(FunctionElement[sa.Boolean]):  # noqa: N801 - reads as an operator
    """Tell whether a column's value is in the list that the parameter of this name is."""

    type = sa.Boolean()
    name = "among"
    inherit_cache = True

    def __init__(self, column: sa.Column[Any], parameter: str) -> None:
        super().__init__(column, sa.bindparam(parameter, type_=_List))

    def self_group(self, against: Any = None) -> Any:
        """Stay a bare condition: as ``condition = 1`` SQLite would use no index for it."""
        return self


class _List(TypeDecorator[Sequence[Any]]):
    """Hand a list to the driver as one value."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """Return what the dialect's list is made of."""
        return json.dumps(list(value or ())) if dialect.name == "sqlite" else list(value or ())


@compiles(among, "sqlite")  # type: ignore[untyped-decorator] # SQLAlchemy has no types for it
def _among_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled parts


@compiles(among)  # type: ignore[untyped-decorator] # as above
def _among(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY ({values})"


class line_said(FunctionElement[sa.Text]):  # noqa: N801 - reads as a function of SQL
    """Take the id of the line out of a bot's event, so that its whole JSON is not read here."""

    type = sa.Text()
    name = "line_said"
    inherit_cache = True


@compiles(line_said, "sqlite")  # type: ignore[untyped-decorator] # as above
def _line_said_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **options)}, '$.metadata.line')"


@compiles(line_said)  # type: ignore[untyped-decorator] # as above
def _line_said(element: Any, compiler: Any, **options: Any) -> str:
    data = compiler.process(element.clauses, **options)
    return f"CAST({data} AS json) -> 'metadata' ->> 'line'"


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


@lru_cache(maxsize=128)
def _insert_many(
    dialect: Dialect, table: sa.Table, columns: Columns, only_new: bool
) -> tuple[str, list[Any]]:
    """Return the statement's text and what turns each column's values into the driver's."""
    types = [table.c[name].type for name in columns]
    names = ", ".join(columns)
    if dialect.name == "sqlite":
        source = f"VALUES ({', '.join('?' * len(columns))})"
    else:
        pairs = zip(columns, types, strict=True)
        lists = ", ".join(f"%({name})s::{one.compile(dialect=dialect)}[]" for name, one in pairs)
        source = f"SELECT * FROM unnest({lists})"  # noqa: S608 - names of our own columns
    end = " ON CONFLICT DO NOTHING" if only_new else ""
    text = f"INSERT INTO {table.name} ({names}) {source}{end}"
    return text, [one.dialect_impl(dialect).bind_processor(dialect) for one in types]
