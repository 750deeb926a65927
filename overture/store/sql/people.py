"""Contacts, conversations and what the gate asks about them, in SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.identity import Conversation
from overture.making import made
from overture.store.records import (
    BEFORE_ERASURE,
    ContactState,
    ConversationState,
    Standing,
    Tombstone,
)
from overture.store.schema import (
    alert,
    attention,
    contact,
    contact_alias,
    conversation,
    correction,
    decision,
    inbound,
    outbound,
    permit,
    plan,
    review,
    tag,
    tombstone,
)
from overture.store.sql.dialect import among, insert_new, upsert
from overture.store.sql.prepared import Prepared, change
from overture.store.sql.standing import (
    CONTACT,
    CONVERSATION,
    read_conversation,
    read_standing,
    standing_query,
)

R = TypeVar("R")

_STANDING = Prepared(
    standing_query().where(among(conversation.c.id, "p_ids")).order_by(conversation.c.id)
)
# Sorted, so that two transactions lock the same rows in the same order; and by a statement of
# its own: one that had to wait would see other tables as they were before it waited.
_LOCK = Prepared(
    sa.select(conversation.c.id)
    .where(among(conversation.c.id, "p_ids"))
    .order_by(conversation.c.id)
    .with_for_update()
)
_CONTACT_QUERY = Prepared(
    sa.select(*(contact.c[name] for name in CONTACT)).where(contact.c.id == sa.bindparam("p_id"))
)
_CONVERSATION_QUERY = Prepared(
    sa.select(*(conversation.c[name] for name in CONVERSATION)).where(
        conversation.c.id == sa.bindparam("p_id")
    )
)


def _digest(contact_id: str) -> str:
    """Return what a tombstone keeps of an id: enough to know it again, not to read it."""
    return hashlib.sha256(contact_id.encode()).hexdigest()


class SqlPeople:
    """Implement ``overture.store.ports.People``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contact(self, contact_id: str) -> ContactState | None:
        """Return a contact."""
        row = _CONTACT_QUERY.first(self._connection, {"p_id": contact_id})
        return None if row is None else made(ContactState, zip(CONTACT, row, strict=True))

    def save_contact(self, contact_id: str, now: datetime, **changes: Any) -> None:
        """Create a contact or change some of what is known of it."""
        channel, account_id, user_id = contact_id.split(":")
        person = {"channel": channel, "account_id": account_id, "user_id": user_id}
        if self._save(contact, contact_id, person | {"created_at": now}, changes):
            self._heed_tombstones(contact_id, [contact_id])

    def conversation(self, conversation_id: str) -> ConversationState | None:
        """Return a conversation."""
        row = _CONVERSATION_QUERY.first(self._connection, {"p_id": conversation_id})
        return None if row is None else read_conversation(row)

    def save_conversation(self, conversation_id: str, now: datetime, **changes: Any) -> None:
        """Create a conversation or change some of its counters."""
        if "window_message_ids" in changes:
            changes["window_message_ids"] = list(changes["window_message_ids"])
        identity = Conversation.parse(conversation_id)
        origin = {
            "contact_id": str(identity.contact),
            "persona_id": identity.persona_id,
        }
        self._save(conversation, conversation_id, origin | {"created_at": now}, changes)

    def conversations_of(self, contact_id: str) -> list[str]:
        """Return the ids of a person's conversations with all personas."""
        query = sa.select(conversation.c.id).where(conversation.c.contact_id == contact_id)
        return [row.id for row in self._connection.execute(query.order_by(conversation.c.id))]

    def alias(self, contact_id: str, aliases: Collection[str]) -> None:
        """Note other ids of the same person."""
        channel, account_id, _ = contact_id.split(":")
        new = set(aliases) - set(self.aliases_of(contact_id))
        self._heed_tombstones(contact_id, [f"{channel}:{account_id}:{name}" for name in new])
        for name in aliases:
            upsert(
                self._connection,
                contact_alias,
                {
                    "channel": channel,
                    "account_id": account_id,
                    "alias": name,
                    "contact_id": contact_id,
                },
            )

    def known_as(self, channel: str, account_id: str, ids: Sequence[str]) -> str | None:
        """Return the contact that has one of these user ids or aliases."""
        for user_id in ids:
            contact_id = f"{channel}:{account_id}:{user_id}"
            if self._exists(contact, contact_id):
                return contact_id
        query = sa.select(contact_alias.c.contact_id).where(
            contact_alias.c.channel == channel,
            contact_alias.c.account_id == account_id,
            contact_alias.c.alias.in_(list(ids)),
        )
        return self._connection.execute(query).scalar()

    def aliases_of(self, contact_id: str) -> list[str]:
        """Return the other ids of a person."""
        query = sa.select(contact_alias.c.alias).where(contact_alias.c.contact_id == contact_id)
        return [alias for (alias,) in self._connection.execute(query)]

    def erase(self, contact_id: str) -> None:
        """Delete a person with all conversations, messages, plans and decisions."""
        channel, account_id, user_id = contact_id.split(":")
        theirs = self.conversations_of(contact_id)
        run = self._connection.execute
        for table in (outbound, permit, decision, plan, attention, review, tag, correction):
            run(sa.delete(table).where(table.c.conversation_id.in_(theirs)))
        run(
            sa.delete(inbound).where(
                inbound.c.channel == channel,
                inbound.c.account_id == account_id,
                inbound.c.user_id == user_id,
            )
        )
        run(sa.delete(alert).where(alert.c.contact_id == contact_id))
        run(sa.delete(contact_alias).where(contact_alias.c.contact_id == contact_id))
        run(sa.delete(conversation).where(conversation.c.contact_id == contact_id))
        run(sa.delete(contact).where(contact.c.id == contact_id))

    def bury(self, contact_id: str, kept: Tombstone, now: datetime) -> None:
        """Bind whoever writes under one of a person's ids again, once that one is created."""
        channel, account_id, _ = contact_id.split(":")
        others = [f"{channel}:{account_id}:{name}" for name in self.aliases_of(contact_id)]
        for one in (contact_id, *others):
            row = {"digest": _digest(one), "opted_out": kept.opted_out, "minor": kept.minor}
            upsert(self._connection, tombstone, row | {"at": now})

    def _heed_tombstones(self, contact_id: str, ids: Sequence[str]) -> None:
        """Give somebody new what was kept of the one erased under these ids."""
        if not ids:
            return
        theirs = tombstone.c.digest.in_([_digest(one) for one in ids])
        found = self._connection.execute(sa.select(tombstone).where(theirs)).all()
        if not found:
            return
        changes: dict[str, Any] = {}
        if any(one.opted_out for one in found):
            at = min(one.at for one in found if one.opted_out)
            changes = {"opted_out_at": at, "opted_out_by": BEFORE_ERASURE}
        if any(one.minor for one in found):
            changes["declared_minor"] = True
        row = contact.c.id == contact_id
        self._connection.execute(sa.update(contact).where(row).values(changes))
        self._connection.execute(sa.delete(tombstone).where(theirs))

    def standing(self, conversation_id: str, *, lock: bool = False) -> Standing | None:
        """Return all the gate asks about one conversation, locked for this transaction."""
        found = self.standings([conversation_id], lock=lock)
        return found[0] if found else None

    def standings(self, conversation_ids: Sequence[str], *, lock: bool = False) -> list[Standing]:
        """Return the same for several conversations."""
        ids = {"p_ids": list(conversation_ids)}
        if lock and self._connection.dialect.name != "sqlite":  # whose writers never overlap
            _LOCK.all(self._connection, ids)
        return [read_standing(row) for row in _STANDING.all(self._connection, ids)]

    def _save(
        self,
        table: sa.Table,
        row_id: str,
        origin: dict[str, Any],
        changes: dict[str, Any],
    ) -> bool:
        """Change a row or create it; return whether it may be new."""
        if changes and change(self._connection, table, row_id, changes):
            return False
        insert_new(self._connection, table, {"id": row_id, **origin, **changes})
        return True

    def _exists(self, table: sa.Table, row_id: str) -> bool:
        query = sa.select(sa.literal(1)).where(table.c.id == row_id)
        return self._connection.execute(query).scalar() is not None
