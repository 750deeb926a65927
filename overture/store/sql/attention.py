"""Conversations that need a human, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.rooms import Need
from overture.store.schema import attention
from overture.store.sql.dialect import insert_new

_COUNT = sa.select(sa.func.count()).select_from(attention)


class SqlAttention:
    """Implement ``overture.store.rooms.Attention``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, conversation_id: str, because: str, now: datetime) -> bool:
        """Note that a conversation needs a human; False if it did already."""
        if self.needs([conversation_id]):
            return False
        row = {"conversation_id": conversation_id, "because": because, "since": now}
        insert_new(self._connection, attention, row)
        return True

    def settle(self, conversation_id: str) -> None:
        """Note that somebody looks after a conversation."""
        mine = attention.c.conversation_id == conversation_id
        self._connection.execute(sa.delete(attention).where(mine))

    def needs(self, conversation_ids: Sequence[str]) -> dict[str, Need]:
        """Return what these conversations need a human for, by conversation."""
        wanted = attention.c.conversation_id.in_(list(conversation_ids))
        rows = self._connection.execute(sa.select(attention).where(wanted))
        return {row.conversation_id: Need(because=row.because, since=row.since) for row in rows}

    def count(self) -> int:
        """Return how many conversations need a human."""
        return int(self._connection.execute(_COUNT).scalar_one())
