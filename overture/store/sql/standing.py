"""All the gate asks about one conversation, as one row of SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import Select

from overture.making import made
from overture.store.records import ContactState, ConversationState, PlanRow, Standing
from overture.store.schema import account, contact, conversation, inbound, permit, plan, switch

#: Columns of the records, in their order.
CONTACT = [field.name for field in fields(ContactState)]
CONVERSATION = [field.name for field in fields(ConversationState)]
_PLAN = [field.name for field in fields(PlanRow)]

_PENDING = (
    sa.select(sa.func.count())
    .select_from(inbound)
    .where(
        inbound.c.channel == contact.c.channel,
        inbound.c.account_id == contact.c.account_id,
        inbound.c.user_id == contact.c.user_id,
        inbound.c.done_at.is_(None),
    )
    .correlate(contact)
    .scalar_subquery()
)

_KILLED = (
    sa.select(sa.func.count())
    .select_from(switch)
    .where(switch.c.name == "kill_switch", switch.c.value == "on")
    .scalar_subquery()
)


def standing_query() -> Select:
    """Return the query of all the gate asks, joined on one row for each conversation."""
    source = (
        conversation.join(contact, contact.c.id == conversation.c.contact_id)
        .outerjoin(
            account,
            sa.and_(
                account.c.channel == contact.c.channel,
                account.c.account_id == contact.c.account_id,
            ),
        )
        .outerjoin(
            permit,
            sa.and_(
                permit.c.conversation_id == conversation.c.id,
                permit.c.cycle == conversation.c.cycle,
            ),
        )
        .outerjoin(plan, plan.c.conversation_id == conversation.c.id)
    )
    return sa.select(
        *(contact.c[name] for name in CONTACT),
        *(conversation.c[name] for name in CONVERSATION),
        *(plan.c[name] for name in _PLAN),
        _PENDING,
        account.c.paused_until,
        account.c.detail,
        permit.c.id,
        permit.c.spent_at,
        _KILLED,
    ).select_from(source)


def read_standing(row: Any) -> Standing:
    """Turn a row of ``standing_query`` into a record."""
    first, second = len(CONTACT), len(CONTACT) + len(CONVERSATION)
    third = second + len(_PLAN)
    pending, paused_until, detail, permit_id, spent_at, killed = row[third:]
    return Standing(
        contact=made(ContactState, zip(CONTACT, row[:first], strict=True)),
        conversation=read_conversation(row[first:second]),
        plan=_plan(row[second:third]),
        pending_inbound=pending,
        account_paused_until=paused_until,
        account_detail=detail or {},
        permit_id=permit_id,
        permit_spent=spent_at is not None,
        kill_switch=killed > 0,
    )


def _plan(values: Sequence[Any]) -> PlanRow | None:
    return None if values[0] is None else made(PlanRow, zip(_PLAN, values, strict=True))


def read_conversation(values: Sequence[Any]) -> ConversationState:
    """Turn the columns of ``CONVERSATION`` into a record."""
    record = made(ConversationState, zip(CONVERSATION, values, strict=True))
    vars(record)["window_message_ids"] = tuple(record.window_message_ids)
    return record
