"""The one reading of the rules that planning and deciding share: where all verdicts agree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from overture.policy.facts import Facts
from overture.policy.intervals import ALWAYS, DAWN, DAY, FOREVER, TICK, Intervals, Span, later
from overture.policy.limits import Policy
from overture.policy.rules import Verdict

#: Within two days quiet hours open at least once, whatever the zone does to its clocks.
NEAR = 2 * DAY


def near(now: datetime) -> Span:
    """Return the stretch that tells whether now is allowed, and mostly when that changes."""
    return now, later(now, NEAR)


def horizon(facts: Facts, policy: Policy, now: datetime) -> Span:
    """Return a stretch beyond which nothing can be allowed: the rest of the window and some."""
    return now, later(max(now, later(facts.window_opened_at, policy.window)), NEAR)


def frame(facts: Facts, policy: Policy, now: datetime) -> Span:
    """Return the time in which an opening would count: what is left of the window, if anything."""
    end = later(facts.window_opened_at, policy.window + TICK)
    return now, end if now < end else FOREVER


def agreement(found: Iterable[Verdict]) -> Intervals:
    """Return the instants every rule allows."""
    start, end = DAWN, FOREVER
    broken: list[Intervals] = []
    for verdict in found:
        allowed = verdict.allowed
        if allowed is ALWAYS:
            continue
        if len(allowed.spans) != 1:
            broken.append(allowed)
            continue
        ((first, last),) = allowed.spans
        start = max(start, first)
        end = min(end, last)
    common = Intervals.between(start, end)
    for allowed in broken:
        common = common.intersect(allowed)
    return common


def refusing(found: Iterable[Verdict], now: datetime) -> tuple[str, ...]:
    """Return the reasons of the rules that refuse this instant."""
    return words(verdict for verdict in found if not verdict.allowed.contains(now))


def final(found: Iterable[Verdict], left: Span) -> tuple[str, ...]:
    """Return the reasons of the rules that, each for itself, allow nothing in the time left."""
    return words(
        verdict
        for verdict in found
        if verdict.allowed is not ALWAYS and not _opens(verdict.allowed, left)
    )


def conflict(found: Iterable[Verdict], left: Span) -> tuple[str, ...]:
    """Return reasons that only together leave nothing: without any one there is an opening."""
    kept = list(found)
    for verdict in tuple(kept):
        others = [other for other in kept if other is not verdict]
        if not _opens(agreement(others), left):
            kept = others
    return words(kept)


def _opens(allowed: Intervals, left: Span) -> bool:
    start, end = left
    first = allowed.first_after(start)
    return first is not None and first < end


def words(found: Iterable[Verdict]) -> tuple[str, ...]:
    """Return the stable words of these verdicts, each once, sorted."""
    return tuple(sorted({verdict.reason for verdict in found}))
