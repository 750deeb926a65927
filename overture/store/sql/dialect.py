"""The statements SQLite and PostgreSQL share but SQLAlchemy 1.4 spells per dialect, or slowly.

SQLAlchemy 1.4 compiles ``ON CONFLICT`` anew at each execution (milliseconds, at every
message); here each is compiled once for its columns. A list of values is one parameter, so
that a statement is parsed and planned quickly, and keeps its text, however many they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from overture.store.sql.prepared import Form, Process, execute, form_of, run, to_driver

Columns = tuple[str, ...]
#: At most this many rows go into one statement of SQLite, which is parsed for each number of them.
_TOGETHER = 64


def insert_new(connection: Connection, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Insert a row, unless it breaks a unique rule."""
    run(connection, _insert_new(connection.dialect, table, tuple(values)), values)


def upsert(connection: Connection, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or change the given columns of the one with the same primary key."""
    run(connection, _upsert(connection.dialect, table, tuple(values)), values)


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
    if connection.dialect.name == "sqlite":
        for start in range(0, len(rows), _TOGETHER):
            _insert_sqlite(connection, table, columns, rows[start : start + _TOGETHER], only_new)
        return
    values = list(zip(*rows, strict=True))
    # What is the same in all rows is sent once. The first column stays a list: it counts them.
    alike = (False, *(_all_same(value) for value in values[1:]))
    text, processors = _insert_lists(connection.dialect, table, columns, alike, only_new)
    parameters = {
        name: _processed(process, value[:1])[0] if same else _processed(process, value)
        for name, process, value, same in zip(columns, processors, values, alike, strict=True)
    }
    execute(connection, text, parameters)


def _insert_sqlite(
    connection: Connection,
    table: sa.Table,
    columns: Columns,
    rows: Sequence[Sequence[Any]],
    only_new: bool,
) -> None:
    """Insert some rows at once: at each statement threads wait for each other, for a row too."""
    text, processors = _insert_values(connection.dialect, table, columns, len(rows), only_new)
    columnwise = (
        _processed(process, value)
        for process, value in zip(processors, zip(*rows, strict=True), strict=True)
    )
    values = tuple(chain.from_iterable(zip(*columnwise, strict=True)))
    execute(connection, text, values)


def _processed(process: Process | None, values: Sequence[Any]) -> list[Any]:
    """Return the driver's form of a column's values; what is the same in all is made once."""
    if process is None:
        return list(values)
    if _all_same(values):
        return [process(values[0])] * len(values)
    return [process(one) for one in values]


def _all_same(values: Sequence[Any]) -> bool:
    """Tell whether all values are written alike; what is equal need not be, in JSON: 1 and true."""
    if isinstance(values[0], (dict, list)):
        return not any(values)
    return values.count(values[0]) == len(values)


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
def _insert_new(dialect: Dialect, table: sa.Table, columns: Columns) -> Form:
    statement = _dialect_insert(dialect, table).on_conflict_do_nothing()
    return form_of(dialect, statement.compile(dialect=dialect, column_keys=list(columns)))


@lru_cache(maxsize=128)
def _upsert(dialect: Dialect, table: sa.Table, columns: Columns) -> Form:
    key = [column.name for column in table.primary_key]
    statement = _dialect_insert(dialect, table)
    changes = {name: statement.excluded[name] for name in columns if name not in key}
    statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
    return form_of(dialect, statement.compile(dialect=dialect, column_keys=list(columns)))


@lru_cache(maxsize=512)
def _insert_values(
    dialect: Dialect, table: sa.Table, columns: Columns, rows: int, only_new: bool
) -> tuple[str, list[Process | None]]:
    """Return a statement for so many rows and what turns each column's values into the driver's."""
    row = f"({', '.join('?' * len(columns))})"
    source = f"VALUES {', '.join([row] * rows)}"
    return _insert(table, columns, source, only_new), _processors(dialect, table, columns)


@lru_cache(maxsize=256)
def _insert_lists(
    dialect: Dialect, table: sa.Table, columns: Columns, alike: tuple[bool, ...], only_new: bool
) -> tuple[str, list[Process | None]]:
    """Return a statement for many rows: a list for each column, or the value of all its rows."""
    kinds = {name: table.c[name].type.compile(dialect=dialect) for name in columns}
    same = {name for name, one in zip(columns, alike, strict=True) if one}
    chosen = ", ".join(f"%({name})s::{kinds[name]}" if name in same else name for name in columns)
    listed = [name for name in columns if name not in same]
    lists = ", ".join(f"%({name})s::{kinds[name]}[]" for name in listed)
    source = f"SELECT {chosen} FROM unnest({lists}) AS listed ({', '.join(listed)})"  # noqa: S608 - names of our own columns
    return _insert(table, columns, source, only_new), _processors(dialect, table, columns)


def _insert(table: sa.Table, columns: Columns, source: str, only_new: bool) -> str:
    end = " ON CONFLICT DO NOTHING" if only_new else ""
    return f"INSERT INTO {table.name} ({', '.join(columns)}) {source}{end}"


def _processors(dialect: Dialect, table: sa.Table, columns: Columns) -> list[Process | None]:
    return [to_driver(dialect, table.c[name].type) for name in columns]
