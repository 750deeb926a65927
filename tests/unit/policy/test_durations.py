"""Durations are read exactly and written so that they read back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.policy.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("14d", 1_209_600),
        ("20h", 72_000),
        ("30m", 1_800),
        ("90s", 90),
        ("0s", 0),
        ("1.5h", 5_400),
        ("0.1s", 0.1),
        ("0.000001s", 0.000_001),
        ("007m", 420),
    ],
)
def test_a_number_with_a_unit_is_a_duration(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "14",  # no unit
        "d",  # no number
        "14 d",
        " 14d",
        "14d\n",
        "-1d",
        "+1d",
        "1e3s",
        "nanh",
        "infd",
        "1w",
        "1D",
        "1d2h",
        "1,5h",
        ".5h",
        "1.h",
        "١٤d",  # digits of another script
        "999999999999d",  # longer than a duration can be
        "0.0000001s",  # finer than a duration can be
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|too long|finer"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(days=14), "14d"),
        (timedelta(days=1), "24h"),  # as policy.yml has it
        (timedelta(hours=20), "20h"),
        (timedelta(minutes=30), "30m"),
        (timedelta(minutes=1, seconds=30), "90s"),
        (timedelta(0), "0s"),
        (timedelta(milliseconds=1500), "1.5s"),
    ],
)
def test_a_duration_is_written_with_the_largest_whole_unit(duration: timedelta, text: str) -> None:
    assert format_duration(duration) == text


@given(st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_what_is_written_reads_back(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration
