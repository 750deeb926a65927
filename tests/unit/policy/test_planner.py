"""A plan is the most natural of the allowed instants."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from overture.policy import NotPlanned, Planned, Policy, plan
from tests.unit.policy.factories import DAY, HOUR, NOON, OPEN, TICK, limits, make_facts, utc

AFTER = limits(after=20 * HOUR)


@pytest.mark.parametrize(
    ("policy", "facts", "now", "due"),
    [
        # the preferred delay after the last message
        (AFTER, {}, NOON, NOON + 20 * HOUR),
        # its time has passed: at once
        (AFTER, {}, NOON + 30 * HOUR, NOON + 30 * HOUR),
        # in quiet hours: when they end
        (Policy(after=timedelta(hours=12)), {}, NOON, utc(2026, 3, 2, 9)),
        # the start of quiet hours is quiet, their end is not
        (Policy(after=timedelta(hours=10)), {}, NOON, utc(2026, 3, 2, 9)),
        (Policy(after=timedelta(hours=21)), {}, NOON, utc(2026, 3, 2, 9)),
        # the last instant of the window is inside
        (AFTER, {"window_opened_at": NOON + 20 * HOUR - 14 * DAY}, NOON, NOON + 20 * HOUR),
        # a microsecond less of window: earlier, with a minute of headroom
        (
            AFTER,
            {"window_opened_at": NOON + 20 * HOUR - 14 * DAY - TICK},
            NOON,
            NOON + 20 * HOUR - timedelta(minutes=1),
        ),
        # beyond the channel's window: a minute before the margin begins
        (
            limits(after=30 * HOUR, channel_margin=HOUR),
            {"channel": "messenger"},
            NOON,
            NOON + 23 * HOUR - timedelta(minutes=1),
        ),
        # the channel closes in the night: before the night
        (
            Policy(),
            {
                "channel": "messenger",
                "last_message_at": utc(2026, 3, 1, 3),
                "last_user_action_at": utc(2026, 3, 1, 3),
            },
            utc(2026, 3, 1, 3),
            utc(2026, 3, 1, 21, 59),
        ),
        # less than a minute is left: its start
        (
            limits(after=30 * HOUR, channel_margin=HOUR),
            {"channel": "messenger", "paused_until": NOON + 23 * HOUR - timedelta(seconds=20)},
            NOON,
            NOON + 23 * HOUR - timedelta(seconds=20),
        ),
        # less than a minute is left of it now: now
        (
            limits(after=30 * HOUR, channel_margin=HOUR),
            {"channel": "messenger"},
            NOON + 23 * HOUR - timedelta(seconds=5),
            NOON + 23 * HOUR - timedelta(seconds=5),
        ),
        # after a pause
        (AFTER, {"paused_until": NOON + 3 * DAY}, NOON, NOON + 3 * DAY),
    ],
)
def test_a_plan_is_near_the_preferred_instant(
    policy: Policy, facts: dict[str, Any], now: datetime, due: datetime
) -> None:
    planned = plan(make_facts(**facts), policy, now)
    assert isinstance(planned, Planned)
    assert planned.due_at == due
    assert planned.moment() == due
    assert not planned.as_wished
    assert (planned.at, planned.policy_version, planned.reasons) == (now, policy.version, ())


@pytest.mark.parametrize(
    ("policy", "facts", "wish", "due", "as_wished"),
    [
        (AFTER, {}, NOON + 3 * DAY, NOON + 3 * DAY, True),
        (AFTER, {}, NOON, NOON, True),
        # in quiet hours: when they end
        (Policy(), {}, utc(2026, 3, 7, 3), utc(2026, 3, 7, 9), False),
        # past: as if there were none
        (AFTER, {}, NOON - TICK, NOON + 20 * HOUR, False),
        # out of reach of the channel: as if there were none
        (AFTER, {"channel": "messenger"}, NOON + 3 * DAY, NOON + 20 * HOUR, False),
        # out of the window
        (AFTER, {}, NOON + 20 * DAY, NOON + 20 * HOUR, False),
    ],
)
def test_a_wish_moves_the_plan_but_never_past_a_limit(
    policy: Policy, facts: dict[str, Any], wish: datetime, due: datetime, as_wished: bool
) -> None:
    planned = plan(make_facts(**facts), policy, NOON, wish)
    assert isinstance(planned, Planned)
    assert (planned.due_at, planned.as_wished) == (due, as_wished)


@pytest.mark.parametrize(
    ("policy", "facts", "reasons", "owed"),
    [
        (OPEN, {"messages_in_window": 4}, ("too_few_messages",), False),
        (OPEN, {"last_follow_up_cycle": 5}, ("unanswered",), False),
        (
            OPEN,
            {"messages_in_window": 4, "opted_out_at": NOON},
            ("opted_out", "too_few_messages"),
            False,
        ),
        (OPEN, {"opted_out_at": NOON}, ("opted_out",), True),
        (
            OPEN,
            {"channel": "messenger", "paused_until": NOON + 2 * DAY},
            ("channel_window", "paused"),
            True,
        ),
        (OPEN, {"window_opened_at": NOON - 15 * DAY}, ("window_closed",), True),
        # the quiet hours after a window are not to blame
        (Policy(), {"window_opened_at": NOON - 90 * DAY}, ("window_closed",), True),
    ],
)
def test_nothing_is_planned_where_nothing_is_allowed(
    policy: Policy, facts: dict[str, Any], reasons: tuple[str, ...], owed: bool
) -> None:
    planned = plan(make_facts(**facts), policy, NOON)
    assert isinstance(planned, NotPlanned)
    assert (planned.reasons, planned.owed) == (reasons, owed)
    assert (planned.at, planned.policy_version) == (NOON, policy.version)
    assert planned.moment() is None


def test_the_end_of_what_was_allowed_is_no_instant_to_plan_for() -> None:
    """The channel closes as the clock shows this instant, before the preferred one."""
    policy = limits(after=30 * HOUR, channel_margin=HOUR)
    planned = plan(make_facts(channel="messenger"), policy, NOON + 23 * HOUR)
    assert isinstance(planned, NotPlanned)
    assert planned.reasons == ("channel_window",)


def test_instants_may_be_in_any_zone_but_not_naive() -> None:
    zone = timezone(timedelta(hours=14))
    planned = plan(make_facts(), AFTER, NOON.astimezone(zone), (NOON + HOUR).astimezone(zone))
    assert isinstance(planned, Planned)
    assert (planned.at, planned.due_at, planned.as_wished) == (NOON, NOON + HOUR, True)
    for bad in ({"now": datetime(2026, 3, 1)}, {"now": NOON, "wish": datetime(2026, 3, 1)}):  # noqa: DTZ001 - the point
        with pytest.raises(ValueError, match="naive datetime refused"):
            plan(make_facts(), AFTER, **bad)
