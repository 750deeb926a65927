"""What reviewers note, in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.reviewing import Noted
from overture.store.schema import correction, inbound, review, tag
from overture.store.sql.dialect import upsert

#: Most tags that are offered to choose from.
_TAGS = 200


#: The words of a correction's message. Each is looked up among the messages of its conversation: as
#: a join, SQLite would read all messages of everybody.
_WORDS = (
    sa.select(inbound.c.text)
    .where(
        inbound.c.conversation_id == correction.c.conversation_id,
        inbound.c.message_id == correction.c.message_id,
    )
    .limit(1)
    .correlate(correction)
    .scalar_subquery()
)
_CORRECTED = (
    sa.select(correction.c.intent, _WORDS.label("text"))
    .where(_WORDS.is_not(None))
    .order_by(correction.c.intent, correction.c.at, correction.c.message_id)
)


class SqlNotes:
    """Implement ``overture.store.rooms.Notes``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, conversation_ids: Sequence[str]) -> dict[str, Noted]:
        """Return what is noted about these conversations, by conversation."""
        tags = self._tags_of(conversation_ids)
        query = sa.select(review).where(review.c.conversation_id.in_(list(conversation_ids)))
        rows = {row.conversation_id: row for row in self._connection.execute(query)}
        return {
            one: Noted(
                state=rows[one].state if one in rows else None,
                at=rows[one].at if one in rows else None,
                note=rows[one].note if one in rows else "",
                tags=tuple(tags.get(one, ())),
            )
            for one in {*rows, *tags}
        }

    def _tags_of(self, conversation_ids: Sequence[str]) -> dict[str, list[str]]:
        query = sa.select(tag.c.conversation_id, tag.c.tag).where(
            tag.c.conversation_id.in_(list(conversation_ids))
        )
        found: dict[str, list[str]] = defaultdict(list)
        for conversation_id, word in self._connection.execute(query.order_by(tag.c.tag)):
            found[conversation_id].append(word)
        return found

    def set_state(self, conversation_id: str, state: str | None, now: datetime) -> None:
        """Note that a conversation was reviewed, is saved for later, or neither."""
        at = now if state else None
        self._note(conversation_id, state=state, at=at)

    def set_note(self, conversation_id: str, note: str) -> None:
        """Keep a note about a conversation, in place of an earlier one."""
        self._note(conversation_id, note=note)

    def _note(self, conversation_id: str, **changes: object) -> None:
        mine = review.c.conversation_id == conversation_id
        if self._connection.execute(sa.update(review).where(mine).values(changes)).rowcount == 0:
            upsert(
                self._connection, review, {"conversation_id": conversation_id, "note": ""} | changes
            )

    def set_tags(self, conversation_id: str, tags: Sequence[str], now: datetime) -> None:
        """Give a conversation these tags and no others."""
        mine = tag.c.conversation_id == conversation_id
        known = set(self._tags_of([conversation_id]).get(conversation_id, ()))
        self._connection.execute(sa.delete(tag).where(mine, tag.c.tag.not_in(list(tags))))
        for word in dict.fromkeys(tags):
            if word not in known:
                row = {"conversation_id": conversation_id, "tag": word, "at": now}
                upsert(self._connection, tag, row)

    def tags(self) -> list[str]:
        """Return the tags in use, in order."""
        query = sa.select(tag.c.tag).distinct().order_by(tag.c.tag).limit(_TAGS)
        return list(self._connection.execute(query).scalars())

    def correct(
        self, conversation_id: str, message_id: str, intent: str | None, now: datetime
    ) -> None:
        """Note what a message means; None: it means what it was heard as."""
        if intent is None:
            mine = sa.and_(
                correction.c.conversation_id == conversation_id,
                correction.c.message_id == message_id,
            )
            self._connection.execute(sa.delete(correction).where(mine))
            return
        row = {"conversation_id": conversation_id, "message_id": message_id}
        upsert(self._connection, correction, row | {"intent": intent, "at": now})

    def corrections(self, conversation_id: str) -> dict[str, str]:
        """Return what messages of a conversation mean where they were heard as something else."""
        query = sa.select(correction.c.message_id, correction.c.intent).where(
            correction.c.conversation_id == conversation_id
        )
        return {row.message_id: row.intent for row in self._connection.execute(query)}

    def corrected(self, limit: int) -> list[tuple[str, str]]:
        """Return intents with the words they were corrected for, by intent.

        Words that were taken back, or are too old to be kept, are not there any more.
        """
        rows = self._connection.execute(_CORRECTED.limit(limit))
        return [(intent, text) for intent, text in rows]

    def has_corrected(self) -> bool:
        """Return whether a message was corrected."""
        return self._connection.execute(sa.select(correction.c.intent).limit(1)).first() is not None
