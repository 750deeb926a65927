"""Zones from -12 to +14, clock changes and leap days, through the whole of a replay."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.unit.replay.histories import DAY, HOUR, end, line, messages, run, sent, stamp
from tests.unit.replay.log_checker import instant

MINUTE = timedelta(minutes=1)
#: Whole hours from UTC: Etc/GMT+12 is UTC-12.
STEADY = [f"Etc/GMT{-offset:+d}" for offset in range(-12, 15)]
#: Zones that change their clocks, by half an hour or at midnight too, or lie between hours.
ODD = [
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/St_Johns",
]
#: The day before something happens to the calendar or to the clocks of one of these zones.
DAYS = [
    datetime(2028, 2, 28, tzinfo=timezone.utc),  # a leap day follows
    datetime(2027, 2, 28, tzinfo=timezone.utc),  # none does
    datetime(2026, 3, 28, tzinfo=timezone.utc),  # Europe goes forward
    datetime(2026, 10, 24, tzinfo=timezone.utc),  # and back
    datetime(2026, 3, 7, tzinfo=timezone.utc),  # America goes forward
    datetime(2026, 10, 31, tzinfo=timezone.utc),  # and back
    datetime(2026, 4, 4, tzinfo=timezone.utc),  # Lord Howe and Santiago go back
    datetime(2026, 9, 5, tzinfo=timezone.utc),  # Santiago goes forward, at midnight
    datetime(2026, 12, 31, tzinfo=timezone.utc),
    datetime(2011, 12, 29, tzinfo=timezone.utc),  # Apia skips the whole next day
]


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    """Tell what the wall clock says of an instant."""
    return not 9 <= at.astimezone(zone).hour < 22


def expected(last: datetime, zone: ZoneInfo) -> datetime:
    """Return the first minute, twenty hours on or later, at which it is not quiet."""
    at = last + 20 * HOUR
    while is_quiet(at, zone):
        at += MINUTE
    return at


@pytest.mark.parametrize("name", STEADY + ODD)
def test_quiet_hours_are_those_of_the_wall_clock_on_every_day(name: str) -> None:
    """Whatever the hour of the last message: the follow-up comes at the first open minute."""
    zone = ZoneInfo(name)
    for day in DAYS:
        for hour in (0, 5, 11, 17, 22):
            start = day + hour * HOUR
            told = line("profile", start, timezone=name)
            last = start + 4 * MINUTE
            found = sent(run([told, *messages(5, start), end(start + 4 * DAY)]))
            assert found == [stamp(expected(last, zone))], f"{name} {start}"
            assert not is_quiet(instant(found[0]), zone)


@pytest.mark.parametrize(
    ("born", "zone", "due"),
    [
        (2007, "UTC", "2026-12-31T13:34:00Z"),  # of age through the whole year
        (2008, "UTC", "2027-01-01T09:00:00Z"),  # a minor through its last day
        (2008, "Etc/GMT-14", "2026-12-31T19:00:00Z"),  # which ends earlier there
        (2008, "Etc/GMT+12", "2027-01-01T21:00:00Z"),  # and later there
    ],
)
def test_a_year_of_birth_makes_a_minor_through_its_last_day(born: int, zone: str, due: str) -> None:
    """In the person's own zone."""
    start = datetime(2026, 12, 30, 17, 30, tzinfo=timezone.utc)
    told = line("profile", start, birth_year=born, timezone=zone)
    assert sent(run([told, *messages(5, start), end(start + 5 * DAY)])) == [due]


def test_fourteen_days_over_a_leap_day_are_fourteen_days() -> None:
    """A window is a length of time, not a number of dates."""
    start = datetime(2028, 2, 20, 10, tzinfo=timezone.utc)
    fifth = line("user_message", start + 13 * DAY, id="m5")
    inside = run([*messages(4, start), fifth, end(start + 30 * DAY)])
    assert [instant(one) <= start + 14 * DAY for one in sent(inside)] == [True]
    late = line("user_message", start + 14 * DAY + timedelta(seconds=1), id="m5")
    assert sent(run([*messages(4, start), late, end(start + 40 * DAY)])) == []
