"""Rows that change hands in SQL: a person's number or id has become another one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.rooms import Holders
from overture.store.schema import (
    attention,
    contact,
    contact_alias,
    conversation,
    correction,
    decision,
    fact,
    inbound,
    outbound,
    permit,
    plan,
    review,
    tag,
    tracker_event,
)

#: Everything else that belongs to a conversation by its id.
_OF_CONVERSATION = (permit, decision, fact, outbound, inbound)


class SqlMoving:
    """Implement ``overture.store.rooms.Moving``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def holders(self, channel: str, account_id: str, names: Collection[str]) -> Holders:
        """Return who has these ids, as a key or as an alias."""
        run, wanted = self._connection.execute, list(names)
        keys = run(
            sa.select(contact.c.user_id).where(
                contact.c.id.in_([f"{channel}:{account_id}:{name}" for name in wanted])
            )
        )
        waiting = run(
            sa.select(inbound.c.user_id).where(
                inbound.c.channel == channel,
                inbound.c.account_id == account_id,
                inbound.c.user_id.in_(wanted),
                inbound.c.done_at.is_(None),
            )
        )
        aliases = run(
            sa.select(contact_alias.c.alias, contact_alias.c.contact_id).where(
                contact_alias.c.channel == channel,
                contact_alias.c.account_id == account_id,
                contact_alias.c.alias.in_(wanted),
            )
        )
        return Holders(
            keys={*keys.scalars(), *waiting.scalars()},
            aliases={row.alias: row.contact_id for row in aliases},
        )

    def conversation(self, old: str, new: str, shift: int) -> None:
        """Give everything of one conversation to another, which exists already."""
        run = self._connection.execute
        self._shift(new, shift)
        run(sa.delete(plan).where(plan.c.conversation_id.in_([old, new])))
        for table in _OF_CONVERSATION:
            changed = sa.update(table).where(table.c.conversation_id == old)
            run(changed.values(conversation_id=new))
        self._need(old, new)
        self._notes(old, new)
        self.history(old, new)
        run(sa.delete(conversation).where(conversation.c.id == old))

    def _need(self, old: str, new: str) -> None:
        """Go on needing a human, since the earlier of two wishes."""
        theirs = attention.c.conversation_id.in_([old, new])
        query = sa.select(attention).where(theirs).order_by(attention.c.since)
        need = self._connection.execute(query).first()
        if need is not None:
            self._connection.execute(sa.delete(attention).where(theirs))
            row = {**need._mapping, "conversation_id": new}
            self._connection.execute(sa.insert(attention).values(row))

    def _notes(self, old: str, new: str) -> None:
        """Keep what was noted about either; where both have it, what is noted about the new one."""
        for table, keys in ((review, ()), (tag, ("tag",)), (correction, ("message_id",))):
            other = table.alias()
            same = [other.c[key] == table.c[key] for key in keys]
            there = sa.select(other.c.conversation_id).where(other.c.conversation_id == new, *same)
            mine = table.c.conversation_id == old
            moved = sa.update(table).where(mine, ~there.exists())
            self._connection.execute(moved.values(conversation_id=new))
            self._connection.execute(sa.delete(table).where(mine))

    def _shift(self, conversation_id: str, shift: int) -> None:
        """Number the cycles of a conversation on from another's, the last one first."""
        if not shift:
            return
        run = self._connection.execute
        mine = permit.c.conversation_id == conversation_id
        numbers = run(sa.select(permit.c.id).where(mine).order_by(permit.c.cycle.desc()))
        for number in numbers.scalars().all():
            later = sa.update(permit).where(permit.c.id == number)
            run(later.values(cycle=permit.c.cycle + shift))
        run(
            sa.update(decision)
            .where(decision.c.conversation_id == conversation_id)
            .values(cycle=decision.c.cycle + shift)
        )

    def history(self, old: str, new: str) -> None:
        """Give Rasa's events of one conversation to another."""
        self._connection.execute(
            sa.update(tracker_event).where(tracker_event.c.sender_id == old).values(sender_id=new)
        )

    def contact(self, old: str, new: str) -> None:
        """Give what is left of a contact to another: its messages, on both ways."""
        run = self._connection.execute
        channel, account_id, user_id = old.split(":")
        theirs = sa.and_(
            inbound.c.channel == channel,
            inbound.c.account_id == account_id,
            inbound.c.user_id == user_id,
        )
        self._drop_doubles(new, theirs)
        run(sa.update(inbound).where(theirs).values(user_id=new.split(":")[2]))
        said = outbound.c.conversation_id.in_(  # by then theirs; found by its index
            sa.select(conversation.c.id).where(conversation.c.contact_id == new)
        )
        run(sa.update(outbound).where(said, outbound.c.contact_id == old).values(contact_id=new))
        run(sa.delete(contact_alias).where(contact_alias.c.contact_id == old))
        run(sa.delete(contact).where(contact.c.id == old))

    def _drop_doubles(self, new: str, theirs: Any) -> None:
        """Keep the older of two rows of one message, which may have been answered."""
        channel, account_id, user_id = new.split(":")
        run = self._connection.execute
        ids = run(sa.select(inbound.c.message_id).where(theirs)).scalars().all()
        run(
            sa.delete(inbound).where(
                inbound.c.channel == channel,
                inbound.c.account_id == account_id,
                inbound.c.user_id == user_id,
                inbound.c.message_id.in_(ids),
            )
        )
