"""Random lives without a database: facts, limits and the instants at which something changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from overture.policy import Facts, Policy, QuietHours
from tests.unit.policy.strategies import ANCHORS, ZONES

MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
TICK = timedelta(microseconds=1)
_CHANNELS = ("rest", "cmdline", "messenger", "instagram", "whatsapp", "signal")


def limits(rng: Random) -> Policy:
    """Return limits an operator may set."""
    start, length = rng.randrange(1440), rng.randrange(1, 1440)
    quiet = QuietHours(start=start, end=(start + length) % 1440)
    return Policy(
        window=rng.choice([DAY, 3 * DAY, 7 * DAY, 14 * DAY, 14 * DAY]),
        min_user_messages=rng.choice([5, 5, 5, 6, 9]),
        after=rng.choice([MINUTE, HOUR, 20 * HOUR, 3 * DAY]),
        channel_margin=rng.choice([timedelta(0), 30 * MINUTE, 5 * HOUR]),
        quiet_hours=rng.choice([None, quiet, QuietHours(start=1320, end=540)]),
        min_gap=rng.choice([timedelta(0), HOUR, DAY, 3 * DAY]),
        max_per_window=rng.choice([None, None, 1, 3]),
        enabled=rng.random() > 0.02,
    )


def facts(rng: Random) -> Facts:
    """Return what is known of somebody who has written a few times, and of their troubles."""
    opened = rng.choice(ANCHORS) + rng.uniform(-2, 2) * DAY
    gaps = [rng.choice([0.001, 0.02, 0.3, 2.0]) * rng.random() for _ in range(rng.randrange(12))]
    last = opened + sum(gaps) * DAY
    known = Facts(
        conversation="x:y:z:maestro",
        channel=rng.choice(_CHANNELS),
        cycle=5 + len(gaps),
        window_opened_at=opened,
        messages_in_window=rng.choice([1 + len(gaps), 5, 6, 9, 20, 20]),
        last_message_at=last,
        last_user_action_at=last + rng.choice([timedelta(0), HOUR, 30 * HOUR]),
        timezone=rng.choice([None, *ZONES]),
        account_timezone=rng.choice([None, *ZONES]),
        region=rng.choice([None, "DE", "US-TN", "PR", "US-WA"]),
        kind=rng.choice(["follow_up", "follow_up", "reminder"]),
        birth_year=rng.choice([None, None, 1990, last.year - 18, last.year - 19]),
        template_available=rng.random() < 0.3,
        follow_ups_in_window=rng.choice([0, 0, 1, 2]),
    )
    troubles = _troubles(rng, known)
    chosen = rng.sample(sorted(troubles), rng.choice([0, 0, 0, 0, 1, 1, 2]))
    return replace(known, **{name: troubles[name] for name in chosen})


def _troubles(rng: Random, known: Facts) -> dict[str, Any]:
    def near() -> datetime:
        return known.last_message_at + rng.uniform(-3, 3) * DAY

    return {
        "last_follow_up_cycle": known.cycle - rng.choice([0, 0, 1, 2]),
        "last_follow_up_at": near(),
        "platform_window_closed_at": near(),
        "opted_out_at": near(),
        "paused_until": near(),
        "crisis_hold_since": near(),
        "takeover_since": near(),
        "takeover_until": near(),
        "kind_disabled": True,
        "birth_date": (near() - rng.choice([18, 18, 30]) * 365.25 * DAY).date(),
        "declared_minor": True,
        "persona_released": False,
        "persona_visible": False,
        "pending_inbound": 1,
        "account_paused_until": near(),
        "account_enabled": False,
        "kill_switch": True,
    }


def instants(rng: Random, known: Facts, policy: Policy, count: int) -> list[datetime]:
    """Return instants of a life, most of them where some rule changes its mind."""
    acted, last = known.last_user_action_at, known.last_message_at
    edges = [
        known.window_opened_at,
        known.window_opened_at + policy.window,
        last,
        last + policy.after,
        acted + DAY - policy.channel_margin,
        known.paused_until or last,
        known.takeover_until or last,
        known.account_paused_until or last,
        (known.last_follow_up_at or last) + policy.min_gap,
    ]
    found = []
    for _ in range(count):
        offset = rng.choice([timedelta(0), TICK, -TICK, rng.uniform(-1, 1) * DAY])
        at = rng.choice([rng.choice(edges) + offset, last + rng.random() * 2 * DAY])
        if rng.random() < 0.2:  # where a minute of the wall clock begins
            at = at.replace(second=0, microsecond=0)
        found.append(at.astimezone(timezone.utc))
    return found
