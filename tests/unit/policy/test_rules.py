"""Each rule allows contact exactly when its sentence says so, and gives its word and evidence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from overture.policy import RULES, Facts, Policy, Verdict, decide, verdicts
from overture.policy.intervals import ALWAYS, FOREVER, NEVER, Intervals
from tests.unit.policy.factories import DAY, HOUR, NOON, OPEN, TICK, limits, make_facts, utc

REASONS = {
    "window_closed",
    "too_few_messages",
    "unanswered",
    "opted_out",
    "paused",
    "crisis_hold",
    "minor",
    "law",
    "channel_window",
    "quiet_hours",
    "gap",
    "cap",
    "pending_inbound",
    "takeover",
    "persona_not_released",
    "disabled",
}


def verdict(rule: str, policy: Policy = OPEN, **facts: Any) -> Verdict:
    """Return what one rule says about the time around noon."""
    found = verdicts(make_facts(**facts), policy, (NOON, NOON + 2 * DAY))
    return next(one for one in found if one.rule == rule)


def since(instant: datetime) -> Intervals:
    return Intervals.since(instant)


def test_the_rules_speak_exactly_the_stable_words() -> None:
    found = verdicts(make_facts(), Policy(), (NOON, NOON + DAY))
    assert {one.reason for one in found} == REASONS
    assert len({one.rule for one in found}) == len(RULES) == len(found)
    assert [one.rule for one in found] == [rule.__name__ for rule in RULES]


def test_an_ordinary_person_is_refused_by_no_rule() -> None:
    found = verdicts(make_facts(), OPEN, (NOON, NOON + DAY))
    assert [one.rule for one in found if not one.allowed.contains(NOON)] == []


def test_a_window_includes_its_first_and_its_last_instant() -> None:
    one = verdict("window", window_opened_at=NOON)
    assert one.reason == "window_closed"
    assert one.allowed.spans == ((NOON, NOON + 14 * DAY + TICK),)
    assert one.evidence == {"window_opened_at": NOON, "window": timedelta(days=14)}


def test_a_window_over_a_leap_day_is_as_long_as_any_other() -> None:
    opened = utc(2028, 2, 20, 12)
    facts = make_facts(window_opened_at=opened, last_message_at=opened)
    assert decide(facts, OPEN, utc(2028, 3, 5, 12)).word == "send"
    assert decide(facts, OPEN, utc(2028, 3, 5, 12) + TICK).word == "cease"


def test_a_shorter_window_of_the_policy_closes_earlier() -> None:
    one = verdict("window", limits(window=2 * DAY), window_opened_at=NOON)
    assert one.allowed == Intervals.between(NOON, NOON + 2 * DAY + TICK)


@pytest.mark.parametrize(
    ("count", "least", "allowed"),
    [
        (4, 5, NEVER),
        (5, 5, since(NOON)),
        (6, 5, since(NOON)),
        (5, 6, NEVER),
        (0, 5, NEVER),
    ],
)
def test_the_fifth_message_opens_and_not_before_its_time(
    count: int, least: int, allowed: Intervals
) -> None:
    one = verdict("messages", limits(min_user_messages=least), messages_in_window=count)
    assert (one.reason, one.allowed) == ("too_few_messages", allowed)
    assert one.evidence == {
        "messages_in_window": count,
        "min_user_messages": least,
        "last_message_at": NOON,
        "window_message_ids": ("m1", "m2", "m3", "m4", "m5"),
    }


@pytest.mark.parametrize(
    ("last_cycle", "allowed"),
    [(None, ALWAYS), (0, ALWAYS), (4, ALWAYS), (5, NEVER), (6, NEVER)],
)
def test_a_cycle_holds_one_follow_up(last_cycle: int | None, allowed: Intervals) -> None:
    one = verdict("unanswered", last_follow_up_cycle=last_cycle)
    assert (one.reason, one.allowed) == ("unanswered", allowed)
    assert one.evidence == {"cycle": 5, "last_follow_up_cycle": last_cycle}


@pytest.mark.parametrize("when", [NOON - DAY, NOON + DAY])
def test_an_opt_out_holds_whatever_the_clock_shows(when: datetime) -> None:
    one = verdict("opted_out", opted_out_at=when)
    assert one == ("opted_out", "opted_out", NEVER, {"opted_out_at": when})
    assert verdict("opted_out").allowed is ALWAYS


def test_a_pause_ends_by_itself() -> None:
    one = verdict("paused", paused_until=NOON + HOUR)
    assert one == ("paused", "paused", since(NOON + HOUR), {"paused_until": NOON + HOUR})
    assert verdict("paused").allowed is ALWAYS


def test_a_kind_of_message_can_be_switched_off() -> None:
    one = verdict("kind", kind="reminder", kind_disabled=True)
    evidence = {"kind": "reminder", "kind_disabled": True}
    assert one == ("kind", "disabled", NEVER, evidence)
    assert verdict("kind", kind="reminder").allowed is ALWAYS


def test_a_crisis_hold_never_ends_by_itself() -> None:
    one = verdict("crisis_hold", crisis_hold_since=NOON - DAY)
    assert one == ("crisis_hold", "crisis_hold", NEVER, {"crisis_hold_since": NOON - DAY})
    assert verdict("crisis_hold").allowed is ALWAYS


def test_a_minor_is_refused_and_the_record_keeps_no_birth_date() -> None:
    one = verdict("minor", birth_year=2010, birth_date=utc(2010, 5, 17).date())
    assert (one.rule, one.reason) == ("minor", "minor")
    assert one.allowed == since(utc(2028, 5, 17))
    assert one.evidence == {
        "birth_year": 2010,
        "birth_date_known": True,
        "declared_minor": False,
    }
    assert verdict("minor", declared_minor=True).allowed is NEVER
    assert verdict("minor").evidence["birth_date_known"] is False


def test_a_law_is_named_in_its_verdict() -> None:
    one = verdict("law", region="US-TN", birth_year=2010)
    assert (one.rule, one.reason) == ("law", "law")
    assert not one.allowed.contains(NOON)
    assert one.evidence == {"region": "US-TN", "laws": ("US-TN-HB1891",)}
    assert verdict("law", region="US-TN").allowed == ALWAYS
    assert verdict("law", birth_year=2010).allowed is ALWAYS


@pytest.mark.parametrize(
    ("released", "visible", "allowed"),
    [(True, True, ALWAYS), (False, True, NEVER), (True, False, NEVER)],
)
def test_a_persona_must_be_released_and_visible(
    released: bool, visible: bool, allowed: Intervals
) -> None:
    one = verdict("persona", persona_released=released, persona_visible=visible)
    assert (one.reason, one.allowed) == ("persona_not_released", allowed)
    assert one.evidence == {"persona_released": released, "persona_visible": visible}


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
        ({"channel": "whatsapp", "template_available": True}, since(NOON)),
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
            since(NOON),
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
    assert one == ("gap", "gap", since(NOON + DAY), {"last_follow_up_at": NOON, "min_gap": DAY})
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
        (NOON, NOON + HOUR, since(NOON + HOUR)),
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
        (True, NOON + HOUR, since(NOON + HOUR)),
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
