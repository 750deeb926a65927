"""Dates and times in words, against a Wednesday evening."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from overture.memory.moments import moments

NOW = datetime(2026, 3, 4, 18, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tonight", "2026-03-04"),
        ("tomorrow night", "2026-03-05"),
        ("the day after tomorrow", "2026-03-06"),
        ("friday", "2026-03-06"),
        ("wednesday", "2026-03-11"),  # today is one: the coming one
        ("next friday", "2026-03-13"),  # the one of next week
        ("this weekend", "2026-03-07"),
        ("next weekend", "2026-03-14"),
        ("on the 3rd", "2026-04-03"),  # this month's is over
        ("on the 31st", "2026-03-31"),
        ("in two weeks", "2026-03-18"),
        ("in 3 hours", "2026-03-04T21:00:00+01:00"),
        ("in half an hour", "2026-03-04T18:30:00+01:00"),
        ("in about an hour and a half", "2026-03-04T19:30:00+01:00"),
        ("in a quarter of an hour", "2026-03-04T18:15:00+01:00"),
        ("march 3rd", "2027-03-03"),
        ("3 May 1990", "1990-05-03"),
        ("12/24", "2026-12-24"),
        ("24.12.", "2026-12-24"),
        ("christmas eve", "2026-12-24"),
        ("thanksgiving", "2026-11-26"),
        ("easter", "2026-04-05"),
        ("friday at 8pm", "2026-03-06T20:00:00+01:00"),
        ("at 19:30 tomorrow", "2026-03-05T19:30:00+01:00"),
        ("saturday night at 9", "2026-03-07T21:00:00+01:00"),
        ("last night", "2026-03-03"),
        ("2 days ago", "2026-03-02"),
        ("2026-05-01", "2026-05-01"),
        ("next month", "2026-04-01"),
    ],
)
def test_words_for_time_are_resolved(text: str, meant: str) -> None:
    assert moments(text, NOW)[0].iso(NOW) == meant


@pytest.mark.parametrize(
    "text", ["i may go", "on mondays", "the sun", "30/02", "at 8 people", "blade runner 2049"]
)
def test_words_that_only_look_like_time_are_left(text: str) -> None:
    assert moments(text, NOW) == ()
