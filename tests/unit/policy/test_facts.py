"""Facts refuse what cannot be, and hold every instant in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.unit.policy.factories import NOON, make_facts

INSTANTS = [
    "window_opened_at",
    "last_message_at",
    "last_user_action_at",
    "platform_window_closed_at",
    "last_follow_up_at",
    "opted_out_at",
    "paused_until",
    "crisis_hold_since",
    "takeover_since",
    "takeover_until",
    "account_paused_until",
]


@pytest.mark.parametrize("name", INSTANTS)
def test_a_naive_instant_is_refused_and_an_aware_one_is_held_in_utc(name: str) -> None:
    local = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    held = getattr(make_facts(**{name: local}), name)
    assert held == NOON
    assert held.tzinfo is timezone.utc
    named = NOON.replace(tzinfo=timezone(timedelta(0), "GMT"))
    assert getattr(make_facts(**{name: named}), name).tzinfo is timezone.utc
    with pytest.raises(ValueError, match="naive datetime refused"):
        make_facts(**{name: datetime(2026, 3, 1)})  # noqa: DTZ001 - the naive one is the point


@pytest.mark.parametrize(
    "name", ["cycle", "messages_in_window", "follow_ups_in_window", "pending_inbound"]
)
def test_a_negative_count_is_refused_with_its_name_and_value(name: str) -> None:
    assert getattr(make_facts(**{name: 0}), name) == 0
    with pytest.raises(ValueError, match=f"{name} must not be negative: -1"):
        make_facts(**{name: -1})


def test_a_birth_year_lies_on_the_calendar() -> None:
    assert make_facts(birth_year=1).birth_year == 1
    assert make_facts(birth_year=9999).birth_year == 9999
    for year in (0, 10_000):
        with pytest.raises(ValueError, match=f"birth_year must be from 1 to 9999: {year}"):
            make_facts(birth_year=year)


def test_only_the_latest_message_ids_are_kept_as_evidence() -> None:
    ids = tuple(f"m{n}" for n in range(25))
    assert make_facts(window_message_ids=ids).window_message_ids == ids[5:]
    assert make_facts(window_message_ids=ids[:20]).window_message_ids == ids[:20]


def test_what_is_not_given_speaks_neither_for_nor_against_contact() -> None:
    assert make_facts() == make_facts(
        follow_ups_in_window=0,
        kind="follow_up",
        kind_disabled=False,
        declared_minor=False,
        persona_released=True,
        persona_visible=True,
        pending_inbound=0,
        template_available=False,
        account_enabled=True,
        kill_switch=False,
    )
