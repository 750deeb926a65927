"""When to write first: plan a conversation anew after anything that may change the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo

from overture.policy.facts import Facts
from overture.policy.keys import WINDOW_CEILING
from overture.policy.limits import Policy
from overture.policy.planner import NotPlanned, Plan, Planned, plan
from overture.policy.zones import zone_of
from overture.services.deployment import Deployment
from overture.services.standing import facts_of, policy_of
from overture.store.ports import Ledger
from overture.store.records import DecisionRow, FactRow, PlanRow, Standing

#: Topic of a memory that asks for a message at its time.
REMINDER = "reminder"
#: Kinds of memory that have a natural time to come back to.
_COMING = {"plan", "event"}
#: The morning after something, in the person's time.
_MORNING_AFTER = time(10, 30)
#: Nobody is written to about their plans sooner than this after they wrote last.
_BREATH = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """Say that a plan was dropped or refused, and why."""

    conversation_id: str
    at: datetime
    reasons: tuple[str, ...]


def replan(
    ledger: Ledger,
    conversation_id: str,
    now: datetime,
    deployment: Deployment,
    *,
    asked: bool = False,
) -> Withheld | None:
    """Set, move or drop the plan of a conversation.

    Args:
        asked: something has happened after which a follow-up that is owed would be planned.

    Returns:
        What was withheld: a plan that is dropped or, if this was asked, a follow-up that is
        owed and refused, unless it was refused for the same reasons the last time.
    """
    standing = ledger.people.standing(conversation_id, lock=True)
    if standing is None:
        return None
    facts = facts_of(standing, deployment, planning=True)
    if facts is None:
        return None
    memories = ledger.memory.current(conversation_id)
    since = max(now, facts.last_message_at + _BREATH)
    asked_for = _reminder(ledger, conversation_id, memories, now)
    wish = asked_for or wish_for(memories, since, zone_of(facts)[1])
    outcome = _best_plan(facts, policy_of(standing, deployment), now, wish, asked_for or now)
    if isinstance(outcome, Planned):
        _put(ledger, standing, outcome, now)
        return None
    if standing.plan is None and not (asked and outcome.owed and _is_news(ledger, outcome)):
        return None
    return _drop(ledger, standing, outcome, now)


def replan_all(
    ledger: Ledger,
    conversation_ids: Iterable[str],
    now: datetime,
    deployment: Deployment,
    *,
    asked: bool = False,
) -> list[Withheld]:
    """Plan several conversations anew; return what was withheld, as ``replan`` does."""
    found = [replan(ledger, one, now, deployment, asked=asked) for one in conversation_ids]
    return [withheld for withheld in found if withheld is not None]


def _best_plan(
    facts: Facts, policy: Policy, now: datetime, wish: datetime | None, earliest: datetime
) -> Plan:
    """Plan inside the platform's free window; by a template, which costs, only if that fails.

    Args:
        earliest: when the person wants a message that they have been promised.
    """
    if facts.template_available:
        outcome = plan(replace(facts, template_available=False), policy, now, wish)
        if isinstance(outcome, Planned) and outcome.due_at >= earliest:
            return outcome
    return plan(facts, policy, now, wish)


def _put(ledger: Ledger, standing: Standing, outcome: Planned, now: datetime) -> None:
    conversation = standing.conversation
    ledger.plans.put(
        PlanRow(
            conversation_id=conversation.id,
            cycle=conversation.cycle,
            kind="follow_up",
            due_at=outcome.due_at,
            planned_at=now,
        )
    )
    _record(ledger, standing, "planned", (), outcome.to_row(), now)


def _is_news(ledger: Ledger, refused: NotPlanned) -> bool:
    """Tell whether the last answer about the conversation was another one."""
    last = ledger.plans.decisions(refused.facts.conversation, 1)
    return not last or (last[0].outcome, last[0].reasons) != ("withheld", refused.reasons)


def _drop(ledger: Ledger, standing: Standing, refused: NotPlanned, now: datetime) -> Withheld:
    ledger.plans.drop([standing.conversation.id])
    _record(ledger, standing, "withheld", refused.reasons, refused.to_row(), now)
    return Withheld(conversation_id=standing.conversation.id, at=now, reasons=refused.reasons)


def _record(
    ledger: Ledger,
    standing: Standing,
    outcome: str,
    reasons: Sequence[str],
    record: dict[str, object],
    now: datetime,
) -> None:
    ledger.plans.record(
        [
            DecisionRow(
                conversation_id=standing.conversation.id,
                cycle=standing.conversation.cycle,
                at=now,
                stage="plan",
                outcome=outcome,
                reasons=tuple(reasons),
                record=record,
            )
        ]
    )


def _reminder(
    ledger: Ledger, conversation_id: str, memories: Iterable[FactRow], now: datetime
) -> datetime | None:
    """Return when the person wants to be reminded next; at once, if limits have put it off."""
    asked = [
        one
        for one in memories
        if one.topic == REMINDER and one.when and (one.valid_until is None or now < one.valid_until)
    ]
    given = ledger.outbox.spoken_of(conversation_id) if asked else set()
    wishes = [datetime.fromisoformat(one.when) for one in asked if one.when and one.id not in given]
    return max(now, min(wishes)) if wishes else None


def wish_for(memories: Iterable[FactRow], since: datetime, zone: tzinfo) -> datetime | None:
    """Return the morning after the next thing the person has planned, if any.

    What is "next week" is over when that week is.

    Args:
        since: mornings before it are past, or so near that the talk has hardly ended.
        zone: zone of the person.
    """
    last = (since + WINDOW_CEILING).astimezone(zone).date()
    mornings = []
    for memory in memories:
        if memory.kind in _COMING and memory.when and not memory.sensitive:
            day = datetime.fromisoformat((memory.until or memory.when)[:10]).date()
            if day <= last:
                morning = datetime.combine(day + timedelta(days=1), _MORNING_AFTER, zone)
                mornings.append(morning)
    return min((morning for morning in mornings if morning >= since), default=None)
