"""People's wishes to be deleted, in SQL."""

from __future__ import annotations

from dataclasses import asdict, fields

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.rooms import Deletion
from overture.store.schema import deletion

_COLUMNS = [deletion.c[field.name] for field in fields(Deletion)]


class SqlDeletions:
    """Implement ``overture.store.rooms.Deletions``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, request: Deletion) -> None:
        """Store a request."""
        self._connection.execute(sa.insert(deletion), asdict(request))

    def get(self, channel: str, code: str) -> Deletion | None:
        """Return a request."""
        query = sa.select(*_COLUMNS).where(deletion.c.channel == channel, deletion.c.code == code)
        row = self._connection.execute(query).first()
        return None if row is None else Deletion(**row._mapping)
