"""Statements made ready once and run by the driver itself, as a message runs a dozen of them.

SQLAlchemy 1.4 spends five times on a statement what SQLite spends on a row. Here it compiles a
statement for each database and says what turns values into the driver's and back; what runs at
every message goes to the driver's cursor. Transactions and failures stay SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.types import TypeEngine

#: Turns a value into what the driver takes, or back.
Process = Callable[[Any], Any]
Row = Sequence[Any]


class Form(NamedTuple):
    """A statement as a driver takes it."""

    text: str
    #: What turns the value of each parameter into the driver's.
    parameters: Mapping[str, Process | None]
    #: Values of parameters that need not be given.
    usual: Mapping[str, Any]
    #: Names in the order of their places, for a driver that has no names; one may come twice.
    places: tuple[str, ...]
    #: Places of a row's columns whose values are turned into Python's, and by what.
    columns: tuple[tuple[int, Process], ...]


class Prepared:
    """A statement with named parameters, compiled once for each database.

    Lists are parameters of ``among``: the text of a statement stays the same.

    Raises:
        TypeError: (when first run) the text depends on the values.
    """

    def __init__(self, statement: sa.sql.ClauseElement) -> None:
        self._statement = statement

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        """Run it and return all rows."""
        dialect: Any = connection.dialect
        form = _form(dialect, self._statement)
        cursor = run(connection, form, values)
        try:
            rows = cursor.fetchall()
        except dialect.dbapi.Error as error:  # SQLite looks for a row when it is taken
            raise _told(connection, form.text, error, cursor) from error
        return _read(form, rows)

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Row | None:
        """Run it and return the first row, if there is one."""
        form = _form(connection.dialect, self._statement)
        cursor = run(connection, form, values)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else _read(form, [row])[0]

    def value(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Run it and return the first column of the first row; None without one."""
        row = self.first(connection, values)
        return None if row is None else row[0]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it and return how many rows it changed."""
        form = _form(connection.dialect, self._statement)
        return int(run(connection, form, values).rowcount)


@lru_cache(maxsize=256)
def update_of(table: sa.Table, names: tuple[str, ...]) -> Prepared:
    """Return the UPDATE of some columns, ``v_`` and their names, of the row with id ``p_id``."""
    values: dict[str, Any] = {name: sa.bindparam(f"v_{name}") for name in names}
    return Prepared(sa.update(table).where(table.c.id == sa.bindparam("p_id")).values(values))


def change(connection: Connection, table: sa.Table, row_id: Any, changes: Mapping[str, Any]) -> int:
    """Change some columns of one row; return how many rows that were."""
    given = {f"v_{name}": value for name, value in changes.items()}
    return update_of(table, tuple(changes)).run(connection, {"p_id": row_id, **given})


def run(connection: Connection, form: Form, values: Mapping[str, Any]) -> Any:
    """Run a statement and return the driver's cursor."""
    known = {**form.usual, **values}
    given = {
        name: known[name] if process is None else process(known[name])
        for name, process in form.parameters.items()
    }
    if form.places:
        return execute(connection, form.text, tuple([given[name] for name in form.places]))
    return execute(connection, form.text, given)


def execute(connection: Connection, text: str, values: Any) -> Any:
    """Run a text with the driver's own values and return its cursor.

    Raises:
        sqlalchemy.exc.DBAPIError: as SQLAlchemy raises it; a connection that is cut is given up.
    """
    if not connection.in_transaction():
        connection.begin()
    dialect: Any = connection.dialect
    cursor = connection.connection.cursor()
    try:
        dialect.do_execute(cursor, text, values)
    except dialect.dbapi.Error as error:
        raise _told(connection, text, error, cursor) from error
    return cursor


def _told(connection: Connection, text: str, error: Exception, cursor: Any) -> Exception:
    """Return the error in SQLAlchemy's words, without the values, which hold people's text."""
    dialect: Any = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection, cursor)
    told: Exception = sa.exc.DBAPIError.instance(
        text,
        None,
        error,
        dialect.dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )
    if gone:
        connection.invalidate(error)
    return told


@lru_cache(maxsize=1024)
def _form(dialect: Dialect, statement: sa.sql.ClauseElement) -> Form:
    columns = getattr(statement, "selected_columns", ())
    return form_of(dialect, statement.compile(dialect=dialect), [one.type for one in columns])


def form_of(dialect: Dialect, compiled: Any, columns: Sequence[TypeEngine[Any]] = ()) -> Form:
    """Return a compiled statement as the driver takes it.

    Args:
        columns: types of what it returns.
    """
    if "POSTCOMPILE" in compiled.string:
        raise TypeError(f"not to be prepared: {compiled.string}")
    named = {name: bound for bound, name in compiled.bind_names.items()}
    usual = {name: bound.value for name, bound in named.items() if not bound.required}
    back = [_from_driver(dialect, kind) for kind in columns]
    return Form(
        text=compiled.string,
        parameters={name: to_driver(dialect, bound.type) for name, bound in named.items()},
        usual=usual | _defaults(compiled),
        places=tuple(compiled.positiontup or ()),
        columns=tuple((place, process) for place, process in enumerate(back) if process),
    )


def _defaults(compiled: Any) -> dict[str, Any]:
    """Return the values of columns that an insert leaves to the schema's Python."""
    left_out = getattr(compiled, "prefetch", None) or ()
    return {
        column.key: column.default.arg if column.default.is_scalar else column.default.arg(None)
        for column in left_out
    }


def to_driver(dialect: Dialect, kind: TypeEngine[Any]) -> Process | None:
    """Return what turns a value of a type into the driver's, if anything must."""
    process: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return process


def _from_driver(dialect: Dialect, kind: TypeEngine[Any]) -> Process | None:
    if isinstance(kind, sa.Float):  # both drivers return floats
        return None
    process: Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return process


def _read(form: Form, rows: Sequence[Row]) -> list[Row]:
    """Turn the driver's values into Python's; what is not there stays None."""
    if not form.columns:
        return list(rows)
    read: list[Row] = []
    for row in rows:
        values = list(row)
        for place, process in form.columns:
            if values[place] is not None:
                values[place] = process(values[place])
        read.append(values)
    return read
