"""The geometry of the charts: numbers in, rectangles out; the template only writes them down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from overture.store.reviewing import DayCount

#: Days a chart looks back.
DAYS = 14
_EPOCH = date(1970, 1, 1)
_HEIGHT = 96
_STEP = 40
_BAR = 13


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Hold one rectangle."""

    what: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Day:
    """Hold one day: its numbers and its bars."""

    date: date
    answered: int
    unanswered: int
    withheld: int
    x: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Hold the days of a chart and the numbers of all of them."""

    days: tuple[Day, ...]
    width: int
    height: int
    most: int
    answered: int
    unanswered: int
    withheld: int

    @property
    def sent(self) -> int:
        """Return how many follow-ups went out."""
        return self.answered + self.unanswered


def since(now: datetime) -> datetime:
    """Return the first instant of the chart's first day."""
    today = now.astimezone(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=DAYS - 1)


def chart(counts: Iterable[DayCount], now: datetime) -> Chart:
    """Lay out the follow-ups of the last two weeks, one day beside the other."""
    totals: Counter[tuple[int, str]] = Counter()
    for one in counts:
        totals[one.day, one.what] += one.count
    first = (since(now).date() - _EPOCH).days
    numbers = [
        tuple(totals[day, what] for what in ("answered", "unanswered", "withheld"))
        for day in range(first, first + DAYS)
    ]
    most = max((max(a + u, w) for a, u, w in numbers), default=0)
    days = tuple(_day(first, place, n, max(most, 1)) for place, n in enumerate(numbers))
    return Chart(
        days=days,
        width=_STEP * DAYS,
        height=_HEIGHT,
        most=most,
        answered=sum(day.answered for day in days),
        unanswered=sum(day.unanswered for day in days),
        withheld=sum(day.withheld for day in days),
    )


def _day(first: int, place: int, numbers: Sequence[int], most: int) -> Day:
    answered, unanswered, withheld = numbers
    x = place * _STEP + (_STEP - 2 * _BAR - 2) / 2
    unit = (_HEIGHT - 4) / most
    bars = [
        _bar("answered", x, 0, answered * unit),
        _bar("unanswered", x, answered * unit, unanswered * unit),
        _bar("withheld", x + _BAR + 2, 0, withheld * unit),
    ]
    return Day(
        date=_EPOCH + timedelta(days=first + place),
        answered=answered,
        unanswered=unanswered,
        withheld=withheld,
        x=place * _STEP + _STEP / 2,
        bars=tuple(bar for bar in bars if bar.height),
    )


def _bar(what: str, x: float, under: float, height: float) -> Bar:
    top = round(_HEIGHT - under - height, 1)
    return Bar(what=what, x=round(x, 1), y=top, width=_BAR, height=round(height, 1))


def reasons(counts: Iterable[DayCount]) -> list[tuple[str, int, float]]:
    """Return why follow-ups were withheld: reason, how often, and its share of the most frequent.

    A follow-up with two reasons counts for both.
    """
    totals: Counter[str] = Counter()
    for one in counts:
        for word in one.reasons:
            totals[word] += one.count
    most = max(totals.values(), default=1)
    return [(word, count, round(100 * count / most, 1)) for word, count in totals.most_common()]
