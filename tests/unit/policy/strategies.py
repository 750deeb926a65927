"""Random people, limits and moments for property tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from overture.policy import Facts, Policy, QuietHours

YEAR = timedelta(days=365.25)
#: From the westernmost to the easternmost zone, with half hours, odd shifts and a dateline.
ZONES = (
    "Etc/GMT+12",
    "Etc/GMT-14",
    "Pacific/Kiritimati",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "UTC",
)
#: Around clock changes in several zones, a leap day and the turn of a year.
ANCHORS = tuple(
    datetime(*day, 12, tzinfo=timezone.utc)
    for day in (
        (2026, 3, 8),
        (2026, 3, 29),
        (2026, 10, 25),
        (2026, 11, 1),
        (2027, 4, 4),
        (2028, 2, 29),
        (2026, 12, 31),
        (2011, 12, 30),
    )
)


def spans(least: timedelta, most: timedelta) -> st.SearchStrategy[timedelta]:
    """Return durations, whole minutes more often than odd ones."""
    minutes = st.integers(int(least.total_seconds() // 60), int(most.total_seconds() // 60))
    return st.one_of(minutes.map(lambda n: timedelta(minutes=n)), st.timedeltas(least, most))


quiet = st.builds(
    lambda start, length: QuietHours(start=start, end=(start + length) % 1440),
    st.integers(0, 1439),
    st.integers(1, 1439),
)
policies = st.builds(
    Policy,
    window=spans(timedelta(hours=1), timedelta(days=14)),
    min_user_messages=st.integers(5, 7),
    after=spans(timedelta(minutes=1), timedelta(days=3)),
    channel_margin=spans(timedelta(0), timedelta(hours=23)),
    quiet_hours=st.one_of(st.none(), quiet),
    min_gap=spans(timedelta(0), timedelta(days=2)),
    max_per_window=st.one_of(st.none(), st.integers(1, 3)),
    enabled=st.sampled_from([True] * 9 + [False]),
)


@st.composite
def people(draw: st.DrawFn) -> Facts:
    """Draw the facts of one conversation: at most three things about it are out of the ordinary."""
    opened = draw(st.sampled_from(ANCHORS)) + draw(spans(timedelta(days=-2), timedelta(days=2)))
    last = opened + draw(st.one_of(st.just(timedelta(0)), spans(timedelta(0), timedelta(days=14))))
    facts = Facts(
        conversation="x:y:z:maestro",
        channel=draw(st.sampled_from(["rest", "cmdline", "messenger", "whatsapp", "signal"])),
        cycle=5,
        window_opened_at=opened,
        messages_in_window=draw(st.sampled_from([5, 6, 7, 20])),
        last_message_at=last,
        last_user_action_at=last + draw(spans(timedelta(0), timedelta(hours=30))),
        timezone=draw(st.one_of(st.none(), st.sampled_from(ZONES))),
        account_timezone=draw(st.one_of(st.none(), st.sampled_from(ZONES))),
        region=draw(st.sampled_from([None, "DE", "US-TN", "PR", "US-WA"])),
        kind=draw(st.sampled_from(["follow_up", "reminder"])),
        birth_year=draw(st.one_of(st.none(), st.just(1990))),
        template_available=draw(st.booleans()),
        follow_ups_in_window=draw(st.integers(0, 2)),
    )
    troubles = _troubles(last)
    names = draw(st.lists(st.sampled_from(sorted(troubles)), max_size=3, unique=True))
    return replace(facts, **{name: draw(troubles[name]) for name in names})


def _troubles(last: datetime) -> dict[str, st.SearchStrategy[Any]]:
    """Return what may be out of the ordinary, most of it around the last message."""
    near = spans(timedelta(days=-3), timedelta(days=3)).map(lambda offset: last + offset)
    return {
        "messages_in_window": st.integers(0, 5),
        "last_follow_up_cycle": st.integers(3, 6),
        "last_follow_up_at": near,
        "platform_window_closed_at": near,
        "opted_out_at": near,
        "paused_until": near,
        "crisis_hold_since": near,
        "takeover_since": near,
        "takeover_until": near,
        "kind_disabled": st.booleans(),
        "birth_year": st.integers(last.year - 19, last.year - 17),
        "birth_date": st.dates(last.date() - 19 * YEAR, last.date() - 17 * YEAR),
        "declared_minor": st.booleans(),
        "persona_released": st.booleans(),
        "persona_visible": st.booleans(),
        "pending_inbound": st.integers(0, 2),
        "account_paused_until": near,
        "account_enabled": st.booleans(),
        "kill_switch": st.booleans(),
    }


@st.composite
def moments(draw: st.DrawFn, facts: Facts) -> datetime:
    """Draw an instant before, inside or after the person's window."""
    whole = spans(timedelta(days=-3), timedelta(days=17))
    soon = spans(timedelta(0), timedelta(days=2))
    last = facts.last_message_at
    return draw(st.one_of(whole.map(facts.window_opened_at.__add__), soon.map(last.__add__)))
