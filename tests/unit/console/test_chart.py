"""The geometry of the charts."""

from __future__ import annotations

from datetime import datetime, timezone

from overture.console.chart import DAYS, chart, reasons, since
from overture.store.reviewing import DayCount

NOW = datetime(2026, 3, 14, 18, 30, tzinfo=timezone.utc)
TODAY = (NOW - datetime(1970, 1, 1, tzinfo=timezone.utc)).days


def count(day, what, number, *why):
    return DayCount(day=day, what=what, count=number, reasons=why)


def test_it_shows_two_weeks_that_end_today():
    days = chart([], NOW).days
    assert len(days) == DAYS
    assert days[-1].date == NOW.date()
    assert since(NOW).date() == days[0].date


def test_without_follow_ups_there_are_no_bars():
    empty = chart([], NOW)
    assert (empty.sent, empty.withheld) == (0, 0)
    assert not any(day.bars for day in empty.days)


def test_bars_of_one_day_stand_on_each_other_and_fill_the_height():
    today = chart([count(TODAY, "answered", 3), count(TODAY, "unanswered", 1)], NOW).days[-1]
    answered, unanswered = today.bars
    assert answered.y + answered.height == 96
    assert unanswered.y + unanswered.height == answered.y
    assert unanswered.y == 4
    assert answered.height == 3 * unanswered.height


def test_what_was_withheld_stands_beside():
    today = chart([count(TODAY, "answered", 1), count(TODAY, "withheld", 1, "paused")], NOW).days[
        -1
    ]
    answered, withheld = today.bars
    assert withheld.x > answered.x + answered.width
    assert withheld.height == answered.height


def test_withheld_for_different_reasons_on_one_day_is_counted_together():
    found = chart([count(TODAY, "withheld", 2, "paused"), count(TODAY, "withheld", 1, "gap")], NOW)
    assert found.withheld == 3


def test_reasons_come_most_frequent_first_and_a_follow_up_counts_for_each_of_its_own():
    counts = [
        count(TODAY, "withheld", 2, "channel_window", "takeover"),
        count(TODAY - 1, "withheld", 6, "channel_window"),
        count(TODAY, "answered", 9),
    ]
    assert reasons(counts) == [("channel_window", 8, 100.0), ("takeover", 2, 25.0)]
