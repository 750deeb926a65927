"""Until when a person wants quiet."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from overture.rasa_ext.until import DEFAULT, LONGEST, until
from tests.unit.rasa_ext.fakes import NOW


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("don't write until friday", (2026, 3, 6, 9)),
        ("till wednesday please", (2026, 3, 11, 9)),  # today is a Wednesday
        ("not before tomorrow", (2026, 3, 5, 9)),
        ("no messages today", (2026, 3, 5, 9)),
        ("next week", (2026, 3, 9, 9)),
        ("next month", (2026, 4, 1, 9)),
        ("next year", (2027, 1, 1, 9)),
        ("until the 15th", (2026, 3, 15, 9)),
        ("until the 2nd", (2026, 4, 2, 9)),  # the 2nd of this month is over
        ("hold off until august", (2026, 8, 1, 9)),
        ("until 3 february", (2027, 2, 3, 9)),
        ("pause for 3 days", (2026, 3, 7, 12)),
        ("for a couple of weeks", (2026, 3, 18, 12)),
        ("for a fortnight", (2026, 3, 18, 12)),
        ("give me two hours", (2026, 3, 4, 14)),
    ],
)
def test_a_time_that_is_named_is_understood(text, end):
    assert until(text, NOW) == datetime(*end, tzinfo=timezone.utc)


def test_without_a_time_it_is_a_week():
    assert until("pause please", NOW) == NOW + DEFAULT


@pytest.mark.parametrize("text", ["for 20 years", "for 900 weeks", "for 999 months"])
def test_no_pause_is_longer_than_a_year(text):
    assert until(text, NOW) == NOW + LONGEST


def test_the_31st_does_not_break_short_months():
    assert until("until 31 april", NOW) - NOW < timedelta(days=60)


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"):
        until("friday", datetime(2026, 3, 4))  # noqa: DTZ001 - that is what is tested
