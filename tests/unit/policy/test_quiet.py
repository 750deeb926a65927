"""Quiet hours mean what a clock on the person's wall shows, through every change of clocks."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.policy import QuietHours
from overture.policy.intervals import DAWN, FOREVER, NEVER
from tests.unit.policy.factories import DAY, HOUR, TICK, utc
from tests.unit.policy.strategies import ANCHORS, ZONES, quiet

NIGHT = QuietHours.parse("22:00-09:00")


def is_quiet(hours: QuietHours, shown: datetime) -> bool:
    minute = shown.hour * 60 + shown.minute
    if hours.start < hours.end:
        return hours.start <= minute < hours.end
    return minute >= hours.start or minute < hours.end


@pytest.mark.parametrize("text", ["22:00-09:00", "00:00-23:59", "23:59-00:00", "01:30-05:45"])
def test_quiet_hours_read_back(text: str) -> None:
    assert str(QuietHours.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22:00",
        "22-09",
        "22:00-9:00",
        "24:00-09:00",
        "22:60-09:00",
        "22:00–09:00",
        "22:00-09:00 ",
        "-1:00-09:00",
        "09:00-09:00",  # would be quiet always, or never
    ],
)
def test_what_is_not_a_stretch_of_a_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not of the form|must differ"):
        QuietHours.parse(text)


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 5), (5, -1), (1440, 5), (5, 1440), (5, 1441), (1441, 5), (7, 7)]
)
def test_minutes_outside_a_day_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"not minutes of a day|must differ"):
        QuietHours(start=start, end=end)


def test_the_first_and_last_minute_of_a_day_are_allowed() -> None:
    assert str(QuietHours(start=0, end=1439)) == "00:00-23:59"
    assert str(QuietHours(start=1439, end=0)) == "23:59-00:00"


@pytest.mark.parametrize(
    ("outer", "inner", "covers"),
    [
        ("22:00-09:00", "22:00-09:00", True),
        ("22:00-09:00", "23:00-08:00", True),
        ("22:00-09:00", "00:00-01:00", True),
        ("22:00-09:00", "21:59-09:00", False),
        ("22:00-09:00", "22:00-09:01", False),
        ("01:00-05:00", "23:00-02:00", False),
        ("09:01-09:00", "22:00-09:00", True),
        ("22:00-09:00", "12:00-13:00", False),
    ],
)
def test_quiet_hours_cover_others_around_the_day(outer: str, inner: str, covers: bool) -> None:
    assert QuietHours.parse(outer).covers(QuietHours.parse(inner)) is covers


def test_the_start_is_quiet_and_the_end_is_not() -> None:
    found = NIGHT.open_times((utc(2026, 3, 1), utc(2026, 3, 3)), timezone.utc)
    assert found.spans == (
        (utc(2026, 3, 1, 9), utc(2026, 3, 1, 22)),
        (utc(2026, 3, 2, 9), utc(2026, 3, 2, 22)),
    )


def test_a_span_that_ends_as_the_quiet_hours_do_holds_nothing_open() -> None:
    span = (utc(2026, 3, 1, 3), utc(2026, 3, 1, 9))
    assert NIGHT.open_times(span, timezone.utc) == NEVER


@pytest.mark.parametrize("length", [timedelta(0), -HOUR])
def test_a_span_without_time_holds_nothing_open(length: timedelta) -> None:
    noon = utc(2026, 3, 1, 12)
    assert NIGHT.open_times((noon, noon + length), timezone.utc) == NEVER


def test_hours_that_do_not_pass_midnight_leave_the_night_open_in_one_piece() -> None:
    noon_rest = QuietHours.parse("12:00-13:00")
    found = noon_rest.open_times((utc(2026, 3, 1), utc(2026, 3, 2, 12)), timezone.utc)
    assert found.spans == (
        (utc(2026, 3, 1), utc(2026, 3, 1, 12)),
        (utc(2026, 3, 1, 13), utc(2026, 3, 2, 12)),
    )


@pytest.mark.parametrize(
    ("zone", "quiet_hours", "day", "expected"),
    [
        # Spring, 02:00 becomes 03:00: an end inside the gap opens when the clock jumps over it.
        ("Europe/Berlin", "22:00-02:30", (2026, 3, 29), [((0, 0), (0, 0)), ((1, 0), (20, 0))]),
        # Spring: a start inside the gap is quiet from the jump on.
        ("Europe/Berlin", "02:30-09:00", (2026, 3, 29), [((0, 0), (1, 0)), ((7, 0), (24, 0))]),
        # Autumn, 03:00 becomes 02:00: half past two comes twice, and is quiet twice.
        (
            "Europe/Berlin",
            "02:15-02:30",
            (2026, 10, 25),
            [((0, 0), (0, 15)), ((0, 30), (1, 15)), ((1, 30), (24, 0))],
        ),
        # Spring: the only hour that is not quiet is the one that never comes.
        ("Europe/Berlin", "03:00-02:00", (2026, 3, 29), []),
        # Autumn: the hour before the end of the quiet hours comes twice.
        ("Europe/Berlin", "22:00-03:00", (2026, 10, 25), [((2, 0), (21, 0))]),
        # West of Greenwich, midnight becomes 23:00: the last hour of the old day comes again.
        (
            "America/Nuuk",
            "23:30-23:45",
            (2026, 10, 25),
            [((0, 0), (0, 30)), ((0, 45), (1, 30)), ((1, 45), (24, 0))],
        ),
        # Half an hour of change, far from any whole hour.
        (
            "Australia/Lord_Howe",
            "22:00-09:00",
            (2026, 4, 4),
            [((0, 0), (11, 0)), ((22, 30), (24, 0))],
        ),
        # The westernmost and the easternmost clock.
        ("Etc/GMT+12", "22:00-09:00", (2026, 3, 1), [((0, 0), (10, 0)), ((21, 0), (24, 0))]),
        ("Pacific/Kiritimati", "22:00-09:00", (2026, 3, 1), [((0, 0), (8, 0)), ((19, 0), (24, 0))]),
    ],
)
def test_a_change_of_clocks_is_read_from_the_wall(
    zone: str,
    quiet_hours: str,
    day: tuple[int, int, int],
    expected: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    start = utc(*day)
    found = QuietHours.parse(quiet_hours).open_times((start, start + DAY), ZoneInfo(zone))
    spans = [
        (start + timedelta(hours=a[0], minutes=a[1]), start + timedelta(hours=b[0], minutes=b[1]))
        for a, b in expected
        if a != b
    ]
    assert list(found.spans) == spans


def test_a_day_the_dateline_skipped_does_not_stop_the_hours() -> None:
    """Samoa had no 30 December 2011: the night of the 29th ends on the morning of the 31st."""
    span = (utc(2011, 12, 30, 7), utc(2011, 12, 30, 21))
    found = NIGHT.open_times(span, ZoneInfo("Pacific/Apia"))
    assert found.spans == (
        (utc(2011, 12, 30, 7), utc(2011, 12, 30, 8)),
        (utc(2011, 12, 30, 19), span[1]),
    )


@given(quiet, st.sampled_from(ANCHORS), st.sampled_from(ZONES), st.timedeltas(-2 * DAY, 2 * DAY))
def test_every_instant_is_open_exactly_when_the_wall_clock_is_not_quiet(
    hours: QuietHours, anchor: datetime, name: str, offset: timedelta
) -> None:
    zone, start = ZoneInfo(name), anchor + offset
    found = hours.open_times((start, start + 3 * DAY), zone)
    for at in [start + n * 19 * timedelta(minutes=1) for n in range(227)]:
        assert found.contains(at) != is_quiet(hours, at.astimezone(zone))
    for opening, closing in found.spans:
        assert opening == start or is_quiet(hours, (opening - TICK).astimezone(zone))
        assert closing == start + 3 * DAY or is_quiet(hours, closing.astimezone(zone))


def test_the_ends_of_the_calendar_are_left_out_and_nothing_breaks() -> None:
    assert NIGHT.open_times((DAWN, DAWN + DAY), ZoneInfo("Etc/GMT-14")) == NEVER
    assert NIGHT.open_times((FOREVER - HOUR, FOREVER), ZoneInfo("Etc/GMT+12")) == NEVER
    rest = QuietHours.parse("06:00-06:30")
    for zone in (timezone.utc, ZoneInfo("Etc/GMT-14"), ZoneInfo("Etc/GMT+12")):
        assert rest.open_times((DAWN, DAWN + 6 * DAY), zone).spans[0][0] == DAWN + 3 * DAY
        last = rest.open_times((FOREVER - 6 * DAY, FOREVER), zone).spans[-1]
        assert last[1] == FOREVER - 3 * DAY
