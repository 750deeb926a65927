"""What somebody is to be told of outside of the console, in SQL."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.rooms import Alert
from overture.store.schema import alert

_NAMES = [field.name for field in fields(Alert)]


class SqlAlerts:
    """Implement ``overture.store.rooms.Alerts``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: Alert) -> None:
        """Store what somebody is to be told of."""
        values = {name: getattr(new, name) for name in _NAMES if name != "id"}
        self._connection.execute(sa.insert(alert).values(values))

    def waits(self, now: datetime) -> bool:
        """Return whether something is due."""
        query = sa.select(alert.c.id).where(_is_due(now)).limit(1)
        return self._connection.execute(query).first() is not None

    def claim(self, now: datetime, lease_until: datetime, limit: int) -> list[Alert]:
        """Return what is due, oldest first; it comes again when the lease has run out."""
        query = sa.select(*(alert.c[name] for name in _NAMES)).where(_is_due(now))
        rows = self._connection.execute(
            query.order_by(alert.c.id).limit(limit).with_for_update(skip_locked=True)
        ).all()
        mine = alert.c.id.in_([row.id for row in rows])
        self._connection.execute(
            sa.update(alert).where(mine).values(due_at=lease_until, attempts=alert.c.attempts + 1)
        )
        return [Alert(**row._mapping) for row in rows]

    def put_off(self, alert_id: int, until: datetime) -> None:
        """Try again later."""
        mine = sa.update(alert).where(alert.c.id == alert_id)
        self._connection.execute(mine.values(due_at=until))

    def drop(self, alert_id: int) -> None:
        """Forget it: somebody was told, or nobody can be."""
        self._connection.execute(sa.delete(alert).where(alert.c.id == alert_id))


def _is_due(now: datetime) -> Any:
    return sa.or_(alert.c.due_at.is_(None), alert.c.due_at <= now)
