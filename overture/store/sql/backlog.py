"""What is not done yet, in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.rooms import Waiting
from overture.store.schema import ON_ITS_WAY, inbound, outbound, plan


class SqlBacklog:
    """Implement ``overture.store.rooms.Backlog``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def messages(self) -> Waiting:
        """Return the messages of people whose turn is not over."""
        return self._waiting(inbound.c.received_at, inbound.c.done_at.is_(None))

    def outgoing(self) -> Waiting:
        """Return the messages that the platforms have not taken yet."""
        return self._waiting(outbound.c.created_at, ON_ITS_WAY)

    def due(self, now: datetime) -> Waiting:
        """Return the plans that no dispatcher has claimed although their time has come."""
        return self._waiting(plan.c.claimable_at, plan.c.claimable_at <= now)

    def _waiting(self, since: sa.Column[Any], condition: Any) -> Waiting:
        query = sa.select(sa.func.count(), sa.func.min(since)).where(condition)
        count, first = self._connection.execute(query).one()
        return Waiting(count=count, since=first)
