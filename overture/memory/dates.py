"""Resolve dates of the calendar ("March 3rd", "14.3.", "Easter") to days. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

_MONTHS = {name.lower(): at for at, name in enumerate(calendar.month_name) if name}


_MONTHS.update({name.lower(): at for at, name in enumerate(calendar.month_abbr) if name})


_MONTHS["sept"] = 9
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))


_FIXED = {
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "nye": (12, 31),
    "new year's day": (1, 1),
    "new year's": (1, 1),
    "halloween": (10, 31),
    "valentine's day": (2, 14),
    "valentines day": (2, 14),
    "valentine's": (2, 14),
    "st patrick's day": (3, 17),
}


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Hold one expression of time: where it stands and the days it may mean."""

    span: tuple[int, int]
    first: date
    last: date
    at: time | None = None
    exact: datetime | None = None
    vague: bool = False
    #: The first day it means of what is over, where it means another of what is to come.
    earlier: date | None = None

    def iso(self, now: datetime) -> str:
        """Return a date, or a local time with the offset of ``now`` when a time was given."""
        if self.exact:
            return self.exact.isoformat(timespec="seconds")
        if self.at is None:
            return self.first.isoformat()
        # In an hour that comes twice, today's times are those of the one that is running.
        at = self.at.replace(fold=now.fold if self.first == now.date() else 0)
        return datetime.combine(self.first, at, now.tzinfo).isoformat(timespec="seconds")

    def is_past(self, now: datetime) -> bool:
        """Tell whether it lies before the day of ``now``."""
        return self.last < now.date()

    def of_the_past(self) -> Moment | None:
        """Return what it means of something that is over: "on Sunday" is the last one then."""
        if self.earlier is None:
            return None
        return replace(self, first=self.earlier, last=self.earlier + (self.last - self.first))


def on_day(hit: re.Match[str], day: date, days: int = 1, *, earlier: date | None = None) -> Moment:
    """Return the moment of one day, or of several from it on."""
    last = day + timedelta(days=days - 1)
    return Moment(span=hit.span(), first=day, last=last, vague=days > 1, earlier=earlier)


def iso_date(hit: re.Match[str], now: datetime) -> Moment | None:
    """Resolve 2026-03-14."""
    return _dated(hit, int(hit[1]), int(hit[2]), int(hit[3]))


def _dated(hit: re.Match[str], year: int, month: int, day: int) -> Moment | None:
    try:
        return on_day(hit, date(year, month, day))
    except ValueError:
        return None


def on_days(hit: re.Match[str], first: date, last: date) -> Moment:
    """Return the moment of a stretch of days."""
    return Moment(span=hit.span(), first=first, last=last, vague=True)


def month_day(hit: re.Match[str], now: datetime) -> Moment | None:
    """Resolve March 3rd: the coming one, unless a year is given."""
    month = _MONTHS[hit["month"] or hit["nonth"]]
    day, year = int(hit["d"] or hit["e"]), hit["year"] or hit["zear"]
    if year:
        return _dated(hit, int(year), month, day)
    this = _dated(hit, now.year, month, day)
    if this and this.first < now.date():
        return _dated(hit, now.year + 1, month, day)
    return this


def day_of_month(hit: re.Match[str], now: datetime) -> Moment | None:
    """Resolve "the 3rd": the coming one."""
    wanted, first = int(hit[1]), now.date().replace(day=1)
    for ahead in range(3):
        month = first + relativedelta(months=ahead)
        if wanted <= calendar.monthrange(month.year, month.month)[1]:
            day = month.replace(day=wanted)
            if day >= now.date():
                return on_day(hit, day)
    return None


def slashed(hit: re.Match[str], now: datetime) -> Moment | None:
    """Resolve 3/14 and 14.3.2027: month first unless that cannot be; dots are day first."""
    one, two = int(hit[1]), int(hit[3])
    day, month = (one, two) if hit[2] == "." or one > 12 else (two, one)
    year = int(hit[4]) if hit[4] else now.year
    found = _dated(hit, year + 2000 if year < 100 else year, month, day)
    if found and not hit[4] and found.first < now.date():
        return _dated(hit, year + 1, month, day)
    return found


def month_alone(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve "in June" to the whole month."""
    month = _MONTHS[hit[2]]
    year = int(hit[3]) if hit[3] else now.year + (month < now.month)
    if hit[1] == "last" and not hit[3]:
        year = now.year - (month >= now.month)
    first = date(year, month, 1)
    return on_days(hit, first, first + relativedelta(months=1) - timedelta(days=1))


def feast(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve a feast of the year: the coming one."""

    def of(year: int) -> date:
        if hit[1].startswith("easter"):
            return easter(year)
        if hit[1] == "thanksgiving":
            first = date(year, 11, 1)
            return first + timedelta(days=(3 - first.weekday()) % 7 + 21)
        return date(year, *_FIXED[hit[1]])

    day = of(now.year)
    return on_day(hit, day if day >= now.date() else of(now.year + 1))
