"""Quiet hours: the part of the person's day in which nothing is sent, and what it leaves open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from overture.policy.intervals import DAWN, DAY, FOREVER, NEVER, Intervals, Span
from overture.policy.zones import steady

_DAY_MINUTES = 24 * 60
#: Quiet hours are not computed for the first and last days a datetime can hold.
_CALENDAR = (DAWN + 3 * DAY, FOREVER - 3 * DAY)
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """A daily stretch of local time: its start is quiet, its end is not. It may pass midnight."""

    #: Minutes after local midnight, 0 to 1439.
    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < _DAY_MINUTES and 0 <= self.end < _DAY_MINUTES):
            raise ValueError(f"not minutes of a day: {self.start!r}, {self.end!r}")
        if self.start == self.end:
            raise ValueError(f"start and end must differ: {self}")

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """Read `HH:MM-HH:MM`.

        Raises:
            ValueError: The text is something else, or start and end are the same.
        """
        match = _HOURS.fullmatch(text)
        if match is None:
            raise ValueError(f"not of the form HH:MM-HH:MM: {text!r}")
        hour, minute, end_hour, end_minute = map(int, match.groups())
        return cls(start=hour * 60 + minute, end=end_hour * 60 + end_minute)

    def __str__(self) -> str:
        (hour, minute), (end_hour, end_minute) = divmod(self.start, 60), divmod(self.end, 60)
        return f"{hour:02}:{minute:02}-{end_hour:02}:{end_minute:02}"

    def covers(self, other: QuietHours) -> bool:
        """Tell whether every quiet minute of the other is quiet here too."""
        offset = (other.start - self.start) % _DAY_MINUTES
        return offset + other._length() <= self._length()

    def _length(self) -> int:
        return (self.end - self.start) % _DAY_MINUTES

    def open_times(self, span: Span, zone: tzinfo) -> Intervals:
        """Return the instants inside the span at which local time is not quiet.

        What counts is what a clock on the wall shows: an hour that comes twice in autumn is
        quiet both times, one that is skipped in spring never comes.
        """
        start, end = max(span[0], _CALENDAR[0]), min(span[1], _CALENDAR[1])
        return _open_times(self, start, end, zone) if start < end else NEVER

    def add_days(self, found: list[Span], span: Span, offset: timedelta) -> None:
        """Add what is open in a span in which local time has this offset from UTC."""
        start, end = span
        opening = _midnight(start, offset) - DAY + timedelta(minutes=self.end)
        length = timedelta(minutes=_DAY_MINUTES - self._length())
        while opening < end:
            closing = opening + length
            if closing > start:
                first = max(start, opening)
                if found and found[-1][1] == first:
                    first = found.pop()[0]
                found.append((first, min(end, closing)))
            opening += DAY


@lru_cache(maxsize=256)
def _open_times(quiet: QuietHours, start: datetime, end: datetime, zone: tzinfo) -> Intervals:
    """Return what is open; those who are asked about together and share a zone share it."""
    return _open_days(quiet, start.toordinal(), end.toordinal(), zone).within(start, end)


@lru_cache(maxsize=2048)
def _open_days(quiet: QuietHours, first: int, last: int, zone: tzinfo) -> Intervals:
    """Return what is open from one UTC day to another, by their ordinals."""
    start, end = DAWN + (first - 1) * DAY, DAWN + last * DAY
    found: list[Span] = []
    for piece, offset in steady(start, end, zone):
        quiet.add_days(found, piece, offset)
    return Intervals(tuple(found))


def _midnight(instant: datetime, offset: timedelta) -> datetime:
    """Return the UTC instant at which the local day of this instant began."""
    local = instant + offset
    return local.replace(hour=0, minute=0, second=0, microsecond=0) - offset
