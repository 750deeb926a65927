"""Lists, transcripts and counts for reviewers in SQL: pages by key, each from an index."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from overture.store.reviewing import (
    DayCount,
    FollowUp,
    Heard,
    Listing,
    Mark,
    Place,
    Refusal,
    Said,
)
from overture.store.schema import (
    contact_alias,
    conversation,
    decision,
    fact,
    inbound,
    outbound,
    permit,
)
from overture.store.sql.orders import WITHHELD, listing
from overture.store.sql.saying import (
    HEARD,
    HEARD_AS,
    LATEST_HEARD,
    LATEST_SAID,
    SAID,
    TOLD,
    heard_as,
    heard_of,
    said_of,
    told_of,
)

#: Microseconds of a day, as instants are stored.
_DAY = 86_400_000_000
#: Most follow-ups that are counted.
_COUNTED = 20_000
#: Messages of each side that one search looks at.
SEARCHED = 20_000


class SqlReview:
    """Implement ``overture.store.ports.Review``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def conversations(self, asked: Listing, now: datetime) -> list[Place]:
        """Return one page of a list of conversations."""
        rows = self._connection.execute(listing(asked, now))
        return [Place(at=at, conversation_id=number) for at, number in rows]

    def known_as(self, text: str, accounts: Collection[tuple[str, str]]) -> list[str]:
        """Return the conversations of the person with this id, in any of these accounts."""
        if text.count(":") in (2, 3):
            contacts = [":".join(text.split(":")[:3])]
        else:
            contacts = [f"{channel}:{account}:{text}" for channel, account in accounts]
            contacts += self._aliases(text, accounts)
        query = sa.select(conversation.c.id).where(conversation.c.contact_id.in_(contacts))
        return [found for (found,) in self._connection.execute(query.order_by(conversation.c.id))]

    def _aliases(self, alias: str, accounts: Collection[tuple[str, str]]) -> list[str]:
        on_each = [
            sa.and_(contact_alias.c.channel == channel, contact_alias.c.account_id == account)
            for channel, account in accounts
        ]
        query = sa.select(contact_alias.c.contact_id).where(
            contact_alias.c.alias == alias, sa.or_(sa.false(), *on_each)
        )
        return [found for (found,) in self._connection.execute(query)]

    def search(self, words: str, before: Mark | None, limit: int) -> tuple[list[Said], Mark]:
        """Return messages with these words, newest first, and how far back they were read."""
        start = before or Mark(heard=self._newest(inbound), said=self._newest(outbound))
        end = Mark(
            heard=self._stretch(inbound, start.heard), said=self._stretch(outbound, start.said)
        )
        has = _has(inbound.c.text, words) | _has(inbound.c.user_id, words)
        heard = HEARD.where(
            _within(inbound, start.heard, end.heard), inbound.c.conversation_id.is_not(None), has
        )
        said = SAID.where(_within(outbound, start.said, end.said), _has(outbound.c.text, words))
        theirs = [heard_of(row) for row in self._newest_of(heard, inbound, limit)]
        ours = [said_of(row) for row in self._newest_of(said, outbound, limit)]
        reached = Mark(
            heard=_reached(theirs, end.heard, limit), said=_reached(ours, end.said, limit)
        )
        return sorted(theirs + ours, key=lambda one: one.at, reverse=True), reached

    def _newest(self, table: sa.Table) -> int:
        return int(self._connection.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0)

    def _stretch(self, table: sa.Table, start: int) -> int:
        """Return where the stretch of messages ends that one search looks at; 0 at the oldest."""
        oldest = self._connection.execute(sa.select(sa.func.min(table.c.id))).scalar() or 0
        return start - SEARCHED if start - SEARCHED >= oldest else 0

    def _newest_of(self, query: Select, table: sa.Table, limit: int) -> list[Any]:
        return list(self._connection.execute(query.order_by(table.c.id.desc()).limit(limit)))

    def transcript(
        self, conversation_id: str, before: Mark | None, limit: int
    ) -> tuple[list[Said], Mark | None]:
        """Return messages of both sides, oldest first, and where earlier ones begin."""
        heard = HEARD.where(inbound.c.conversation_id == conversation_id)
        said = SAID.where(outbound.c.conversation_id == conversation_id)
        if before is not None:
            heard = heard.where(inbound.c.id < before.heard)
            said = said.where(outbound.c.id < before.said)
        theirs = [heard_of(row) for row in self._newest_of(heard, inbound, limit + 1)]
        ours = [said_of(row) for row in self._newest_of(said, outbound, limit + 1)]
        lines = sorted(theirs + ours, key=lambda one: (one.at, one.by != "person"))
        return lines[-limit:], _earlier(lines, limit, before)

    def told(self, conversation_id: str, before: int | None, limit: int) -> list[Said]:
        """Return what both sides said by Rasa's own history, oldest first."""
        query = TOLD.where(TOLD.selected_columns.sender_id == conversation_id)
        if before is not None:
            query = query.where(TOLD.selected_columns.id < before)
        rows = self._connection.execute(query.limit(limit))
        return [told_of(row) for row in rows][::-1]

    def last_words(self, conversation_ids: Sequence[str]) -> dict[str, Said]:
        """Return the newest message of each conversation."""
        ids = {"p_ids": list(conversation_ids)}
        found = [heard_of(row) for row in self._connection.execute(LATEST_HEARD, ids)]
        found += [said_of(row) for row in self._connection.execute(LATEST_SAID, ids)]
        found.sort(key=lambda one: (one.at, one.by != "person"))
        return {one.conversation_id: one for one in found}

    def heard_as(self, conversation_id: str, limit: int) -> dict[str, Heard]:
        """Return what the newest messages of a conversation were taken for, by message."""
        query = HEARD_AS.where(HEARD_AS.selected_columns.sender_id == conversation_id)
        found = [heard_as(row) for row in self._connection.execute(query.limit(limit))]
        return dict(one for one in found if one is not None)

    def names(self, conversation_ids: Sequence[str]) -> dict[str, str]:
        """Return the names people told, by conversation."""
        query = sa.select(fact.c.conversation_id, fact.c.value).where(
            fact.c.conversation_id.in_(list(conversation_ids)),
            fact.c.kind == "name",
            fact.c.superseded_at.is_(None),
        )
        return {row.conversation_id: row.value for row in self._connection.execute(query)}

    def follow_ups(self, before: int | None, limit: int) -> list[FollowUp]:
        """Return follow-ups that went out, newest first."""
        query = (
            SAID.add_columns(permit.c.id, conversation.c.cycle > permit.c.cycle)
            .select_from(_FOLLOWED)
            .where(outbound.c.permit_id.is_not(None))
            .order_by(outbound.c.permit_id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(outbound.c.permit_id < before)
        return [
            FollowUp(permit_id=row[-2], message=said_of(row[:-2]), answered=bool(row[-1]))
            for row in self._connection.execute(query)
        ]

    def by_day(self, since: datetime) -> list[DayCount]:
        """Count by day what went out, answered and not, and what was withheld, by its reasons."""
        return self._sent_by_day(since) + self._withheld_by_day(since)

    def _sent_by_day(self, since: datetime) -> list[DayCount]:
        newest = (
            sa.select(outbound.c.permit_id, outbound.c.conversation_id, outbound.c.created_at)
            .where(outbound.c.permit_id.is_not(None))
            .order_by(outbound.c.permit_id.desc())
            .limit(_COUNTED)
            .subquery()
        )
        answered: Any = sa.case(
            (conversation.c.cycle > permit.c.cycle, "answered"), else_="unanswered"
        )
        day = sa.type_coerce(newest.c.created_at, sa.BigInteger) / _DAY
        query = (
            sa.select(day, answered, sa.func.count())
            .select_from(
                newest.join(permit, permit.c.id == newest.c.permit_id).join(
                    conversation, conversation.c.id == newest.c.conversation_id
                )
            )
            .where(newest.c.created_at >= since)
            .group_by(sa.text("1"), sa.text("2"))
        )
        rows = self._connection.execute(query)
        return [DayCount(day=day, what=what, count=count) for day, what, count in rows]

    def withheld(self, after: Refusal | None, limit: int) -> list[Refusal]:
        """Return follow-ups that were withheld, newest first."""
        columns = [decision.c[name] for name in ("id", "at", "conversation_id", "reasons")]
        query = sa.select(*columns).where(WITHHELD)
        if after is not None:
            at, number = decision.c.at, decision.c.id
            query = query.where(at <= after.at, (at < after.at) | (number < after.number))
        query = query.order_by(decision.c.at.desc(), decision.c.id.desc()).limit(limit)
        return [
            Refusal(number=number, at=at, conversation_id=told, reasons=tuple(reasons))
            for number, at, told, reasons in self._connection.execute(query)
        ]

    def _withheld_by_day(self, since: datetime) -> list[DayCount]:
        day = sa.type_coerce(decision.c.at, sa.BigInteger) / _DAY
        query = (
            sa.select(day, sa.cast(decision.c.reasons, sa.Text), sa.func.count())
            .where(WITHHELD, decision.c.at >= since)
            .group_by(sa.text("1"), sa.text("2"))
        )
        rows = self._connection.execute(query)
        return [
            DayCount(day=day, what="withheld", reasons=tuple(json.loads(text)), count=n)
            for day, text, n in rows
        ]


_FOLLOWED = outbound.join(permit, permit.c.id == outbound.c.permit_id).join(
    conversation, conversation.c.id == outbound.c.conversation_id
)


def _within(table: sa.Table, newest: int, oldest: int) -> Any:
    return sa.and_(table.c.id <= newest, table.c.id > oldest)


def _has(column: sa.Column[Any], words: str) -> Any:
    pattern = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.ilike(f"%{pattern}%", escape="\\")


def _reached(found: Sequence[Said], end: int, limit: int) -> int:
    """Return where to go on: behind the last one found if there may be more before the end."""
    return found[-1].number - 1 if len(found) == limit else end


def _earlier(lines: Sequence[Said], limit: int, before: Mark | None) -> Mark | None:
    """Return the mark under which the lines that are not shown lie; None if there are none."""
    if len(lines) <= limit:
        return None
    shown = lines[-limit:]
    heard = [one.number for one in shown if one.by == "person"]
    said = [one.number for one in shown if one.by != "person"]
    top = before or Mark(heard=_ALL, said=_ALL)
    return Mark(heard=min(heard, default=top.heard), said=min(said, default=top.said))


#: Above every number of a row.
_ALL = 2**62
