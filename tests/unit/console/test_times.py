"""Times as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from overture.console.times import absolute, relative, spoken

NOW = datetime(2026, 3, 2, 12, 0, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=-59), "just now"),
        (timedelta(seconds=1), "in a moment"),
        (timedelta(minutes=-1), "1 min ago"),
        (timedelta(minutes=-119), "119 min ago"),  # two hours are the first hours
        (timedelta(hours=-2), "2 h ago"),
        (timedelta(hours=20), "in 20 h"),
        (timedelta(hours=-47), "47 h ago"),
        (timedelta(days=-2), "2 days ago"),
        (timedelta(days=28), "in 28 days"),
        (timedelta(days=-29), "1 Feb 2026"),  # far away a date says more
    ],
)
def test_a_time_is_told_by_its_distance(distance, expected):
    assert relative(NOW + distance, NOW) == expected


def test_behind_it_stands_the_exact_time():
    assert absolute(NOW) == "2026-03-02 12:00:05 UTC"
    assert spoken(NOW) == "2 Mar 2026, 12:00 UTC"
