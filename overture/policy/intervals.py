"""Sets of instants as sorted, disjoint, half-open intervals; reads no clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

#: An interval of aware UTC datetimes: the start is inside, the end is not.
Span = tuple[datetime, datetime]

#: The first instant a datetime can hold: the start of what has always been so.
DAWN = datetime.min.replace(tzinfo=timezone.utc)
#: The last instant a datetime can hold: the end of what never ends.
FOREVER = datetime.max.replace(tzinfo=timezone.utc)
#: The smallest step of a datetime: turns an end that is inside into one that is not.
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)


def as_utc(instant: datetime) -> datetime:
    """Return the instant in UTC, so that adding a duration never means wall-clock arithmetic.

    Raises:
        ValueError: The datetime is naive, or lies outside the years 1 to 9999 in UTC.
    """
    if instant.tzinfo is timezone.utc:
        return instant
    if instant.utcoffset() is None:
        raise ValueError(f"naive datetime refused: {instant!r}")
    try:
        return instant.astimezone(timezone.utc)
    except OverflowError as exc:
        raise ValueError(f"outside the years 1 to 9999 in UTC: {instant!r}") from exc


def later(instant: datetime, delay: timedelta) -> datetime:
    """Add a duration to a UTC instant; past the last year that can be written it is forever."""
    try:
        return instant + delay
    except OverflowError:
        return FOREVER if delay > timedelta(0) else DAWN


@dataclass(frozen=True)
class Intervals:
    """A set of instants. Build it with `of`, `since` or `between`.

    The constructor takes its spans as they are: in UTC, not empty, sorted, neither overlapping
    nor touching.
    """

    __slots__ = ("spans",)
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, pairs: Iterable[Span]) -> Intervals:
        """Build a set from any spans: empty ones are dropped, those that touch are merged."""
        merged: list[Span] = []
        for start, end in sorted((as_utc(start), as_utc(end)) for start, end in pairs):
            if start >= end:
                continue
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return cls(tuple(merged))

    @classmethod
    def since(cls, start: datetime) -> Intervals:
        """Everything from this UTC instant on."""
        return cls.between(start, FOREVER)

    @classmethod
    def between(cls, start: datetime, end: datetime) -> Intervals:
        """Everything from one UTC instant up to, and without, another."""
        return cls(((start, end),)) if start < end else NEVER

    def contains(self, instant: datetime) -> bool:
        """Tell whether the UTC instant is in the set."""
        span = self.next_span(instant)
        return span is not None and span[0] <= instant

    def intersect(self, other: Intervals) -> Intervals:
        """Return what is in both sets."""
        mine, theirs = self.spans, other.spans
        found: list[Span] = []
        i = j = 0
        while i < len(mine) and j < len(theirs):
            start = max(mine[i][0], theirs[j][0])
            end = min(mine[i][1], theirs[j][1])
            if start < end:
                found.append((start, end))
            if mine[i][1] <= theirs[j][1]:
                i += 1
            else:
                j += 1
        return Intervals(tuple(found))

    def within(self, start: datetime, end: datetime) -> Intervals:
        """Return the part of the set from one UTC instant up to, and without, another."""
        return Intervals(
            tuple(
                (max(first, start), min(last, end))
                for first, last in self.spans
                if first < end and last > start
            )
        )

    def complement(self) -> Intervals:
        """Return what is not in the set."""
        edges = [DAWN, *(edge for span in self.spans for edge in span), FOREVER]
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return Intervals(tuple((start, end) for start, end in pairs if start < end))

    def first_after(self, instant: datetime) -> datetime | None:
        """Return the first instant of the set at or after this one, or None."""
        span = self.next_span(instant)
        return None if span is None else max(instant, span[0])

    def next_span(self, instant: datetime) -> Span | None:
        """Return the interval that holds the instant, or else the next one after it."""
        for span in self.spans:
            if instant < span[1]:
                return span
        return None

    def last_span_before(self, instant: datetime) -> Span | None:
        """Return the latest interval that begins before the instant, or None."""
        index = bisect_right(self.spans, (instant, DAWN))
        return self.spans[index - 1] if index else None


#: Allowed at every instant.
ALWAYS = Intervals(((DAWN, FOREVER),))
#: Allowed at none.
NEVER = Intervals(())
