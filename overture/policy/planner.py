"""When shall we write? The best instant of the same intersection that decides whether we may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from overture.policy import intersection
from overture.policy.facts import Facts
from overture.policy.intervals import Intervals, as_utc, later
from overture.policy.limits import Policy
from overture.policy.records import Outcome
from overture.policy.rules import verdicts

#: Room left for the dispatcher when a plan has to move to before the end of what is allowed.
HEADROOM = timedelta(minutes=1)
#: Reasons that mean no follow-up is owed: there is nothing that could be withheld.
_NOTHING_OWED = frozenset({"too_few_messages", "unanswered"})


@dataclass(frozen=True, kw_only=True)
class Planned(Outcome):
    """A follow-up is due at `due_at`, an instant that every rule allows."""

    word = "planned"
    due_at: datetime
    #: Whether `due_at` is the wish itself and not only near it.
    as_wished: bool

    def moment(self) -> datetime | None:
        """Return the due time."""
        return self.due_at


@dataclass(frozen=True)
class NotPlanned(Outcome):
    """No instant from now on is allowed."""

    word = "not_planned"

    @property
    def owed(self) -> bool:
        """Whether the person has earned a follow-up that is now withheld."""
        return _NOTHING_OWED.isdisjoint(self.reasons)


Plan = Planned | NotPlanned


def plan(facts: Facts, policy: Policy, now: datetime, wish: datetime | None = None) -> Plan:
    """Pick the best allowed instant from now on.

    That is the first one at or after the wish; where the wish is past or out of reach, the first
    at or after `policy.after` from the last message; failing that too, the latest before it.

    Args:
        facts: What is known now.
        policy: The limits in force.
        now: The present instant, aware.
        wish: When a remembered plan, or the person, makes it natural to write; aware.

    Raises:
        ValueError: `now` or `wish` is naive.
    """
    now = as_utc(now)
    wish = as_utc(wish) if wish else None
    found = verdicts(facts, policy, intersection.horizon(facts, policy, now))
    due = _best(intersection.agreement(found), facts, policy, now, wish)
    if due is None:
        left = intersection.frame(facts, policy, now)
        reasons = intersection.final(found, left) or intersection.conflict(found, left)
        return NotPlanned(
            facts=facts, at=now, policy_version=policy.version, verdicts=found, reasons=reasons
        )
    return Planned(
        facts=facts,
        at=now,
        policy_version=policy.version,
        verdicts=found,
        due_at=due,
        as_wished=due == wish,
    )


def _best(
    allowed: Intervals, facts: Facts, policy: Policy, now: datetime, wish: datetime | None
) -> datetime | None:
    """Return the instant to write at, or None when nothing is allowed from now on."""
    if wish is not None and wish >= now:
        due = allowed.first_after(wish)
        if due is not None:
            return due
    preferred = max(now, later(facts.last_message_at, policy.after))
    return allowed.first_after(preferred) or _before(allowed, preferred, now)


def _before(allowed: Intervals, preferred: datetime, now: datetime) -> datetime | None:
    """Return a late instant before the preferred one, with headroom where there is room for it."""
    span = allowed.last_span_before(preferred)
    if span is None or span[1] <= now:
        return None
    return max(now, span[0], (span[1] - HEADROOM).replace(microsecond=0))
