"""What both sides said, as rows and as records for reviewers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import Select

from overture.store.reviewing import Heard, Said
from overture.store.schema import conversation, inbound, outbound, tracker_event

#: What people wrote; ``heard_of`` reads its rows.
HEARD = sa.select(
    inbound.c.id,
    inbound.c.conversation_id,
    inbound.c.received_at,
    inbound.c.kind,
    inbound.c.text,
    inbound.c.payload,
    inbound.c.message_id,
    inbound.c.labels,
    inbound.c.detail,
)
#: What was said to them; ``said_of`` reads its rows.
SAID = sa.select(
    outbound.c.id,
    outbound.c.conversation_id,
    outbound.c.created_at,
    outbound.c.kind,
    outbound.c.text,
    outbound.c.platform_message_id,
    outbound.c.state,
    outbound.c.error,
    outbound.c.delivered_at,
    outbound.c.read_at,
    outbound.c.uses,
)
#: What Rasa's history knows of both, newest first; ``told_of`` reads its rows.
TOLD = (
    sa.select(tracker_event.c.id, tracker_event.c.sender_id, tracker_event.c.data)
    .where(tracker_event.c.type.in_(["user", "bot"]))
    .order_by(tracker_event.c.id.desc())
)


#: What Rasa's history knows of what people wrote, newest first; ``heard_as`` reads its rows.
HEARD_AS = (
    sa.select(tracker_event.c.sender_id, tracker_event.c.data)
    .where(tracker_event.c.type == "user")
    .order_by(tracker_event.c.id.desc())
)


def _latest(table: sa.Table, columns: Select) -> Select:
    """Return the newest row of each of several conversations, each looked up by its index."""
    other = table.alias()
    newest = (
        sa.select(other.c.id)
        .where(other.c.conversation_id == conversation.c.id)
        .order_by(other.c.id.desc())
        .limit(1)
        .correlate(conversation)
        .scalar_subquery()
    )
    these = conversation.c.id.in_(sa.bindparam("p_ids", expanding=True))
    return columns.select_from(conversation.join(table, table.c.id == newest)).where(these)


LATEST_HEARD = _latest(inbound, HEARD)
LATEST_SAID = _latest(outbound, SAID)

_BY = {"reply": "bot", "follow_up": "follow_up", "person": "inbox"}


def heard_of(row: Sequence[Any]) -> Said:
    """Read a row of ``HEARD``."""
    number, conversation_id, at, kind, text, payload, message_id, labels, detail = row
    return Said(
        number=number,
        conversation_id=conversation_id,
        at=at,
        by="person",
        kind=kind,
        text=text if text is not None else payload,
        message_id=message_id,
        labels=tuple(labels),
        detail=detail,
    )


def said_of(row: Sequence[Any]) -> Said:
    """Read a row of ``SAID``."""
    number, conversation_id, at, kind, text, sent_as, state, error, delivered, read, uses = row
    return Said(
        number=number,
        conversation_id=conversation_id,
        at=at,
        by=_BY[kind],
        kind=kind,
        text=text,
        message_id=sent_as,
        state=state,
        error=error,
        delivered_at=delivered,
        read_at=read,
        uses=tuple(uses),
    )


def told_of(row: Sequence[Any]) -> Said:
    """Read a row of ``TOLD``."""
    number, conversation_id, data = row
    event = json.loads(data)
    return Said(
        number=number,
        conversation_id=conversation_id,
        at=datetime.fromtimestamp(event.get("timestamp") or 0, tz=timezone.utc),
        by="person" if event["event"] == "user" else "bot",
        kind="text",
        text=event.get("text"),
        message_id=event.get("message_id"),
    )


def heard_as(row: Sequence[Any]) -> tuple[str, Heard] | None:
    """Read a row of ``HEARD_AS``: a message, and what it was taken for."""
    event = json.loads(row[1])
    intent = (event.get("parse_data") or {}).get("intent") or {}
    if not event.get("message_id") or not intent.get("name"):
        return None
    heard = Heard(intent=intent["name"], confidence=float(intent.get("confidence") or 0))
    return event["message_id"], heard
