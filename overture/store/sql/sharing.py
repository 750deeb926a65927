"""Codes that open a private persona, in SQL."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.schema import share
from overture.store.sql.dialect import insert_new

_VALID = share.c.revoked_at.is_(None)


class SqlSharing:
    """Implement ``overture.store.rooms.Sharing``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, code: str, persona_id: str, now: datetime) -> None:
        """Let a code open a persona."""
        row = {"code": code, "persona_id": persona_id, "created_at": now}
        insert_new(self._connection, share, row)

    def persona(self, code: str) -> str | None:
        """Return the persona a code opens."""
        query = sa.select(share.c.persona_id).where(share.c.code == code, _VALID)
        return self._connection.execute(query).scalar()

    def codes(self, persona_id: str) -> list[str]:
        """Return the codes that open a persona, the oldest first."""
        query = sa.select(share.c.code).where(share.c.persona_id == persona_id, _VALID)
        rows = self._connection.execute(query.order_by(share.c.created_at, share.c.code))
        return list(rows.scalars())

    def revoke(self, code: str, now: datetime) -> bool:
        """Let a code open nothing any more; False if it did not."""
        changed = self._connection.execute(
            sa.update(share).where(share.c.code == code, _VALID).values(revoked_at=now)
        )
        return changed.rowcount == 1
