"""Facts for tests: a person to whom a follow-up is allowed, unless a test says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from overture.policy import Facts, Policy, Verdict, verdicts

#: Noon UTC on a Sunday: the time of the last message, far from the quiet hours of UTC.
NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)

#: Limits without quiet hours and margin, so that other rules show alone.
OPEN = Policy(quiet_hours=None, channel_margin=timedelta(0))


def make_facts(**overrides: Any) -> Facts:
    """Return facts that allow a follow-up from noon on, changed where the test says so."""
    given: dict[str, Any] = {
        "conversation": "rest:demo:u1:maestro",
        "channel": "rest",
        "cycle": 5,
        "window_opened_at": NOON - HOUR,
        "messages_in_window": 5,
        "window_message_ids": ("m1", "m2", "m3", "m4", "m5"),
        "last_message_at": NOON,
        "last_user_action_at": NOON,
    }
    return Facts(**{**given, **overrides})


def limits(**overrides: Any) -> Policy:
    """Return open limits, changed where the test says so."""
    return replace(OPEN, **overrides)


def utc(*parts: int) -> datetime:
    """Return an instant in UTC from year, month, day, ..."""
    return datetime(*parts, tzinfo=timezone.utc)  # type: ignore[arg-type,misc]


def verdict(rule: str, policy: Policy = OPEN, **facts: Any) -> Verdict:
    """Return what one rule says about the time around noon."""
    found = verdicts(make_facts(**facts), policy, (NOON, NOON + 2 * DAY))
    return next(one for one in found if one.rule == rule)
