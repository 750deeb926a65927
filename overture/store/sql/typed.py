"""Answers typed in the console, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.records import Outbound
from overture.store.schema import UNCLAIMED, outbound
from overture.store.sql.outbox import SqlOutbox

_BY_FORM = sa.select(outbound.c.id).where(outbound.c.form_key == sa.bindparam("p_key"))
_WAITING = sa.select(outbound.c.id, outbound.c.contact_id).where(UNCLAIMED).order_by(outbound.c.id)
#: Who sends it, and until when: nobody yet, so that anybody may.
_NOBODY, _LONG_AGO = "", datetime(1970, 1, 1, tzinfo=timezone.utc)


class SqlTyped:
    """Implement ``overture.store.rooms.Typed``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, messages: Sequence[Outbound], key: str) -> bool:
        """Store what was typed in a form, for any sender; False if the form was sent before."""
        if self._connection.execute(_BY_FORM, {"p_key": key}).first() is not None:
            return False
        outbox = SqlOutbox(self._connection)
        numbers = outbox.add(messages, _NOBODY, _LONG_AGO)
        outbox.update(numbers[0], form_key=key)
        return True

    def waits(self) -> bool:
        """Return whether something waits for a sender."""
        return self._connection.execute(_WAITING.limit(1)).first() is not None

    def take(self, owner: str, lease_until: datetime) -> list[str]:
        """Take up what waits for a sender; return the contacts."""
        found = self._connection.execute(_WAITING).all()
        mine = outbound.c.id.in_([row.id for row in found])
        taken = sa.update(outbound).where(mine, UNCLAIMED)
        self._connection.execute(taken.values(lease_owner=owner, lease_until=lease_until))
        return list(dict.fromkeys(row.contact_id for row in found))
