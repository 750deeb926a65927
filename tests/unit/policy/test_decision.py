"""A decision sends, waits or ceases, with the reasons that stand in the way."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from overture.policy import Cease, Policy, QuietHours, Send, Wait, decide
from tests.unit.policy.factories import DAY, HOUR, NOON, OPEN, TICK, limits, make_facts, utc


def test_where_every_rule_agrees_it_sends() -> None:
    decision = decide(make_facts(), OPEN, NOON)
    assert isinstance(decision, Send)
    assert decision.reasons == ()
    assert decision.moment() is None
    assert decision.at == NOON
    assert decision.policy_version == OPEN.version


@pytest.mark.parametrize(
    ("policy", "facts", "until", "reasons"),
    [
        (OPEN, {"paused_until": NOON + HOUR}, NOON + HOUR, ("paused",)),
        (
            OPEN,
            {"paused_until": NOON + HOUR, "account_paused_until": NOON + 2 * HOUR},
            NOON + 2 * HOUR,
            ("disabled", "paused"),
        ),
        # the wait ends when quiet hours do, after the pause
        (
            Policy(),
            {"paused_until": utc(2026, 3, 1, 23)},
            utc(2026, 3, 2, 9),
            ("paused",),
        ),
        # further away than quiet hours are computed at first
        (Policy(), {"paused_until": NOON + 5 * DAY}, NOON + 5 * DAY, ("paused",)),
        (
            Policy(),
            {"paused_until": utc(2026, 3, 9, 3)},
            utc(2026, 3, 9, 9),
            ("paused",),
        ),
        # the clock has jumped back: nothing is open before the messages were written
        (OPEN, {"last_message_at": NOON + HOUR}, NOON + HOUR, ("too_few_messages",)),
        (
            Policy(),
            {
                "window_opened_at": NOON + 400 * DAY,
                "last_message_at": NOON + 400 * DAY,
                "last_user_action_at": NOON + 400 * DAY,
            },
            NOON + 400 * DAY,
            ("too_few_messages", "window_closed"),
        ),
        # an adult tomorrow
        (
            OPEN,
            {"birth_date": utc(2008, 3, 2).date()},
            utc(2026, 3, 2),
            ("minor",),
        ),
    ],
)
def test_what_opens_later_is_waited_for(
    policy: Policy, facts: dict[str, Any], until: datetime, reasons: tuple[str, ...]
) -> None:
    decision = decide(make_facts(**facts), policy, NOON)
    assert isinstance(decision, Wait)
    assert (decision.until, decision.reasons) == (until, reasons)
    assert decision.moment() == until
    assert isinstance(decide(make_facts(**facts), policy, until), Send)
    assert isinstance(decide(make_facts(**facts), policy, until - TICK), Wait)


@pytest.mark.parametrize(
    ("policy", "facts", "now", "reasons"),
    [
        (OPEN, {"opted_out_at": NOON}, NOON, ("opted_out",)),
        # several reasons, each final, sorted; the night does not matter to them
        (
            Policy(),
            {"opted_out_at": NOON, "crisis_hold_since": NOON},
            utc(2026, 3, 2, 3),
            ("crisis_hold", "opted_out"),
        ),
        # two rules of one word count once
        (limits(enabled=False), {"account_enabled": False}, NOON, ("disabled",)),
        (OPEN, {}, NOON + 14 * DAY, ("window_closed",)),
        # the window ends in the night, and so before the morning
        (
            Policy(),
            {"window_opened_at": utc(2026, 2, 15, 23)},
            utc(2026, 3, 1, 22),
            ("quiet_hours",),
        ),
        # the channel closes in the night; the window is not to blame
        (
            Policy(),
            {"channel": "messenger", "last_user_action_at": utc(2026, 3, 1, 3)},
            utc(2026, 3, 1, 23),
            ("channel_window", "quiet_hours"),
        ),
        # a gap that outlasts the window; quiet hours are not to blame
        (
            Policy(min_gap=timedelta(days=30)),
            {"last_follow_up_at": NOON - DAY, "last_follow_up_cycle": 1},
            NOON,
            ("gap",),
        ),
        (
            OPEN,
            {"channel": "messenger", "paused_until": NOON + 2 * DAY},
            NOON,
            ("channel_window", "paused"),
        ),
        # a minor beyond the end of the window, whatever comes years later
        (OPEN, {"birth_year": 2010, "account_enabled": False}, NOON, ("disabled", "minor")),
        # a gap that ends in the last night of the window
        (
            Policy(),
            {
                "window_opened_at": utc(2026, 2, 15, 23),
                "last_follow_up_at": utc(2026, 2, 28, 22, 30),
                "last_follow_up_cycle": 1,
            },
            NOON,
            ("gap", "quiet_hours"),
        ),
        # at the last instant of the window it is still open, and so not to blame
        (
            OPEN,
            {"window_opened_at": NOON - 14 * DAY, "paused_until": NOON + HOUR},
            NOON,
            ("paused",),
        ),
        # a tick after it nothing but the window is to blame
        (OPEN, {"window_opened_at": NOON - 14 * DAY - TICK}, NOON, ("window_closed",)),
        # a pause that ends a tick after the window
        (
            OPEN,
            {"window_opened_at": NOON + HOUR - 14 * DAY, "paused_until": NOON + HOUR + TICK},
            NOON,
            ("paused",),
        ),
        # long after: what is closed for good
        (
            OPEN,
            {"channel": "messenger", "paused_until": NOON + 40 * DAY},
            NOON + 30 * DAY,
            ("channel_window", "window_closed"),
        ),
    ],
)
def test_what_never_opens_again_ceases_with_the_reasons_that_are_needed(
    policy: Policy, facts: dict[str, Any], now: datetime, reasons: tuple[str, ...]
) -> None:
    decision = decide(make_facts(**facts), policy, now)
    assert isinstance(decision, Cease)
    assert decision.reasons == reasons
    assert decision.moment() is None


def test_now_may_be_in_any_zone_but_not_naive() -> None:
    local = NOON.astimezone(timezone(timedelta(hours=-12)))
    assert decide(make_facts(), OPEN, local).at == NOON
    with pytest.raises(ValueError, match="naive datetime refused"):
        decide(make_facts(), OPEN, datetime(2026, 3, 1))  # noqa: DTZ001 - the point


def test_the_platform_margin_is_part_of_the_rule() -> None:
    facts, policy = make_facts(channel="messenger"), limits(channel_margin=HOUR)
    assert isinstance(decide(facts, policy, NOON + 23 * HOUR - TICK), Send)
    assert isinstance(decide(facts, policy, NOON + 23 * HOUR), Cease)


def test_a_day_of_twenty_five_hours_is_waited_through() -> None:
    """Open for one minute a day: in Berlin the next one is 24 hours and 59 minutes away."""
    policy = Policy(quiet_hours=QuietHours.parse("09:01-09:00"))
    opened, now = utc(2026, 10, 23), utc(2026, 10, 24, 7, 1)
    facts = make_facts(window_opened_at=opened, last_message_at=opened, timezone="Europe/Berlin")
    decision = decide(facts, policy, now)
    assert isinstance(decision, Wait)
    assert decision.until == utc(2026, 10, 25, 8)
