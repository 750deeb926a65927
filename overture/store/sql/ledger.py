"""One transaction on the ledger, made of its rooms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.messages import Inbox, Outbox
from overture.store.ports import Memory, People, Plans, Review, Tracker
from overture.store.rooms import (
    Alerts,
    Attention,
    Backlog,
    Deletions,
    Moving,
    Notes,
    Sharing,
    Typed,
)
from overture.store.schema import account, conversation, switch
from overture.store.sql.alerts import SqlAlerts
from overture.store.sql.attention import SqlAttention
from overture.store.sql.backlog import SqlBacklog
from overture.store.sql.deletions import SqlDeletions
from overture.store.sql.dialect import upsert
from overture.store.sql.inbox import SqlInbox
from overture.store.sql.memory import SqlMemory
from overture.store.sql.moving import SqlMoving
from overture.store.sql.notes import SqlNotes
from overture.store.sql.outbox import SqlOutbox
from overture.store.sql.people import SqlPeople
from overture.store.sql.plans import SqlPlans
from overture.store.sql.prepared import Prepared
from overture.store.sql.review import SqlReview
from overture.store.sql.sharing import SqlSharing
from overture.store.sql.tracker import SqlTracker
from overture.store.sql.typed import SqlTyped

_SWITCH = Prepared(sa.select(switch.c.value).where(switch.c.name == sa.bindparam("p_name")))
_PAUSED_UNTIL = Prepared(
    sa.select(account.c.paused_until).where(
        account.c.channel == sa.bindparam("p_channel"),
        account.c.account_id == sa.bindparam("p_account"),
    )
)


class SqlLedger:
    """Implement ``overture.store.ports.Ledger`` on a connection with a begun transaction."""

    def __init__(self, connection: Connection) -> None:
        self.inbox: Inbox = SqlInbox(connection)
        self.people: People = SqlPeople(connection)
        self.plans: Plans = SqlPlans(connection)
        self.outbox: Outbox = SqlOutbox(connection)
        self.memory: Memory = SqlMemory(connection)
        self.tracker: Tracker = SqlTracker(connection)
        self.moving: Moving = SqlMoving(connection)
        self.sharing: Sharing = SqlSharing(connection)
        self.deletions: Deletions = SqlDeletions(connection)
        self.attention: Attention = SqlAttention(connection)
        self.typed: Typed = SqlTyped(connection)
        self.alerts: Alerts = SqlAlerts(connection)
        self.notes: Notes = SqlNotes(connection)
        self.backlog: Backlog = SqlBacklog(connection)
        self.review: Review = SqlReview(connection)
        self._connection = connection

    def switch(self, name: str) -> str | None:
        """Return the value of a deployment-wide switch."""
        value: str | None = _SWITCH.value(self._connection, {"p_name": name})
        return value

    def demo_and_used(self) -> tuple[bool, bool]:
        """Return whether this is the database of a demo, and whether it has conversations."""
        used = self._connection.execute(sa.select(conversation.c.id).limit(1)).scalar()
        return self.switch("demo") == "on", used is not None

    def set_switch(self, name: str, value: str, now: datetime) -> None:
        """Set a deployment-wide switch."""
        upsert(self._connection, switch, {"name": name, "value": value, "at": now})

    def account_paused_until(self, channel: str, account_id: str) -> datetime | None:
        """Return until when nothing is sent from an account."""
        given = {"p_channel": channel, "p_account": account_id}
        until: datetime | None = _PAUSED_UNTIL.value(self._connection, given)
        return until

    def describe_account(self, channel: str, account_id: str, detail: Mapping[str, Any]) -> None:
        """Note what the connector knows of an account."""
        values = {"channel": channel, "account_id": account_id, "detail": dict(detail)}
        upsert(self._connection, account, values)

    def account_timezone(self, channel: str, account_id: str) -> str | None:
        """Return the name of an account's zone, which holds for people whose own is unknown."""
        query = sa.select(account.c.detail).where(
            account.c.channel == channel, account.c.account_id == account_id
        )
        return (self._connection.execute(query).scalar() or {}).get("timezone")

    def account_kept(self, channel: str, account_id: str) -> dict[str, Any]:
        """Return what the platform told of an account."""
        query = sa.select(account.c.kept).where(
            account.c.channel == channel, account.c.account_id == account_id
        )
        return dict(self._connection.execute(query).scalar() or {})

    def keep_for_account(self, channel: str, account_id: str, **kept: Any) -> None:
        """Keep something the platform told of an account, beside what is kept already."""
        values: dict[str, Any] = {"channel": channel, "account_id": account_id}
        values["kept"] = self.account_kept(channel, account_id) | kept
        upsert(self._connection, account, values)

    def accounts(self) -> list[dict[str, Any]]:
        """Return every account that was ever configured or paused."""
        query = sa.select(account).order_by(account.c.channel, account.c.account_id)
        return [dict(row._mapping) for row in self._connection.execute(query)]

    def pause_account(
        self, channel: str, account_id: str, until: datetime | None, because: str
    ) -> None:
        """Stop sending from an account for a while, or resume."""
        upsert(
            self._connection,
            account,
            {
                "channel": channel,
                "account_id": account_id,
                "paused_until": until,
                "paused_because": because,
            },
        )
