"""Plans, permits and decisions in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.policy.channels import CHANNEL_WINDOWS, TEMPLATE_CHANNELS
from overture.policy.records import read
from overture.store.records import DecisionRow, PlanRow, Standing
from overture.store.schema import contact, conversation, decision, permit, plan
from overture.store.sql.dialect import among, insert_many, upsert
from overture.store.sql.prepared import Prepared
from overture.store.sql.standing import read_standing, standing_query

_DECISION = [field.name for field in fields(DecisionRow)]
# Rows that another dispatcher is claiming are passed over, not waited for.
_DUE = Prepared(
    standing_query()
    .where(plan.c.claimable_at <= sa.bindparam("p_now"))
    .order_by(plan.c.claimable_at)
    .limit(sa.bindparam("p_limit"))
    .with_for_update(of=[plan, conversation], skip_locked=True)
)
_LEASE = Prepared(
    sa.update(plan)
    .where(among(plan.c.conversation_id, "p_ids"))
    .values(
        claimable_at=sa.bindparam("p_until"),
        lease_owner=sa.bindparam("p_owner"),
        attempts=plan.c.attempts + 1,
    )
)
_OF_THESE = among(plan.c.conversation_id, "p_ids")
_PLANNED = Prepared(sa.select(plan.c.conversation_id).where(_OF_THESE))
_DROP = Prepared(sa.delete(plan).where(_OF_THESE))
_SPEND = Prepared(
    sa.update(permit)
    .where(
        among(permit.c.id, "p_ids"),
        permit.c.spent_at.is_(None),
    )
    .values(spent_at=sa.bindparam("p_now"))
)
_SENT = Prepared(
    sa.update(conversation)
    .where(among(conversation.c.id, "p_ids"))
    .values(
        last_follow_up_at=sa.bindparam("p_now"),
        last_follow_up_cycle=conversation.c.cycle,
        follow_ups_in_window=conversation.c.follow_ups_in_window + 1,
    )
)
#: Channels on which somebody may be written to who has been silent for a day.
_OPEN_AFTER_A_DAY = sorted(
    TEMPLATE_CHANNELS | {name for name, window in CHANNEL_WINDOWS.items() if window is None}
)
_ALL = sa.select(*(decision.c[name] for name in _DECISION)).order_by(decision.c.id.desc())
_THEIRS = _ALL.where(decision.c.conversation_id == sa.bindparam("p_id"))
_DECISIONS = Prepared(_THEIRS.limit(sa.bindparam("p_limit")))
_LAST_SENT = Prepared(_THEIRS.where(decision.c.outcome == "sent").limit(1))
_ISSUED = ("conversation_id", "cycle", "kind", "issued_at")
_RECORDED = ("conversation_id", "cycle", "at", "stage", "outcome", "reasons", "record")


class SqlPlans:
    """Implement ``overture.store.ports.Plans``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, new: PlanRow) -> None:
        """Set the plan of a conversation, in place of an older one."""
        values = vars(new) | {"claimable_at": new.due_at, "lease_owner": None}
        upsert(self._connection, plan, values)

    def drop(self, conversation_ids: Sequence[str]) -> None:
        """Take plans away."""
        if conversation_ids:
            _DROP.run(self._connection, {"p_ids": list(conversation_ids)})

    def planned(self, conversation_ids: Sequence[str]) -> set[str]:
        """Return those of these conversations that have a plan."""
        rows = _PLANNED.all(self._connection, {"p_ids": list(conversation_ids)})
        return {found for (found,) in rows}

    def claim(self, now: datetime, limit: int, owner: str, lease_until: datetime) -> list[Standing]:
        """Claim due plans, oldest first; nobody else gets them until the lease runs out."""
        rows = _DUE.all(self._connection, {"p_now": now, "p_limit": limit})
        due = [read_standing(row) for row in rows]
        if due:
            ids = [standing.conversation.id for standing in due]
            given = {"p_ids": ids, "p_until": lease_until, "p_owner": owner}
            _LEASE.run(self._connection, given)
        return due

    def owners(self) -> set[str]:
        """Return the dispatchers that hold claims."""
        query = sa.select(plan.c.lease_owner).where(plan.c.lease_owner.is_not(None)).distinct()
        return {owner for (owner,) in self._connection.execute(query)}

    def release(self, owners_gone: Sequence[str], now: datetime) -> int:
        """Make the claims of processes that are gone claimable at once; return how many."""
        result = self._connection.execute(
            sa.update(plan)
            .where(plan.c.lease_owner.in_(list(owners_gone)))
            .values(lease_owner=None, claimable_at=now)
        )
        return int(result.rowcount)

    def next_due(self) -> datetime | None:
        """Return when the next plan can be claimed."""
        return self._connection.execute(sa.select(sa.func.min(plan.c.claimable_at))).scalar()

    def unplanned(
        self,
        *,
        opened_since: datetime,
        acted_since: datetime,
        messages: int,
        after: str,
        limit: int,
        planned_too: bool = False,
    ) -> list[str]:
        """Return conversations that might be owed a follow-up and have no plan."""
        answers = conversation.c.last_follow_up_cycle
        # A plan that is worked on has an owner; no plan has none either.
        chosen = plan.c.lease_owner if planned_too else plan.c.conversation_id
        query = (
            sa.select(conversation.c.id)
            .join(contact, contact.c.id == conversation.c.contact_id)
            .outerjoin(plan, plan.c.conversation_id == conversation.c.id)
            .where(
                chosen.is_(None),
                conversation.c.id > after,
                conversation.c.window_opened_at >= opened_since,
                sa.or_(
                    contact.c.channel.in_(_OPEN_AFTER_A_DAY),
                    sa.func.coalesce(contact.c.last_action_at, conversation.c.last_message_at)
                    >= acted_since,
                ),
                conversation.c.messages_in_window >= messages,
                sa.or_(answers.is_(None), answers < conversation.c.cycle),
                sa.or_(
                    conversation.c.takeover_since.is_(None),
                    conversation.c.takeover_until.is_not(None),
                ),
                conversation.c.human_asked_at.is_(None),
                contact.c.opted_out_at.is_(None),
                contact.c.crisis_hold_since.is_(None),
                contact.c.declared_minor.is_(False),
            )
            .order_by(conversation.c.id)
            .limit(limit)
        )
        return [found for (found,) in self._connection.execute(query)]

    def issue(self, standings: Sequence[Standing], now: datetime) -> None:
        """Issue the permit of each conversation's present cycle, unless there is one."""
        rows = [
            (
                standing.conversation.id,
                standing.conversation.cycle,
                standing.plan.kind if standing.plan else "follow_up",
                now,
            )
            for standing in standings
            if standing.permit_id is None
        ]
        insert_many(self._connection, permit, _ISSUED, rows, only_new=True)

    def spend(self, permit_ids: Sequence[int], now: datetime) -> None:
        """Spend permits.

        Raises:
            ValueError: one of them is not there or was spent before.
        """
        spent = _SPEND.run(self._connection, {"p_ids": list(permit_ids), "p_now": now})
        if spent != len(set(permit_ids)):
            raise ValueError(f"a permit of {list(permit_ids)} is not there to be spent")

    def note_sent(self, conversation_ids: Sequence[str], now: datetime) -> None:
        """Note in the conversations that their follow-up of this cycle went out."""
        _SENT.run(self._connection, {"p_ids": list(conversation_ids), "p_now": now})

    def record(self, decisions: Sequence[DecisionRow]) -> None:
        """Keep answers of the gate."""
        rows = [
            (
                row.conversation_id,
                row.cycle,
                row.at,
                row.stage,
                row.outcome,
                list(row.reasons),
                row.record,
            )
            for row in decisions
        ]
        insert_many(self._connection, decision, _RECORDED, rows)

    def decisions(self, conversation_id: str, limit: int = 20) -> list[DecisionRow]:
        """Return the latest answers about a conversation, newest first."""
        given = {"p_id": conversation_id, "p_limit": limit}
        return [_decision(row) for row in _DECISIONS.all(self._connection, given)]

    def last_sent(self, conversation_id: str) -> DecisionRow | None:
        """Return the answer that let the last follow-up go, while it is kept."""
        row = _LAST_SENT.first(self._connection, {"p_id": conversation_id})
        return None if row is None else _decision(row)

    def prune(self, before: datetime) -> int:
        """Delete answers older than an instant; return how many."""
        result = self._connection.execute(sa.delete(decision).where(decision.c.at < before))
        return int(result.rowcount)


def _decision(row: Sequence[Any]) -> DecisionRow:
    values = dict(zip(_DECISION, row, strict=True))
    values["reasons"] = tuple(values["reasons"])
    values["record"] = read(values["record"])
    return DecisionRow(**values)
