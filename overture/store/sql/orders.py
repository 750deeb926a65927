"""The orders of a reviewer's lists, and the indexes that keep each page of them cheap."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql import Select

from overture.store.reviewing import Listing, Place
from overture.store.schema import (
    attention,
    contact,
    conversation,
    decision,
    partial,
    plan,
    review,
    tag,
)

# A literal, not a parameter: SQLite takes a partial index only for what it can read.
WITHHELD = decision.c.outcome == sa.literal_column("'withheld'")
_UNANSWERED = conversation.c.last_follow_up_cycle == conversation.c.cycle


class _Order(NamedTuple):
    column: sa.Column[Any]
    newest_first: bool = True


_ORDERS = {
    "all": _Order(conversation.c.last_message_at),
    "planned": _Order(plan.c.claimable_at, newest_first=False),
    "needs_human": _Order(attention.c.since),
    "opted_out": _Order(contact.c.opted_out_at),
    "crisis_hold": _Order(contact.c.crisis_hold_since),
    "paused": _Order(conversation.c.paused_until, newest_first=False),
    "taken_over": _Order(conversation.c.takeover_since),
    "unanswered": _Order(conversation.c.last_follow_up_at),
    "later": _Order(review.c.at),
    "reviewed": _Order(review.c.at),
    "tagged": _Order(tag.c.at),
}


#: The order of each list. The partial ones cost nothing while a state is not set.
INDEXES = (
    sa.Index("ix_conversation_last_message_at", conversation.c.last_message_at, conversation.c.id),
    sa.Index(
        "ix_conversation_persona_id",
        conversation.c.persona_id,
        conversation.c.last_message_at,
        conversation.c.id,
    ),
    partial(
        "ix_contact_opted_out_at",
        contact.c.opted_out_at,
        where=contact.c.opted_out_at.is_not(None),
    ),
    partial(
        "ix_contact_crisis_hold_since",
        contact.c.crisis_hold_since,
        where=contact.c.crisis_hold_since.is_not(None),
    ),
    partial(
        "ix_conversation_paused_until",
        conversation.c.paused_until,
        where=conversation.c.paused_until.is_not(None),
    ),
    partial(
        "ix_conversation_takeover_since",
        conversation.c.takeover_since,
        where=conversation.c.takeover_since.is_not(None),
    ),
    partial("ix_conversation_unanswered", conversation.c.last_follow_up_at, where=_UNANSWERED),
    partial("ix_decision_withheld", decision.c.at, decision.c.id, where=WITHHELD),
)


def listing(asked: Listing, now: datetime) -> Select:
    """Return the query of one page of a list: instant and id of each conversation."""
    view = "tagged" if asked.tag and asked.view == "all" else asked.view
    order = _ORDERS[view]
    query = _source(view, order).where(*_state(view, now))
    if view == "tagged":
        query = query.where(tag.c.tag == asked.tag)
    elif asked.tag:
        query = query.where(_has_tag(asked.tag))
    if asked.channel:
        query = query.where(conversation.c.id.startswith(f"{asked.channel}:", autoescape=True))
    if asked.persona_id:
        query = query.where(_of_persona(view, asked.persona_id))
    if asked.after is not None:
        query = query.where(_beyond(order, asked.after))
    return query.limit(asked.limit)


def _has_tag(word: str) -> Any:
    mine = sa.and_(tag.c.conversation_id == conversation.c.id, tag.c.tag == word)
    return sa.select(sa.literal(1)).where(mine).correlate(conversation).exists()


def _of_persona(view: str, persona_id: str) -> Any:
    """Compare with the persona, for a list of a state without drawing its index in.

    A state is rarer than a persona, so the index of the state is the one to walk.
    """
    if view == "all":
        return conversation.c.persona_id == persona_id
    return conversation.c.id.endswith(f":{persona_id}", autoescape=True)


def _source(view: str, order: _Order) -> Select:
    source: Any = conversation
    if view == "planned":
        source = plan.join(conversation, conversation.c.id == plan.c.conversation_id)
    elif view == "needs_human":
        source = attention.join(conversation, conversation.c.id == attention.c.conversation_id)
    elif view in {"later", "reviewed"}:
        source = review.join(conversation, conversation.c.id == review.c.conversation_id)
    elif view == "tagged":
        source = tag.join(conversation, conversation.c.id == tag.c.conversation_id)
    elif view in {"opted_out", "crisis_hold"}:
        source = contact.join(conversation, conversation.c.contact_id == contact.c.id)
    columns = (order.column, conversation.c.id)
    ordered = [one.desc() if order.newest_first else one for one in columns]
    return sa.select(*columns).select_from(source).order_by(*ordered)


def _state(view: str, now: datetime) -> list[Any]:
    """Return what a conversation of a list has to fulfil."""
    column = _ORDERS[view].column
    conditions = [column.is_not(None)]
    if view == "paused":
        conditions.append(column > now)
    elif view == "taken_over":
        until = conversation.c.takeover_until
        conditions.append(sa.or_(until.is_(None), until > now))
    elif view in {"later", "reviewed"}:
        conditions.append(review.c.state == sa.literal_column(f"'{view}'", sa.Text))
    elif view == "unanswered":
        conditions.append(_UNANSWERED)
    return conditions


def _beyond(order: _Order, last: Place) -> Any:
    """Return what comes after an entry; the first part is what the index is used for."""
    column, number = order.column, conversation.c.id
    if order.newest_first:
        return (column <= last.at) & ((column < last.at) | (number < last.conversation_id))
    return (column >= last.at) & ((column > last.at) | (number > last.conversation_id))
