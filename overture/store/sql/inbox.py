"""Inbound messages in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.records import Inbound
from overture.store.schema import inbound
from overture.store.sql.dialect import insert_many
from overture.store.sql.prepared import Prepared

_NAMES = [field.name for field in fields(Inbound)]
_COLUMNS = [inbound.c[name] for name in _NAMES]
_PERSON = (
    inbound.c.channel == sa.bindparam("p_channel"),
    inbound.c.account_id == sa.bindparam("p_account"),
    inbound.c.user_id == sa.bindparam("p_user"),
)
_ONE = Prepared(
    sa.select(*_COLUMNS).where(*_PERSON, inbound.c.message_id == sa.bindparam("p_message"))
)
_BY_NUMBER = Prepared(sa.select(*_COLUMNS).where(inbound.c.id == sa.bindparam("p_id")))
_WAITING = (
    sa.select(*_COLUMNS)
    .where(*_PERSON, inbound.c.done_at.is_(None))
    .order_by(inbound.c.occurred_at, inbound.c.id)
)
_PENDING, _NEXT = Prepared(_WAITING), Prepared(_WAITING.limit(1))
_OBSERVED = Prepared(
    sa.update(inbound)
    .where(inbound.c.id == sa.bindparam("p_id"), inbound.c.observed_at.is_(None))
    .values(
        observed_at=sa.bindparam("p_now"),
        conversation_id=sa.bindparam("p_conversation"),
        labels=sa.bindparam("p_labels"),
    )
)
_FINISH = Prepared(
    sa.update(inbound)
    .where(inbound.c.id == sa.bindparam("p_id"), inbound.c.done_at.is_(None))
    .values(done_at=sa.bindparam("p_now"))
)
#: What is written of an accepted message, in the order of ``_row``.
_ACCEPTED = (
    "channel",
    "account_id",
    "user_id",
    "message_id",
    "conversation_id",
    "kind",
    "text",
    "payload",
    "detail",
    "labels",
    "occurred_at",
    "received_at",
    "attempts",
    "lease_owner",
    "lease_until",
)


def _message(row: Any) -> Inbound:
    values = dict(zip(_NAMES, row, strict=True))
    values["labels"] = tuple(values["labels"])
    return Inbound(**values)


class SqlInbox:
    """Implement ``overture.store.ports.Inbox``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, messages: Sequence[Inbound], owner: str, lease_until: datetime) -> None:
        """Store messages; one that is already there is left as it is."""
        rows = [_row(message, owner, lease_until) for message in messages]
        insert_many(self._connection, inbound, _ACCEPTED, rows, only_new=True)

    def one(self, channel: str, account_id: str, user_id: str, message_id: str) -> Inbound | None:
        """Return a stored message."""
        row = _ONE.first(
            self._connection,
            {
                "p_channel": channel,
                "p_account": account_id,
                "p_user": user_id,
                "p_message": message_id,
            },
        )
        return None if row is None else _message(row)

    def get(self, inbound_id: int) -> Inbound | None:
        """Return a stored message by its number, as it is now."""
        row = _BY_NUMBER.first(self._connection, {"p_id": inbound_id})
        return None if row is None else _message(row)

    def pending(self, channel: str, account_id: str, user_id: str) -> list[Inbound]:
        """Return a person's messages whose turn is not over, in the order they were sent."""
        person = {"p_channel": channel, "p_account": account_id, "p_user": user_id}
        return [_message(row) for row in _PENDING.all(self._connection, person)]

    def next(self, channel: str, account_id: str, user_id: str) -> Inbound | None:
        """Return the first of a person's messages whose turn is not over."""
        person = {"p_channel": channel, "p_account": account_id, "p_user": user_id}
        row = _NEXT.first(self._connection, person)
        return None if row is None else _message(row)

    def abandoned(self, owner: str, now: datetime, lease_until: datetime) -> list[str]:
        """Take over messages whose worker's lease has run out; return the contacts."""
        left = sa.and_(inbound.c.done_at.is_(None), inbound.c.lease_until <= now)
        people = self._connection.execute(
            sa.select(inbound.c.channel, inbound.c.account_id, inbound.c.user_id)
            .where(left)
            .distinct()
        ).all()
        self._connection.execute(
            sa.update(inbound).where(left).values(lease_owner=owner, lease_until=lease_until)
        )
        return [":".join(person) for person in people]

    def observed(self, message: Inbound, now: datetime) -> bool:
        """Mark a message as counted; False if it already was."""
        changed = _OBSERVED.run(
            self._connection,
            {
                "p_id": message.id,
                "p_now": now,
                "p_conversation": message.conversation_id,
                "p_labels": list(message.labels),
            },
        )
        return changed == 1

    def counted(self, conversation_id: str) -> list[tuple[datetime, str]]:
        """Return when each counted message of a conversation was sent, and its id, in order."""
        link_alone = sa.and_(inbound.c.kind == "referral", inbound.c.channel != "whatsapp")
        query = (
            sa.select(inbound.c.occurred_at, inbound.c.message_id)
            .where(
                inbound.c.conversation_id == conversation_id,
                inbound.c.observed_at.is_not(None),
                sa.not_(link_alone),
            )
            .order_by(inbound.c.occurred_at, inbound.c.id)
        )
        return [(at, message_id) for at, message_id in self._connection.execute(query)]

    def try_again(self, inbound_id: int) -> int:
        """Count one more attempt at a turn and return how many there were."""
        self._connection.execute(
            sa.update(inbound)
            .where(inbound.c.id == inbound_id)
            .values(attempts=inbound.c.attempts + 1)
        )
        query = sa.select(inbound.c.attempts).where(inbound.c.id == inbound_id)
        return int(self._connection.execute(query).scalar_one())

    def finish(self, inbound_id: int, now: datetime) -> bool:
        """Mark a turn as over; False if it already was."""
        return _FINISH.run(self._connection, {"p_id": inbound_id, "p_now": now}) == 1

    def renew(self, owner: str, lease_until: datetime) -> None:
        """Keep this worker's messages for longer."""
        self._connection.execute(
            sa.update(inbound)
            .where(inbound.c.done_at.is_(None), inbound.c.lease_owner == owner)
            .values(lease_until=lease_until)
        )

    def release(self, owners_gone: Sequence[str], now: datetime) -> None:
        """Let the messages of processes that are gone be taken over at once."""
        self._connection.execute(
            sa.update(inbound)
            .where(inbound.c.done_at.is_(None), inbound.c.lease_owner.in_(owners_gone))
            .values(lease_until=now)
        )

    def owners(self) -> set[str]:
        """Return the workers that hold messages."""
        query = sa.select(inbound.c.lease_owner).where(inbound.c.done_at.is_(None)).distinct()
        return {owner for (owner,) in self._connection.execute(query) if owner}

    def prune(self, before: datetime, limit: int) -> int:
        """Delete messages that were answered before an instant; return how many."""
        oldest = self._connection.execute(
            sa.select(inbound.c.id, inbound.c.received_at)
            .where(inbound.c.done_at.is_not(None))
            .order_by(inbound.c.id)
            .limit(limit)
        )
        old = [number for number, received_at in oldest if received_at < before]
        self._connection.execute(sa.delete(inbound).where(inbound.c.id.in_(old)))
        return len(old)

    def erase_text(self, contact: tuple[str, str, str], message_id: str) -> str | None:
        """Remove the words of an unsent message; return its conversation."""
        channel, account_id, user_id = contact
        message = self.one(channel, account_id, user_id, message_id)
        if message is None:
            return None
        self._connection.execute(
            sa.update(inbound)
            .where(inbound.c.id == message.id)
            .values(text=None, payload=None, detail={"unsent": True})
        )
        return message.conversation_id

    def replace_text(
        self, contact: tuple[str, str, str], message_id: str, text: str | None, revision: float
    ) -> Inbound | None:
        """Put other words in the place of a message's; return the message."""
        message = self.one(*contact, message_id)
        if message is None or message.detail.get("unsent"):
            return None
        if message.detail.get("revision", -1.0) >= revision:
            return None
        detail = {**message.detail, "revision": revision}
        self._connection.execute(
            sa.update(inbound).where(inbound.c.id == message.id).values(text=text, detail=detail)
        )
        return replace(message, text=text, detail=detail)


def _row(message: Inbound, owner: str, lease_until: datetime) -> tuple[Any, ...]:
    return (
        message.channel,
        message.account_id,
        message.user_id,
        message.message_id,
        message.conversation_id,
        message.kind,
        message.text,
        message.payload,
        message.detail,
        message.labels,
        message.occurred_at,
        message.received_at,
        0,
        owner,
        lease_until,
    )
