"""Local time of a person: which zone holds, and when a time of day comes round in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from overture.policy.facts import Facts
from overture.policy.intervals import DAY, FOREVER, Span

SECOND = timedelta(seconds=1)


def zone_of(facts: Facts) -> tuple[str, tzinfo]:
    """Return the name and the zone of the person: their own, else the account's, else UTC.

    A name the machine does not know counts as not given.
    """
    return _first_known(facts.timezone, facts.account_timezone)


@lru_cache(maxsize=4096)
def _first_known(*names: str | None) -> tuple[str, tzinfo]:
    for name in names:
        zone = find_zone(name) if name else None
        if name and zone:
            return name, zone
    return "UTC", timezone.utc


@lru_cache(maxsize=1024)
def find_zone(name: str) -> tzinfo | None:
    """Return the IANA zone of this name, or None when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def steady(start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[Span, timedelta]]:
    """Cut a stretch of whole seconds into pieces in which the zone keeps one UTC offset.

    Looks at the offset once a day and, where it differs, searches the change to the second.
    """
    seen, offset = start, offset_at(start, zone)
    while seen < end:
        ahead = min(seen + DAY, end)
        if offset_at(ahead, zone) == offset:
            seen = ahead
            continue
        seen = _change(seen, ahead, zone)
        yield (start, seen), offset
        start, offset = seen, offset_at(seen, zone)
    if start < end:
        yield (start, end), offset


def offset_at(instant: datetime, zone: tzinfo) -> timedelta:
    """Return the zone's offset from UTC at a UTC instant."""
    try:
        return instant.astimezone(zone).utcoffset() or timedelta(0)
    except OverflowError:  # the first or last hours of the calendar
        return timedelta(0)


def _change(start: datetime, end: datetime, zone: tzinfo) -> datetime:
    """Return the first second after start at which the offset is no longer the one at start."""
    offset = offset_at(start, zone)

    def changed(passed: int) -> bool:
        return offset_at(start + passed * SECOND, zone) != offset

    return start + bisect_left(range((end - start) // SECOND), True, key=changed) * SECOND


def midnight(year: int, month: int, day: int, zone: tzinfo) -> datetime:
    """Return the UTC instant at which this date begins in the zone."""
    try:
        return datetime(year, month, day, tzinfo=zone).astimezone(timezone.utc)
    except ValueError:  # beyond the last year of the calendar
        return FOREVER
