"""Outbound messages in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.records import Outbound
from overture.store.schema import ON_ITS_WAY, inbound, outbound
from overture.store.sql.dialect import among, insert_many
from overture.store.sql.prepared import Prepared, change

#: Who said what goes out, where it is not the bot.
_FROM = {"person": "human"}
_NAMES = [field.name for field in fields(Outbound)]
#: What is known of a follow-up when it is added.
_BEGUN = (
    "conversation_id",
    "contact_id",
    "kind",
    "permit_id",
    "text",
    "request",
    "uses",
    "state",
    "attempts",
    "created_at",
)
_COLUMNS = [outbound.c[name] for name in _NAMES]
_PENDING = Prepared(
    sa.select(*_COLUMNS)
    .where(outbound.c.contact_id == sa.bindparam("p_contact"), ON_ITS_WAY)
    .order_by(outbound.c.id)
)
_ADD = sa.insert(outbound)
_BY_PERMIT = Prepared(
    sa.select(outbound.c.permit_id, outbound.c.id).where(among(outbound.c.permit_id, "p_ids"))
)
_BY_NUMBER = Prepared(sa.select(*_COLUMNS).where(outbound.c.id == sa.bindparam("p_id")))
_BEGIN = Prepared(
    sa.update(outbound)
    .where(outbound.c.id == sa.bindparam("p_id"), outbound.c.state == "queued")
    .values(state="sending", attempts=outbound.c.attempts + 1)
)
#: How far along a message is; a status never takes it back. One that was taken and refused
#: later stays refused, unless it arrived all the same.
_STEPS = ("queued", "sending", "unknown", "sent", "failed", "delivered", "read")


def _begun(message: Outbound) -> tuple[Any, ...]:
    return (
        message.conversation_id,
        message.contact_id,
        message.kind,
        message.permit_id,
        message.text,
        message.request,
        message.uses,
        message.state,
        message.attempts,
        message.created_at,
    )


def _message(row: Any) -> Outbound:
    values = dict(zip(_NAMES, row, strict=True))
    values["uses"] = tuple(values["uses"])
    return Outbound(**values)


class SqlOutbox:
    """Implement ``overture.store.ports.Outbox``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, messages: Sequence[Outbound], owner: str, lease_until: datetime) -> list[int]:
        """Store messages in the order they were said; return their numbers."""
        if len(messages) > 1 and all(message.permit_id is not None for message in messages):
            return self._add_at_once(messages, owner, lease_until)
        numbers = []
        for message in messages:
            values = {name: getattr(message, name) for name in _NAMES if name != "id"}
            values |= {
                "uses": list(message.uses),
                "request": dict(message.request),
                "lease_owner": owner,
                "lease_until": lease_until,
            }
            result = self._connection.execute(_ADD, values)
            numbers.append(int(result.inserted_primary_key[0]))
        return numbers

    def _add_at_once(
        self, messages: Sequence[Outbound], owner: str, lease_until: datetime
    ) -> list[int]:
        """Store follow-ups in one statement; each is known by its permit."""
        rows = [(*_begun(message), owner, lease_until) for message in messages]
        insert_many(self._connection, outbound, (*_BEGUN, "lease_owner", "lease_until"), rows)
        permits = [message.permit_id for message in messages]
        numbers = {
            found[0]: found[1] for found in _BY_PERMIT.all(self._connection, {"p_ids": permits})
        }
        return [numbers[permit_id] for permit_id in permits]

    def pending(self, contact_id: str) -> list[Outbound]:
        """Return a person's messages that still have to go, in order."""
        return [_message(row) for row in _PENDING.all(self._connection, {"p_contact": contact_id})]

    def abandoned(self, owner: str, now: datetime, lease_until: datetime) -> list[str]:
        """Take over messages whose sender's lease has run out; return the contacts.

        One that was being sent when its process died may have arrived: it is marked as
        unknown and not sent again.
        """
        left = sa.and_(ON_ITS_WAY, outbound.c.lease_until <= now)
        self._connection.execute(
            sa.update(outbound)
            .where(left, outbound.c.state == "sending")
            .values(state="unknown", error={"message": "the process ended while sending"})
        )
        people = self._connection.execute(
            sa.select(outbound.c.contact_id).where(left).distinct()
        ).all()
        self._connection.execute(
            sa.update(outbound).where(left).values(lease_owner=owner, lease_until=lease_until)
        )
        return [person for (person,) in people]

    def owners(self) -> set[str]:
        """Return the senders that hold messages."""
        query = sa.select(outbound.c.lease_owner).where(ON_ITS_WAY).distinct()
        return {owner for (owner,) in self._connection.execute(query) if owner}

    def release(self, owners_gone: Sequence[str], now: datetime) -> None:
        """Let the messages of processes that are gone be taken over at once."""
        self._connection.execute(
            sa.update(outbound)
            .where(ON_ITS_WAY, outbound.c.lease_owner.in_(list(owners_gone)))
            .values(lease_until=now)
        )

    def renew(self, owner: str, lease_until: datetime) -> None:
        """Keep this sender's messages for longer."""
        self._connection.execute(
            sa.update(outbound)
            .where(ON_ITS_WAY, outbound.c.lease_owner == owner)
            .values(lease_until=lease_until)
        )

    def update(self, outbound_id: int, **changes: Any) -> None:
        """Change the state of a message."""
        change(self._connection, outbound, outbound_id, changes)

    def get(self, outbound_id: int) -> Outbound | None:
        """Return a message by its number, as it is now."""
        row = _BY_NUMBER.first(self._connection, {"p_id": outbound_id})
        return None if row is None else _message(row)

    def begin(self, outbound_id: int) -> Outbound | None:
        """Mark a waiting message as being sent; None if it does not wait any more."""
        begun = _BEGIN.run(self._connection, {"p_id": outbound_id})
        return self.get(outbound_id) if begun else None

    def withdraw(self, outbound_id: int) -> None:
        """Remove a message that still waits."""
        self._connection.execute(
            sa.delete(outbound).where(outbound.c.id == outbound_id, outbound.c.state == "queued")
        )

    def find(
        self, contact_prefix: str, platform_message_id: str, number: int | None = None
    ) -> Outbound | None:
        """Return the message the platform speaks of."""
        query = sa.select(*_COLUMNS).where(outbound.c.platform_message_id == platform_message_id)
        rows = self._connection.execute(query).all()
        found = [_message(row) for row in rows]
        if not found and number is not None and (named := self.get(number)) is not None:
            found = [named] if named.platform_message_id is None else []
        return next((one for one in found if one.contact_id.startswith(contact_prefix)), None)

    def advance(self, outbound_id: int, **changes: Any) -> None:
        """Change what is known of a message; its state moves forward only."""
        state = changes.pop("state", None)
        if changes:
            self.update(outbound_id, **changes)
        if state is not None:
            earlier = _STEPS[: _STEPS.index(state)]
            self._connection.execute(
                sa.update(outbound)
                .where(outbound.c.id == outbound_id, outbound.c.state.in_(earlier))
                .values(state=state)
            )

    def prune(self, before: datetime, limit: int) -> int:
        """Delete messages that went out before an instant; return how many."""
        oldest = self._connection.execute(
            sa.select(outbound.c.id, outbound.c.created_at)
            .where(sa.not_(ON_ITS_WAY))
            .order_by(outbound.c.id)
            .limit(limit)
        )
        old = [number for number, created_at in oldest if created_at < before]
        self._connection.execute(sa.delete(outbound).where(outbound.c.id.in_(old)))
        return len(old)

    def strip(self, after: int, before: datetime, limit: int) -> list[int]:
        """Empty the bodies of messages with higher numbers that are older than an instant."""
        oldest = self._connection.execute(
            sa.select(outbound.c.id, outbound.c.created_at)
            .where(outbound.c.id > after, sa.not_(ON_ITS_WAY))
            .order_by(outbound.c.id)
            .limit(limit)
        )
        old = [number for number, created_at in oldest if created_at < before]
        emptied = sa.update(outbound).where(outbound.c.id.in_(old)).values(request={})
        self._connection.execute(emptied)
        return old

    def read_up_to(self, contact_id: str, watermark: datetime, read: bool) -> None:
        """Note that a person got (and read) everything sent up to an instant."""
        mine = sa.and_(outbound.c.contact_id == contact_id, outbound.c.sent_at <= watermark)
        before = ["sent", "delivered"] if read else ["sent"]
        state = "read" if read else "delivered"
        self._connection.execute(
            sa.update(outbound)
            .where(mine, outbound.c.state.in_(before))
            .values({"state": state, f"{state}_at": watermark})
        )

    def is_own(
        self, contact_id: str, platform_message_id: str | None, text: str | None, since: datetime
    ) -> bool:
        """Return whether an echo is of a message of ours, also if it overtook our answer."""
        ours = outbound.c.platform_message_id == platform_message_id
        if text is not None:
            recent = sa.and_(outbound.c.created_at >= since, outbound.c.text == text)
            ours = sa.or_(ours, sa.and_(outbound.c.contact_id == contact_id, recent))
        query = sa.select(sa.literal(1)).where(ours).limit(1)
        return self._connection.execute(query).scalar() is not None

    def last_follow_up(self, conversation_id: str) -> Outbound | None:
        """Return the last message that was not asked for."""
        query = (
            sa.select(*_COLUMNS)
            .where(outbound.c.conversation_id == conversation_id, outbound.c.kind == "follow_up")
            .order_by(outbound.c.id.desc())
            .limit(1)
        )
        row = self._connection.execute(query).first()
        return None if row is None else _message(row)

    def spoken_of(self, conversation_id: str) -> set[int]:
        """Return the memories that follow-ups have spoken of."""
        query = sa.select(outbound.c.uses).where(
            outbound.c.conversation_id == conversation_id, outbound.c.kind == "follow_up"
        )
        return {one for uses in self._connection.execute(query).scalars() for one in uses}

    def transcript(self, conversation_id: str) -> list[dict[str, Any]]:
        """Return what both sides said, oldest first."""
        heard = self._connection.execute(
            sa.select(inbound.c.received_at, inbound.c.kind, inbound.c.text, inbound.c.message_id)
            .where(inbound.c.conversation_id == conversation_id)
            .order_by(inbound.c.id)
        )
        said = self._connection.execute(
            sa.select(outbound.c.created_at, outbound.c.kind, outbound.c.text, outbound.c.state)
            .where(outbound.c.conversation_id == conversation_id)
            .order_by(outbound.c.id)
        )
        lines = [
            {"at": at, "from": "person", "kind": kind, "text": text, "message_id": message_id}
            for at, kind, text, message_id in heard
        ]
        lines += [
            {"at": at, "from": _FROM.get(kind, "bot"), "kind": kind, "text": text, "state": state}
            for at, kind, text, state in said
        ]
        return sorted(lines, key=lambda line: line["at"])
