"""Resolve what people write about time ("tomorrow night", "on the 3rd") against a moment.

Pure: ``now`` is a parameter, aware, and its zone is the person's.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from overture.memory.clocktimes import clocks
from overture.memory.dates import (
    MONTH,
    Moment,
    day_of_month,
    feast,
    iso_date,
    month_alone,
    month_day,
    on_day,
    on_days,
    slashed,
)
from overture.memory.numbers import UNITS

_COUNTS = {"a": 1, "an": 1, "couple": 2, "a couple": 2, "a couple of": 2, "a few": 3}
_DAYS = {name.lower(): at for at, name in enumerate(calendar.day_name)}
_DAYS.update({"tues": 1, "tue": 1, "thur": 3, "thu": 3, "fri": 4, "weds": 2})
_SHORT_DAYS = {"mon": 0, "wed": 2, "sat": 5, "sun": 6}
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_N = r"\d{1,3}|a couple of|a couple|a few|an|a|" + "|".join(list(UNITS)[1:13])
_PART = r"(?: (?:early )?(?:morning|afternoon|evening|night|lunchtime|noon))?"


def moments(text: str, now: datetime) -> tuple[Moment, ...]:
    """Return the days and times named in a text, in order, without overlaps.

    Args:
        text: as written; letters may have any case.
        now: aware; "tonight" is the evening of its local day.
    """
    if now.tzinfo is None:
        raise ValueError(f"now must know its time zone: {now!r}")
    lowered = text.lower().replace("\u2019", "'")
    found: list[Moment] = []
    for pattern, resolve in _PATTERNS:
        for hit in pattern.finditer(lowered):
            if any(hit.start() < other.span[1] and other.span[0] < hit.end() for other in found):
                continue
            days = resolve(hit, now)
            if days:
                found.append(days)
    found.sort(key=lambda moment: moment.span)
    return _timed(lowered, found, now)


def _timed(text: str, days: list[Moment], now: datetime) -> tuple[Moment, ...]:
    """Give a clock time to the day it stands with; alone it means the next such time."""
    clock = next(clocks(text, [day.span for day in days]), None)
    if clock is None:
        return tuple(days)
    span, at = clock
    if not days:
        day = now.date() if at > now.time() else now.date() + timedelta(days=1)
        return (Moment(span=span, first=day, last=day, at=at),)
    first = days[0]
    joined = (min(span[0], first.span[0]), max(span[1], first.span[1]))
    near = min(abs(span[0] - first.span[1]), abs(first.span[0] - span[1])) <= 1
    kept = Moment(span=joined if near else first.span, first=first.first, last=first.first, at=at)
    rest = [] if near else [Moment(span=span, first=first.first, last=first.first, at=at)]
    return tuple(sorted((kept, *rest, *days[1:]), key=lambda moment: moment.span))


def _near_day(hit: re.Match[str], now: datetime) -> Moment:
    word = hit[1]
    shift = 0
    if word.startswith("day after"):
        shift = 2
    elif word.startswith("tomorrow"):
        shift = 1
    elif word.startswith(("yesterday", "last")):
        shift = -1
    elif word.startswith("day before"):
        shift = -2
    return on_day(hit, now.date() + timedelta(days=shift))


def _distance(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve "in two weeks", "3 days ago", "an hour from now"."""
    count = hit["n"] or hit["m"]
    number = _COUNTS.get(count) or UNITS.get(count) or int(count)
    unit = (hit["unit"] or hit["mnit"]).rstrip("s")
    number = -number if hit["ago"] == "ago" else number
    unit = {"min": "minute", "hr": "hour"}.get(unit, unit)
    then = now + relativedelta(**{f"{unit}s": number})  # type: ignore[arg-type]
    if unit in ("minute", "hour"):
        return Moment(span=hit.span(), first=then.date(), last=then.date(), exact=then)
    return on_day(hit, then.date())


def _weekday(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve a day of the week: the coming one, "next" the one of next week."""
    today, wanted = now.date(), {**_DAYS, **_SHORT_DAYS}[hit["day"]]
    ahead = (wanted - today.weekday()) % 7 or 7
    if hit["which"] == "last":
        return on_day(hit, today + timedelta(days=ahead - 7 if ahead < 7 else -7))
    if hit["which"] == "next" or hit["week"]:
        monday = today + timedelta(days=7 - today.weekday())
        return on_day(hit, monday + timedelta(days=wanted))
    return on_day(hit, today + timedelta(days=ahead))


def _weekend(hit: re.Match[str], now: datetime) -> Moment:
    saturday = now.date() + timedelta(days=5 - now.weekday())
    if now.weekday() == 6 and hit[1] != "last":
        saturday = now.date() - timedelta(days=1)
    if hit[1] == "next":
        saturday += timedelta(days=7)
    if hit[1] == "last":
        saturday -= timedelta(days=7)
    first = max(saturday, now.date()) if hit[1] not in ("last", "next") else saturday
    return Moment(span=hit.span(), first=first, last=saturday + timedelta(days=1), vague=True)


def _span_of_time(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve "next week", "this month", "last year" to its first day and its length."""
    shift = {"next": 1, "last": -1}.get(hit[1], 0)
    today = now.date()
    if hit[2] == "week":
        first = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        return on_days(hit, first if shift else today, first + timedelta(days=6))
    step = relativedelta(months=1) if hit[2] == "month" else relativedelta(years=1)
    first = today.replace(day=1) if hit[2] == "month" else today.replace(month=1, day=1)
    first += step * shift
    return on_days(hit, first if shift else today, first + step - timedelta(days=1))


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'/]){body}(?![\w/])")


_UNIT = r"minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?"
_PATTERNS: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Moment | None]], ...
] = (
    (_pattern(r"(\d{4})-(\d\d)-(\d\d)"), iso_date),
    (
        _pattern(
            rf"(?:later )?(?:the )?(day after tomorrow|day before yesterday|tomorrow{_PART}|tonight"
            rf"|today|this (?:morning|afternoon|evening)|yesterday{_PART}|last night)"
        ),
        _near_day,
    ),
    (
        _pattern(
            rf"(?:(?:in|after) (?:about |like |around )?(?P<n>{_N}) (?P<unit>{_UNIT})(?: time)?"
            rf"|(?P<m>{_N}) (?P<mnit>{_UNIT}) (?P<ago>ago|from now|from today))"
        ),
        _distance,
    ),
    (
        _pattern(
            rf"(?:on )?(?:the )?(?P<month>{MONTH})\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?"
            rf"(?:,? (?P<year>(?:19|20)\d\d))?"
            rf"|(?:on )?(?:the )?(?P<e>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<nonth>{MONTH})"
            rf"(?:,? (?P<zear>(?:19|20)\d\d))?"
        ),
        month_day,
    ),
    (
        _pattern(
            rf"(?:on )?(?:(?P<which>this|next|last|coming|this coming) )?(?P<day>{_DAY}){_PART}"
            r"(?P<week> next week)?"
        ),
        _weekday,
    ),
    (
        _pattern(
            rf"(?:on )?(?P<which>this|next|last|on|this coming) (?P<day>mon|wed|sat|sun){_PART}"
            r"(?P<week> next week)?"
        ),
        _weekday,
    ),
    (
        _pattern(
            r"(?:(?:at|on|over|during) )?(?:the )?(this|next|last|coming|this coming)? ?weekend"
        ),
        _weekend,
    ),
    (_pattern(r"(?:later |early |sometime )?(this|next|last) (week|month|year)"), _span_of_time),
    (_pattern(r"on the (\d{1,2})(?:st|nd|rd|th)?"), day_of_month),
    (_pattern(r"(?:the )?(\d{1,2})(?:st|nd|rd|th) of (?:this|the) month"), day_of_month),
    (
        _pattern(
            r"(?:(?:on|over|at|for|around|before|after) )?(christmas eve|christmas|xmas|boxing day"
            r"|new year'?s eve|nye|new year's day|new year's|halloween|valentine'?s day"
            r"|valentine's|st patrick's day|easter(?: sunday)?|thanksgiving)(?: day)?"
        ),
        feast,
    ),
    (_pattern(r"(?:on )?(?:the )?(\d{1,2})(\.)(\d{1,2})\.(\d{4})?"), slashed),
    (_pattern(r"(?:on )?(?:the )?(\d{1,2})(/)(\d{1,2})(?:/(\d{4}|\d\d))?"), slashed),
    (
        _pattern(
            r"(?:early |late |sometime )?(?:in|this|next|last) ?(?:early |late |mid )?"
            rf"(this|next|last)? ?({MONTH})(?: (20\d\d))?"
        ),
        month_alone,
    ),
)
