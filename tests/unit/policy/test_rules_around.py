"""Each rule: what comes from around the person (channel, hour, account, other follow-ups)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from overture.policy import Facts, Policy, decide
from overture.policy.intervals import ALWAYS, FOREVER, NEVER, Intervals
from tests.unit.policy.factories import (
    DAY,
    HOUR,
    NOON,
    TICK,
    limits,
    make_facts,
    utc,
    verdict,
)


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        ({"channel": "rest"}, ALWAYS),
        ({"channel": "cmdline"}, ALWAYS),
        ({"channel": "messenger"}, Intervals.between(NOON, NOON + 23 * HOUR)),
        ({"channel": "instagram"}, Intervals.between(NOON, NOON + 23 * HOUR)),
        ({"channel": "whatsapp"}, Intervals.between(NOON, NOON + 23 * HOUR)),
        # what is not known is held to the strictest
        ({"channel": "pigeon"}, Intervals.between(NOON, NOON + 23 * HOUR)),
        # a template may be sent later, on WhatsApp only, and not to somebody in the future
        ({"channel": "whatsapp", "template_available": True}, Intervals.since(NOON)),
        (
            {"channel": "messenger", "template_available": True},
            Intervals.between(NOON, NOON + 23 * HOUR),
        ),
        # a tapped button opens the window although it is no message
        (
            {"channel": "messenger", "last_user_action_at": NOON + HOUR},
            Intervals.between(NOON + HOUR, NOON + 24 * HOUR),
        ),
        # the platform said its window is closed, and the person has not acted since
        ({"channel": "messenger", "platform_window_closed_at": NOON + HOUR}, NEVER),
        ({"channel": "messenger", "platform_window_closed_at": NOON}, NEVER),
        (
            {"channel": "messenger", "platform_window_closed_at": NOON - TICK},
            Intervals.between(NOON, NOON + 23 * HOUR),
        ),
        ({"channel": "rest", "platform_window_closed_at": NOON + HOUR}, ALWAYS),
        (
            {
                "channel": "whatsapp",
                "template_available": True,
                "platform_window_closed_at": NOON + HOUR,
            },
            Intervals.since(NOON),
        ),
    ],
)
def test_a_channel_has_its_own_window(facts: dict[str, Any], allowed: Intervals) -> None:
    one = verdict("channel", limits(channel_margin=HOUR), **facts)
    assert one.reason == "channel_window"
    assert one.allowed == allowed


def test_a_channel_verdict_shows_what_it_read() -> None:
    template = {"channel": "whatsapp", "template_available": True}
    assert verdict("channel", limits(channel_margin=HOUR), **template).evidence == {
        "channel": "whatsapp",
        "last_user_action_at": NOON,
        "platform_window": timedelta(hours=24),
        "channel_margin": HOUR,
        "platform_window_closed_at": None,
        "template": True,
    }
    assert verdict("channel", template_available=True).evidence["template"] is False


@pytest.mark.parametrize(
    ("own", "account", "zone", "opens"),
    [
        ("Asia/Kathmandu", "Europe/Berlin", "Asia/Kathmandu", utc(2026, 3, 2, 3, 15)),
        (None, "Europe/Berlin", "Europe/Berlin", utc(2026, 3, 2, 8)),
        (None, None, "UTC", utc(2026, 3, 2, 9)),
        # an unknown zone counts as not given
        ("Mars/Olympus", "Europe/Berlin", "Europe/Berlin", utc(2026, 3, 2, 8)),
        ("../../etc/passwd", None, "UTC", utc(2026, 3, 2, 9)),
        ("Europe", None, "UTC", utc(2026, 3, 2, 9)),
        ("", "", "UTC", utc(2026, 3, 2, 9)),
    ],
)
def test_quiet_hours_are_those_of_the_person_else_of_the_account(
    own: str | None, account: str | None, zone: str, opens: datetime
) -> None:
    policy = Policy()
    one = verdict("quiet_hours", policy, timezone=own, account_timezone=account)
    assert one.reason == "quiet_hours"
    assert one.evidence == {"quiet_hours": policy.quiet_hours, "zone": zone}
    assert one.allowed.first_after(utc(2026, 3, 2)) == opens


def test_quiet_hours_can_be_switched_off() -> None:
    assert verdict("quiet_hours").allowed is ALWAYS


def test_a_gap_lies_between_two_follow_ups() -> None:
    one = verdict("gap", limits(min_gap=DAY), last_follow_up_at=NOON)
    assert one == (
        "gap",
        "gap",
        Intervals.since(NOON + DAY),
        {"last_follow_up_at": NOON, "min_gap": DAY},
    )
    assert verdict("gap").allowed is ALWAYS


@pytest.mark.parametrize(
    ("sent", "most", "allowed"),
    [
        (0, None, ALWAYS),
        (9, None, ALWAYS),
        (0, 1, ALWAYS),
        (1, 1, NEVER),
        (1, 2, ALWAYS),
        (3, 2, NEVER),
    ],
)
def test_a_cap_counts_the_follow_ups_of_one_window(
    sent: int, most: int | None, allowed: Intervals
) -> None:
    one = verdict("cap", limits(max_per_window=most), follow_ups_in_window=sent)
    assert one == ("cap", "cap", allowed, {"follow_ups_in_window": sent, "max_per_window": most})


@pytest.mark.parametrize(("waiting", "allowed"), [(0, ALWAYS), (1, NEVER), (2, NEVER)])
def test_an_unread_message_comes_first(waiting: int, allowed: Intervals) -> None:
    one = verdict("pending_inbound", pending_inbound=waiting)
    assert one == ("pending_inbound", "pending_inbound", allowed, {"pending_inbound": waiting})


@pytest.mark.parametrize(
    ("since_when", "until", "allowed"),
    [
        (None, None, ALWAYS),
        (None, NOON + HOUR, ALWAYS),  # handed back before its end
        (NOON, None, NEVER),
        (NOON, NOON + HOUR, Intervals.since(NOON + HOUR)),
    ],
)
def test_a_takeover_lasts_to_its_end_or_the_hand_back(
    since_when: datetime | None, until: datetime | None, allowed: Intervals
) -> None:
    one = verdict("takeover", takeover_since=since_when, takeover_until=until)
    evidence = {"takeover_since": since_when, "takeover_until": until}
    assert one == ("takeover", "takeover", allowed, evidence)


@pytest.mark.parametrize(
    ("enabled", "until", "allowed"),
    [
        (True, None, ALWAYS),
        (True, NOON + HOUR, Intervals.since(NOON + HOUR)),
        (False, None, NEVER),
        (False, NOON - HOUR, NEVER),
    ],
)
def test_an_account_can_be_off_or_paused(
    enabled: bool, until: datetime | None, allowed: Intervals
) -> None:
    one = verdict("account", account_enabled=enabled, account_paused_until=until)
    evidence = {"account_enabled": enabled, "account_paused_until": until}
    assert one == ("account", "disabled", allowed, evidence)


@pytest.mark.parametrize(
    ("enabled", "killed", "allowed"),
    [(True, False, ALWAYS), (False, False, NEVER), (True, True, NEVER), (False, True, NEVER)],
)
def test_all_of_it_can_be_switched_off(enabled: bool, killed: bool, allowed: Intervals) -> None:
    one = verdict("switch", limits(enabled=enabled), kill_switch=killed)
    evidence = {"enabled": enabled, "kill_switch": killed}
    assert one == ("switch", "disabled", allowed, evidence)


def test_limits_reach_to_the_end_of_the_calendar_without_breaking() -> None:
    late = FOREVER - HOUR
    facts: Facts = make_facts(
        window_opened_at=late,
        last_message_at=late,
        last_user_action_at=late,
        last_follow_up_at=late,
        timezone="Pacific/Kiritimati",
        channel="messenger",
    )
    assert decide(facts, Policy(), late).word == "cease"
