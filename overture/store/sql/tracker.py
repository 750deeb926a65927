"""Rasa's events in SQL: appended, never rewritten, but for what a person takes back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.schema import tracker_event
from overture.store.sql.dialect import line_said
from overture.store.sql.prepared import Prepared

_OF_SENDER = tracker_event.c.sender_id == sa.bindparam("p_sender")
_EVENTS = sa.select(tracker_event.c.data).where(_OF_SENDER).order_by(tracker_event.c.id)
_SESSION_START = (
    sa.select(sa.func.max(tracker_event.c.id))
    .where(_OF_SENDER, tracker_event.c.type == "session_started")
    .scalar_subquery()
)
_SESSION = Prepared(_EVENTS.where(tracker_event.c.id >= sa.func.coalesce(_SESSION_START, 0)))
_ALL = Prepared(_EVENTS)

_COUNT = Prepared(
    sa.select(sa.func.count())
    .select_from(tracker_event)
    .where(_OF_SENDER, tracker_event.c.id >= sa.func.coalesce(_SESSION_START, 0))
)
_LINES = Prepared(
    sa.select(line_said(tracker_event.c.data))
    .where(_OF_SENDER, tracker_event.c.type == "bot")
    .order_by(tracker_event.c.id.desc())
    .limit(sa.bindparam("p_limit"))
)
_LAST = Prepared(sa.select(sa.func.max(tracker_event.c.id)).where(_OF_SENDER))


class SqlTracker:
    """Implement ``overture.store.ports.Tracker``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, sender_id: str, events: Sequence[Mapping[str, Any]]) -> int:
        """Store new events of a conversation, in order; return the last one's number."""
        rows = [
            {
                "sender_id": sender_id,
                "type": event["event"],
                "timestamp": event.get("timestamp") or 0.0,
                "data": json.dumps(event, ensure_ascii=False),
            }
            for event in events
        ]
        if rows:
            self._connection.execute(sa.insert(tracker_event), rows)
        return self.last(sender_id)

    def last(self, sender_id: str) -> int:
        """Return the number of a conversation's last event; 0 if it has none."""
        return int(_LAST.value(self._connection, {"p_sender": sender_id}) or 0)

    def count(self, sender_id: str) -> int:
        """Return how many events the last session of a conversation has."""
        return int(_COUNT.value(self._connection, {"p_sender": sender_id}) or 0)

    def load(self, sender_id: str, *, session_only: bool) -> list[dict[str, Any]]:
        """Return the events of a conversation, or of its last session alone."""
        query = _SESSION if session_only else _ALL
        rows = query.all(self._connection, {"p_sender": sender_id})
        return [json.loads(data) for (data,) in rows]

    def senders(self) -> list[str]:
        """Return every conversation that has a history."""
        query = sa.select(tracker_event.c.sender_id).distinct()
        return [sender for (sender,) in self._connection.execute(query)]

    def lines_said(self, sender_id: str, limit: int = 400) -> list[str]:
        """Return the ids of the persona's lines said last, the oldest first."""
        rows = _LINES.all(self._connection, {"p_sender": sender_id, "p_limit": limit})
        return [line for (line,) in rows if line][::-1]

    def _user_event(self, sender_id: str, message_id: str) -> tuple[int, dict[str, Any]] | None:
        query = (
            sa.select(tracker_event.c.id, tracker_event.c.data)
            .where(tracker_event.c.sender_id == sender_id, tracker_event.c.type == "user")
            .order_by(tracker_event.c.id.desc())
            .limit(200)
        )
        for number, data in self._connection.execute(query):
            event = json.loads(data)
            if event.get("message_id") == message_id:
                return int(number), event
        return None

    def rewind(self, sender_id: str, message_id: str) -> int:
        """Delete a message's event and all after it; return how many."""
        found = self._user_event(sender_id, message_id)
        if found is None:
            return 0
        result = self._connection.execute(
            sa.delete(tracker_event).where(
                tracker_event.c.sender_id == sender_id, tracker_event.c.id >= found[0]
            )
        )
        return int(result.rowcount)

    def reword(self, sender_id: str, message_id: str, text: str | None) -> bool:
        """Put other words, or none, in the place of one message's in the history."""
        found = self._user_event(sender_id, message_id)
        if found is None:
            return False
        number, event = found
        event["text"] = text
        parsed = event.get("parse_data") or {}
        parsed.update({"text": text, "entities": [], "text_tokens": None})
        self._connection.execute(
            sa.update(tracker_event)
            .where(tracker_event.c.id == number)
            .values(data=json.dumps(event))
        )
        return True

    def delete(self, sender_id: str) -> int:
        """Delete the history of a conversation; return how many events it had."""
        result = self._connection.execute(
            sa.delete(tracker_event).where(tracker_event.c.sender_id == sender_id)
        )
        return int(result.rowcount)
