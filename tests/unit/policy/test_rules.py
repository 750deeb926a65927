"""Each rule: what the person did and is; each gives its word and its evidence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from overture.policy import RULES, Policy, decide, verdicts
from overture.policy.intervals import ALWAYS, NEVER, Intervals
from tests.unit.policy.factories import (
    DAY,
    HOUR,
    NOON,
    OPEN,
    TICK,
    limits,
    make_facts,
    utc,
    verdict,
)

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
        (5, 5, Intervals.since(NOON)),
        (6, 5, Intervals.since(NOON)),
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
    assert one == ("paused", "paused", Intervals.since(NOON + HOUR), {"paused_until": NOON + HOUR})
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
    assert one.allowed == Intervals.since(utc(2028, 5, 17))
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
