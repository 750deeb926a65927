"""What all tables of the ledger share: their names, numbers of rows, indexes of some rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

# SQLite numbers rows by itself only for INTEGER PRIMARY KEY.
ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def partial(name: str, *columns: sa.Column[Any], where: Any, unique: bool = False) -> sa.Index:
    """Return an index that holds only the rows for which a condition is true."""
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
