"""A policy keeps its bounds however it is made, and says exactly what is wrong with a file."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from overture.policy import Policy, PolicyError, QuietHours
from tests.unit.policy.factories import HOUR, TICK
from tests.unit.policy.strategies import policies


def section(**values: Any) -> dict[str, Any]:
    return {"follow_up": values}


def test_the_defaults_are_those_of_the_documentation() -> None:
    assert Policy().to_mapping() == section(
        window="14d",
        min_user_messages=5,
        after="20h",
        channel_margin="30m",
        quiet_hours="22:00-09:00",
        min_gap="24h",
        max_per_window=None,
        enabled=True,
    )


@pytest.mark.parametrize("empty", [None, {"follow_up": None}, {"follow_up": {}}])
def test_an_empty_file_means_the_defaults(empty: object) -> None:
    assert Policy.from_mapping(empty) == Policy()


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        ("window", "14d", timedelta(days=14)),
        ("window", "1s", timedelta(seconds=1)),
        ("window", "0.000001s", TICK),
        ("channel_margin", "86399.999999s", 24 * HOUR - TICK),
        ("min_user_messages", 5, 5),
        ("min_user_messages", 500, 500),
        ("after", "5s", timedelta(seconds=5)),
        ("after", "3650d", timedelta(days=3650)),
        ("channel_margin", "0s", timedelta(0)),
        ("channel_margin", "1439m", timedelta(minutes=1439)),
        ("quiet_hours", None, None),
        ("quiet_hours", "00:00-00:01", QuietHours(start=0, end=1)),
        ("min_gap", "0s", timedelta(0)),
        ("min_gap", "3650d", timedelta(days=3650)),
        ("max_per_window", None, None),
        ("max_per_window", 1, 1),
        ("enabled", False, False),
    ],
)
def test_values_up_to_their_bounds_are_taken(key: str, value: object, meant: object) -> None:
    assert getattr(Policy.from_mapping(section(**{key: value})), key) == meant


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("window", "15d", "more than 0s and at most 14d"),
        ("window", "1209601s", "at most 14d"),
        ("window", "0s", "more than 0s"),
        ("window", "-1d", "more than 0s"),
        ("window", 14, "a duration such as 14d"),  # no unit
        ("window", None, "a duration"),
        ("window", True, "a duration"),
        ("min_user_messages", 4, "a whole number, 5 or more"),
        ("min_user_messages", 0, "5 or more"),
        ("min_user_messages", True, "a whole number"),  # a bool is no count
        ("min_user_messages", 5.0, "a whole number"),
        ("min_user_messages", float("nan"), "a whole number"),
        ("min_user_messages", "5", "a whole number"),
        ("min_user_messages", None, "a whole number"),
        ("after", "0s", "more than 0s"),
        ("after", "20", "a duration"),
        ("after", "3651d", "at most 3650d"),
        ("after", float("nan"), "a duration"),
        ("channel_margin", "24h", "less than 24h"),
        ("channel_margin", "1d", "less than 24h"),
        ("channel_margin", "-1m", "at least 0s"),
        ("quiet_hours", 79200, "HH:MM-HH:MM"),  # what YAML 1.1 makes of an unquoted 22:00
        ("quiet_hours", "22:00", "HH:MM-HH:MM"),
        ("quiet_hours", "22:00-22:00", "start and end different"),
        ("quiet_hours", False, "or null"),
        ("quiet_hours", ["22:00-09:00"], "or null"),
        ("min_gap", "-1s", "at least 0s"),
        ("min_gap", "4000d", "at most 3650d"),
        ("min_gap", 0, "a duration"),
        ("max_per_window", 0, "1 or more, or null"),
        ("max_per_window", -1, "1 or more"),
        ("max_per_window", True, "a whole number"),
        ("max_per_window", "none", "a whole number"),
        ("enabled", "yes", "true or false"),
        ("enabled", 1, "true or false"),
        ("enabled", None, "true or false"),
        ("windw", "14d", "the keys here are window, min_user_messages"),
    ],
)
def test_anything_beyond_is_refused_with_file_key_value_and_range(
    key: str, value: object, allowed: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.from_mapping(section(**{key: value}), source="my.yml")
    error = caught.value
    assert (error.file, error.key) == ("my.yml", f"follow_up.{key}")
    assert error.value is value
    line = str(error)
    assert "\n" not in line
    assert line.startswith(f"my.yml: follow_up.{key}: {value!r} is not allowed; ")
    assert allowed in line


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        ([], "(file)"),
        ("follow_up", "(file)"),
        (5, "(file)"),
        ({"follow_ups": {}}, "follow_ups"),
        ({"follow_up": {}, "extra": 1}, "extra"),
        ({"follow_up": []}, "follow_up"),
        ({"follow_up": "off"}, "follow_up"),
        ({"follow_up": {1: "14d"}}, "follow_up.1"),
        ({"follow_up": {True: "14d"}}, "follow_up.True"),
        ({None: {}}, "None"),
    ],
)
def test_a_file_of_another_shape_is_refused(mapping: object, key: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.from_mapping(mapping)
    assert caught.value.key == key
    assert caught.value.file == "policy.yml"


def test_an_error_stays_short_and_on_one_line() -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.from_mapping(section(window="x\n" * 500))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


def test_eighty_characters_of_a_value_are_shown_and_no_more() -> None:
    for length, shown in ((78, repr("x" * 78)), (79, "'" + "x" * 79 + "...")):
        with pytest.raises(PolicyError) as caught:
            Policy.from_mapping(section(window="x" * length))
        assert f": {shown} is not allowed;" in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("window", timedelta(days=14) + TICK),
        ("window", timedelta(0)),
        ("window", 14),
        ("min_user_messages", 4),
        ("after", timedelta(0)),
        ("channel_margin", timedelta(hours=24)),
        ("channel_margin", -TICK),
        ("quiet_hours", "22:00-09:00"),
        ("min_gap", -TICK),
        ("max_per_window", 0),
        ("enabled", 1),
    ],
)
def test_the_bounds_hold_for_policies_made_in_code_too(key: str, value: object) -> None:
    with pytest.raises(PolicyError, match=f"follow_up.{key}"):
        Policy(**{key: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "tighter", "looser"),
    [
        ("window", "7d", "13d"),
        ("min_user_messages", 7, 5),
        ("channel_margin", "2h", "30m"),
        ("quiet_hours", "21:00-10:00", "22:00-08:00"),
        ("quiet_hours", "20:00-11:00", None),
        ("min_gap", "3d", "1h"),
        ("max_per_window", 1, 3),
        ("max_per_window", 1, None),
    ],
)
def test_an_override_may_tighten_and_not_loosen(key: str, tighter: object, looser: object) -> None:
    own = Policy.from_mapping(
        section(
            window="10d",
            min_user_messages=6,
            channel_margin="1h",
            quiet_hours="21:30-09:30",
            min_gap="2d",
            max_per_window=2,
        )
    )
    tightened = own.tightened(section(**{key: tighter}))
    assert tightened.to_mapping()["follow_up"] == {
        **own.to_mapping()["follow_up"],
        key: tighter,
    }
    with pytest.raises(PolicyError, match="may only tighten") as caught:
        own.tightened(section(**{key: looser}), source="maestro")
    assert (caught.value.file, caught.value.key) == ("maestro", f"follow_up.{key}")
    assert str(caught.value).startswith(f"maestro: follow_up.{key}: {looser!r} is not allowed")


def test_what_is_not_set_may_be_set_and_what_is_off_stays_off() -> None:
    free = Policy(quiet_hours=None, max_per_window=None)
    assert free.tightened(section(quiet_hours="01:00-02:00", max_per_window=9)).max_per_window == 9
    assert not Policy().tightened(section(enabled=False)).enabled
    assert not Policy(enabled=False).tightened(section(enabled=False)).enabled
    with pytest.raises(PolicyError, match="may only tighten"):
        Policy(enabled=False).tightened(section(enabled=True))


def test_the_preferred_delay_is_no_limit_and_may_change_freely() -> None:
    assert Policy().tightened(section(after="1h")).after == HOUR
    assert Policy().tightened(section(after="40h")).after == 40 * HOUR


def test_an_override_is_checked_against_the_hard_bounds_too() -> None:
    with pytest.raises(PolicyError, match="5 or more"):
        Policy().tightened(section(min_user_messages=3))


@given(policies)
def test_a_policy_reads_back_from_its_written_form(policy: Policy) -> None:
    again = Policy.from_mapping(policy.to_mapping())
    assert again == policy
    assert again.version == policy.version


def test_a_file_is_read_whatever_made_its_words() -> None:
    file = json.loads('{"follow_up": {"min_gap": "48h"}}')
    assert Policy.from_mapping(file) == Policy(min_gap=48 * HOUR)


def test_an_override_may_repeat_every_limit() -> None:
    own = Policy(quiet_hours=QuietHours(start=0, end=60), max_per_window=700, min_user_messages=600)
    assert own.tightened(json.loads(json.dumps(own.to_mapping()))) == own


def test_the_version_names_the_limits() -> None:
    assert (
        Policy().version == "72afb465099a"
    )  # records keep it: equal limits, equal versions for good
    assert Policy().version == Policy.from_mapping(section(window="336h")).version
    assert Policy().version != Policy(window=timedelta(days=13)).version
    assert len(Policy().version) == 12
    assert set(Policy().version) <= set("0123456789abcdef")
