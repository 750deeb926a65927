"""Personas and accounts may have tighter limits than the policy, and never looser ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from overture.policy import Policy, PolicyError, QuietHours
from overture.policy.keys import KEYS
from overture.policy.overrides import Limits, both
from tests.unit.policy.strategies import policies

ACCOUNT = "messenger:1001"


def read(**sections: Any) -> Limits:
    return Limits.from_mapping({"follow_up": {"min_gap": "24h"}, **sections})


def over(**keys: Any) -> dict[str, Any]:
    return {"follow_up": keys}


def test_without_overrides_everybody_has_the_policy() -> None:
    for mapping in (None, {}, {"follow_up": None}, {"personas": None, "accounts": {}}):
        assert Limits.from_mapping(mapping) == Limits()
    assert Limits().of("maestro", "messenger", "1001") == Policy()


def test_a_persona_and_an_account_have_limits_of_their_own() -> None:
    limits = read(
        personas={"maestro": over(min_gap="48h")}, accounts={ACCOUNT: over(max_per_window=1)}
    )
    assert limits.of("chef", "messenger", "1002") == Policy()
    assert limits.of("maestro", "messenger", "1002") == Policy(min_gap=timedelta(hours=48))
    assert limits.of("chef", "messenger", "1001") == Policy(max_per_window=1)
    assert limits.of("chef", "instagram", "1001") == Policy()
    whole = Policy(min_gap=timedelta(hours=48), max_per_window=1)
    assert limits.of("maestro", "messenger", "1001") == whole


def test_where_both_speak_of_one_limit_the_tighter_holds() -> None:
    """Whichever of them it is; the delay is a wish, and the account's."""
    limits = read(
        personas={"maestro": over(min_gap="48h", after="2h", quiet_hours="21:00-10:00")},
        accounts={ACCOUNT: over(min_gap="36h", after="3h", quiet_hours="20:00-11:00")},
    )
    found = limits.of("maestro", "messenger", "1001")
    assert found.min_gap == timedelta(hours=48)
    assert found.after == timedelta(hours=3)
    assert found.quiet_hours == QuietHours.parse("20:00-11:00")


@pytest.mark.parametrize("section", ["personas", "accounts"])
@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"min_gap": "23h"}, "follow_up.min_gap"),
        ({"window": "15d"}, "follow_up.window"),
        ({"min_user_messages": 4}, "follow_up.min_user_messages"),
        ({"min_user_messages": True}, "follow_up.min_user_messages"),
        ({"quiet_hours": None}, "follow_up.quiet_hours"),
        ({"quiet_hours": "23:00-09:00"}, "follow_up.quiet_hours"),
        ({"channel_margin": "-1h"}, "follow_up.channel_margin"),
        ({"channel_margin": "29m"}, "follow_up.channel_margin"),
        ({"max_per_window": 0}, "follow_up.max_per_window"),
        ({"unanswered": 2}, "follow_up.unanswered"),
        ({"enabled": "false"}, "follow_up.enabled"),
    ],
)
def test_an_override_that_would_loosen_or_says_nonsense_is_refused(
    section: str, keys: dict[str, Any], key: str
) -> None:
    name = "maestro" if section == "personas" else ACCOUNT
    with pytest.raises(PolicyError) as caught:
        read(**{section: {name: over(**keys)}})
    assert caught.value.key == key
    assert caught.value.file == f"policy.yml: {section}.{name}"


@pytest.mark.parametrize(
    ("sections", "key"),
    [
        ({"personas": ["maestro"]}, "personas"),
        ({"accounts": "messenger:1001"}, "accounts"),
        ({"personas": {"messenger:1001": {}}}, "personas.messenger:1001"),
        ({"accounts": {"maestro": {}}}, "accounts.maestro"),
        ({"accounts": {1001: {}}}, "accounts.1001"),
        ({"personas": {"maestro": {"min_gap": "48h"}}}, "min_gap"),
        ({"personas": {"maestro": {"personas": {}}}}, "personas"),
        ({"persona": {}}, "persona"),
    ],
)
def test_what_is_in_the_wrong_place_is_refused(sections: dict[str, Any], key: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read(**sections)
    assert caught.value.key == key


def test_nothing_that_is_switched_off_is_switched_on_again() -> None:
    off = {"follow_up": {"enabled": False}, "personas": {"maestro": over(enabled=True)}}
    with pytest.raises(PolicyError, match="may only tighten False"):
        Limits.from_mapping(off)
    one = read(personas={"maestro": over(enabled=False)}, accounts={ACCOUNT: over(enabled=True)})
    assert not one.of("maestro", "messenger", "1001").enabled


def test_quiet_hours_that_only_overlap_are_refused_at_the_start() -> None:
    """They would be two stretches of a day; better to say so than to choose one."""
    with pytest.raises(PolicyError, match="cover those of a persona"):
        read(
            personas={"maestro": over(quiet_hours="20:00-09:00")},
            accounts={ACCOUNT: over(quiet_hours="22:00-11:00")},
        )


def test_every_change_of_any_limit_changes_the_version() -> None:
    seen = [
        read(),
        read(personas={"maestro": over(min_gap="48h")}),
        read(personas={"chef": over(min_gap="48h")}),
        read(accounts={ACCOUNT: over(min_gap="48h")}),
        read(accounts={ACCOUNT: over(min_gap="49h")}),
        read(personas={"maestro": over(min_gap="48h")}, accounts={ACCOUNT: over(min_gap="48h")}),
    ]
    assert len({one.version for one in seen}) == len(seen)
    assert read().version == read().version


@given(policies, policies)
def test_of_two_policies_each_limit_is_as_tight_as_either(one: Policy, other: Policy) -> None:
    hours = (one.quiet_hours, other.quiet_hours)
    if None not in hours and not (hours[0].covers(hours[1]) or hours[1].covers(hours[0])):
        with pytest.raises(PolicyError, match="quiet_hours"):
            both(one, other)
        return
    found = both(one, other)
    for name, key in KEYS.items():
        value = getattr(found, name)
        assert key.as_tight(value, getattr(one, name))
        assert key.as_tight(value, getattr(other, name))


@pytest.mark.parametrize(
    ("section", "name", "form"),
    [("accounts", "1001", "channel:account"), ("personas", ACCOUNT, "the id of a persona")],
)
def test_a_name_of_another_form_is_refused_with_the_one_that_is_asked(
    section: str, name: str, form: str
) -> None:
    with pytest.raises(PolicyError, match=f"the name is {form}"):
        read(**{section: {name: over()}})
