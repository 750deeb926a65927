"""Zones are found by name, and every change of their clocks to the second."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from overture.policy.intervals import DAWN, FOREVER
from overture.policy.zones import find_zone, midnight, offset_at, steady, zone_of
from tests.unit.policy.factories import DAY, HOUR, make_facts, utc

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("own", "account", "name"),
    [
        ("Asia/Tokyo", "Europe/Berlin", "Asia/Tokyo"),
        (None, "Europe/Berlin", "Europe/Berlin"),
        ("Moon/Tycho", "Europe/Berlin", "Europe/Berlin"),
        ("", "Europe/Berlin", "Europe/Berlin"),
        (None, None, "UTC"),
        ("Moon/Tycho", "Moon/Kepler", "UTC"),
    ],
)
def test_the_own_zone_comes_before_that_of_the_account(
    own: str | None, account: str | None, name: str
) -> None:
    found, zone = zone_of(make_facts(timezone=own, account_timezone=account))
    assert found == name
    assert offset_at(utc(2026, 3, 1), zone) == offset_at(utc(2026, 3, 1), ZoneInfo(name))


@pytest.mark.parametrize(
    "name",
    [
        "Moon/Tycho",
        "../zone",  # leaves the folder of zones
        "Europe",  # a folder
        "x" * 300,  # longer than a file's name can be
    ],
)
def test_a_name_of_no_zone_finds_none(name: str) -> None:
    assert find_zone(name) is None


@pytest.mark.parametrize(
    ("name", "start", "end", "changes"),
    [
        ("Europe/Berlin", (2026, 3, 28), (2026, 3, 30), [(2026, 3, 29, 1)]),
        ("Europe/Berlin", (2026, 10, 24), (2026, 10, 26), [(2026, 10, 25, 1)]),
        ("Europe/Berlin", (2026, 5, 1), (2026, 5, 4), []),
        ("Europe/London", (2026, 3, 28), (2026, 3, 30), [(2026, 3, 29, 1)]),
        ("UTC", (2026, 3, 28), (2026, 3, 30), []),
        # A stretch that begins with a change, and one that ends with it.
        ("Europe/Berlin", (2026, 3, 29, 1), (2026, 3, 30), []),
        ("Europe/Berlin", (2026, 3, 28), (2026, 3, 29, 1), [(2026, 3, 29, 1)]),
        # A change in the last second of a day's look ahead, and in the first of the next.
        ("Europe/Berlin", (2026, 3, 28, 1, 0, 1), (2026, 3, 30), [(2026, 3, 29, 1)]),
        ("Europe/Berlin", (2026, 3, 28, 0, 59, 59), (2026, 3, 30), [(2026, 3, 29, 1)]),
        # Two changes of a year, and a day that was skipped.
        ("Europe/Berlin", (2026, 3, 1), (2026, 12, 1), [(2026, 3, 29, 1), (2026, 10, 25, 1)]),
        ("Pacific/Apia", (2011, 12, 29), (2012, 1, 1), [(2011, 12, 30, 10)]),
        # Half an hour at a time; and to the second, when local mean time ended.
        ("Australia/Lord_Howe", (2026, 4, 3), (2026, 4, 6), [(2026, 4, 4, 15)]),
        ("Africa/Monrovia", (1972, 1, 6), (1972, 1, 9), [(1972, 1, 7, 0, 44, 30)]),
    ],
)
def test_every_change_of_clocks_is_found_to_the_second(
    name: str, start: tuple[int, ...], end: tuple[int, ...], changes: list[tuple[int, ...]]
) -> None:
    zone, found = ZoneInfo(name), list(steady(utc(*start), utc(*end), ZoneInfo(name)))
    edges = [utc(*start), *(utc(*change) for change in changes if change != end), utc(*end)]
    assert [span for span, _ in found] == list(pairwise(edges))
    for (first, last), offset in found:
        assert offset == first.astimezone(zone).utcoffset()
        assert offset == (last - SECOND).astimezone(zone).utcoffset()


def test_a_stretch_without_time_has_no_pieces() -> None:
    assert not list(steady(utc(2026, 3, 1), utc(2026, 3, 1), timezone.utc))


@pytest.mark.parametrize(
    ("instant", "name", "hours"),
    [
        (utc(2026, 3, 1), "UTC", 0),
        (utc(2026, 3, 1), "Asia/Tokyo", 9),
        (utc(2026, 3, 1), "America/New_York", -5),
        (DAWN, "America/New_York", 0),  # where the local time cannot be written
        (FOREVER, "Pacific/Kiritimati", 0),
    ],
)
def test_the_offset_is_that_of_the_zone(instant: datetime, name: str, hours: int) -> None:
    assert offset_at(instant, ZoneInfo(name)) == hours * HOUR


def test_a_date_begins_at_midnight_in_its_zone_and_beyond_the_calendar_never() -> None:
    assert midnight(2026, 3, 1, ZoneInfo("Europe/Berlin")) == utc(2026, 3, 1) - HOUR
    assert midnight(9999, 12, 31, timezone.utc) == FOREVER.replace(microsecond=0) - DAY + SECOND
    assert midnight(10_000, 1, 1, timezone.utc) == FOREVER
