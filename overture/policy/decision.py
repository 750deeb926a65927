"""May we write now? One pure answer with its reasons, computed again at the moment of sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from overture.policy import intersection
from overture.policy.facts import Facts
from overture.policy.intervals import as_utc
from overture.policy.limits import Policy
from overture.policy.records import Outcome
from overture.policy.rules import verdicts


@dataclass(frozen=True)
class Send(Outcome):
    """Every rule allows this instant."""

    word = "send"


@dataclass(frozen=True, kw_only=True)
class Wait(Outcome):
    """Not now; from `until` on, if no fact changes, every rule allows it."""

    word = "wait"
    until: datetime

    def moment(self) -> datetime | None:
        """Return the first instant that is allowed."""
        return self.until


@dataclass(frozen=True)
class Cease(Outcome):
    """Not now and, if no fact changes, never."""

    word = "cease"


Decision = Send | Wait | Cease


def decide(facts: Facts, policy: Policy, now: datetime) -> Decision:
    """Decide whether a message may go out at this instant.

    Args:
        facts: What is known at this instant.
        policy: The limits in force.
        now: The instant of sending, aware.

    Raises:
        ValueError: `now` is naive.
    """
    now = as_utc(now)
    reasons: tuple[str, ...] = ()
    found = verdicts(facts, policy, intersection.near(now))
    opening = intersection.agreement(found).first_after(now)
    if opening is None:
        left = intersection.frame(facts, policy, now)
        reasons = intersection.final(found, left)
        if not reasons:
            found = verdicts(facts, policy, intersection.horizon(facts, policy, now))
            opening = intersection.agreement(found).first_after(now)
            reasons = intersection.conflict(found, left) if opening is None else reasons
    shared: dict[str, Any] = {
        "facts": facts,
        "at": now,
        "policy_version": policy.version,
        "verdicts": found,
    }
    if opening == now:
        return Send(**shared)
    if opening is None:
        return Cease(reasons=reasons, **shared)
    return Wait(until=opening, reasons=intersection.refusing(found, now), **shared)
