"""Memories in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.records import FactRow
from overture.store.schema import fact
from overture.store.sql.prepared import Prepared

_NAMES = [field.name for field in fields(FactRow)]
_COLUMNS = [fact.c[name] for name in _NAMES]
_ALL = (
    sa.select(*_COLUMNS)
    .where(fact.c.conversation_id == sa.bindparam("p_conversation"))
    .order_by(fact.c.id)
)
_HISTORY, _CURRENT = Prepared(_ALL), Prepared(_ALL.where(fact.c.superseded_at.is_(None)))


class SqlMemory:
    """Implement ``overture.store.ports.Memory``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, conversation_id: str) -> list[FactRow]:
        """Return what holds now, oldest first."""
        return self._rows(_CURRENT, conversation_id)

    def history(self, conversation_id: str) -> list[FactRow]:
        """Return everything, replaced facts included."""
        return self._rows(_HISTORY, conversation_id)

    def _rows(self, query: Prepared, conversation_id: str) -> list[FactRow]:
        rows = query.all(self._connection, {"p_conversation": conversation_id})
        return [FactRow(**dict(zip(_NAMES, row, strict=True))) for row in rows]

    def add(self, facts: Sequence[FactRow]) -> list[int]:
        """Store facts and return their numbers."""
        numbers = []
        for new in facts:
            values = {name: getattr(new, name) for name in _NAMES if name != "id"}
            result = self._connection.execute(sa.insert(fact), values)
            numbers.append(int(result.inserted_primary_key[0]))
        return numbers

    def supersede(self, fact_ids: Sequence[int], by: int | None, now: datetime) -> None:
        """Mark facts as replaced."""
        if fact_ids:
            self._connection.execute(
                sa.update(fact)
                .where(fact.c.id.in_(list(fact_ids)))
                .values(superseded_at=now, superseded_by=by)
            )

    def delete(self, conversation_id: str, fact_ids: Sequence[int] | None = None) -> int:
        """Delete facts, or all of a conversation; return how many."""
        statement = sa.delete(fact).where(fact.c.conversation_id == conversation_id)
        if fact_ids is not None:
            statement = statement.where(fact.c.id.in_(list(fact_ids)))
        return int(self._connection.execute(statement).rowcount)

    def delete_from(self, conversation_id: str, source_message_id: str) -> int:
        """Delete what was drawn from one message; return how many."""
        statement = sa.delete(fact).where(
            fact.c.conversation_id == conversation_id,
            fact.c.source_message_id == source_message_id,
        )
        return int(self._connection.execute(statement).rowcount)
