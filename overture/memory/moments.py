"""Resolve what people write about time ("tomorrow night", "on the 3rd") against a moment.

Pure: ``now`` is a parameter, aware, and its zone is the person's.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

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
_DAYS.update({"tues": 1, "tue": 1, "thur": 3, "thurs": 3, "thu": 3, "fri": 4, "weds": 2})
_DAYS.update({"wensday": 2, "wednsday": 2, "thrusday": 3, "saterday": 5, "satuday": 5})
_SHORT_DAYS = {"mon": 0, "wed": 2, "sat": 5, "sun": 6}
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_N = r"\d{1,3}|a couple of|a couple|a few|an|a|" + "|".join(list(UNITS)[1:13])
_PART = r"(?: (?:early )?(?:morning|afternoon|evening|eve|night|nite|lunchtime|noon))?"
_TOMORROW = r"tomorrow|tomorow|tommorow|tommorrow|tomorrrow|tmrrw|tmrw|tmr|tmw|tomoz|2moro|2morrow"
_TONIGHT = r"tonight|tonite|2nite|2night|tnite"


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
    elif re.match(_TOMORROW, word):
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
    unit = {"min": "minute", "hr": "hour", "wk": "week", "yr": "year"}.get(unit, unit)
    if unit == "fortnight":
        unit, number = "week", number * 2
    ahead = relativedelta(**{f"{unit}s": number})  # type: ignore[arg-type]
    if unit in ("minute", "hour"):
        return _passed(hit, now, ahead)
    return on_day(hit, (now + ahead).date())


def _part_of_hour(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve "in half an hour"."""
    return _passed(hit, now, timedelta(minutes=_PARTS_OF_HOUR[hit["part"]]))


def _passed(hit: re.Match[str], now: datetime, ahead: timedelta | relativedelta) -> Moment:
    """Return the moment after hours, which pass evenly, also where the clocks are changed."""
    then = (now.astimezone(timezone.utc) + ahead).astimezone(now.tzinfo)
    return Moment(span=hit.span(), first=then.date(), last=then.date(), exact=then)


def _weekday(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve a day of the week: the coming one, "next" the one of next week."""
    today, wanted = now.date(), {**_DAYS, **_SHORT_DAYS}[hit["day"]]
    ahead = (wanted - today.weekday()) % 7 or 7
    if hit["which"] == "last":
        return on_day(hit, today + timedelta(days=ahead - 7 if ahead < 7 else -7))
    if hit["which"] in ("next", "nxt") or hit["week"]:
        monday = today + timedelta(days=7 - today.weekday())
        return on_day(hit, monday + timedelta(days=wanted))
    day = today + timedelta(days=ahead)
    coming = hit["which"] in ("coming", "this coming", "by")
    return on_day(hit, day, earlier=None if coming else day - timedelta(days=7))


def _week_on(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve "a week from Friday" and "Friday week": seven days after the coming one."""
    ahead = (_DAYS[hit["day"] or hit["pay"]] - now.weekday()) % 7 or 7
    return on_day(hit, now.date() + timedelta(days=ahead + 7))


def _end_of(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve "the end of the month" to its last days."""
    today = now.date()
    if hit[1] == "week":
        last = today + timedelta(days=6 - today.weekday())
    elif hit[1] == "month":
        last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    else:
        last = today.replace(month=12, day=31)
    return on_days(hit, max(today, last - timedelta(days=2)), last)


def _after_next(hit: re.Match[str], now: datetime) -> Moment:
    """Resolve "the week after next"."""
    monday = now.date() + timedelta(days=14 - now.weekday())
    if hit[1] == "month":
        first = now.date().replace(day=1) + relativedelta(months=2)
        return on_days(hit, first, first + relativedelta(months=1) - timedelta(days=1))
    if hit[1] == "weekend":
        return on_days(hit, monday + timedelta(days=5), monday + timedelta(days=6))
    return on_days(hit, monday, monday + timedelta(days=6))


def _weekend(hit: re.Match[str], now: datetime) -> Moment:
    saturday = now.date() + timedelta(days=5 - now.weekday())
    if now.weekday() == 6 and hit[1] != "last":
        saturday = now.date() - timedelta(days=1)
    if hit[1] == "next":
        saturday += timedelta(days=7)
    if hit[1] == "last":
        saturday -= timedelta(days=7)
    named = hit[1] in ("last", "next")
    first = saturday if named else max(saturday, now.date())
    earlier = None if named or now.weekday() > 4 else saturday - timedelta(days=7)
    last = saturday + timedelta(days=1)
    return Moment(span=hit.span(), first=first, last=last, vague=True, earlier=earlier)


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


_PARTS_OF_HOUR = {
    "half an hour": 30,
    "half a hour": 30,
    "an hour and a half": 90,
    "a quarter of an hour": 15,
    "quarter of an hour": 15,
    "three quarters of an hour": 45,
}
_UNIT = r"minutes?|mins?|hours?|hrs?|days?|fortnights?|weeks?|wks?|months?|years?|yrs?"
_PATTERNS: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Moment | None]], ...
] = (
    (_pattern(r"(\d{4})-(\d\d)-(\d\d)"), iso_date),
    (
        _pattern(
            rf"(?:later )?(?:the )?(day after (?:{_TOMORROW})|day before yesterday"
            rf"|(?:{_TOMORROW}){_PART}"
            rf"|{_TONIGHT}|today|this (?:morning|afternoon|evening)|yesterday{_PART}|last night)"
        ),
        _near_day,
    ),
    (_pattern(rf"(?:a )?week (?:from|on) (?P<day>{_DAY})|(?P<pay>{_DAY}) week"), _week_on),
    (_pattern(r"(?:at |by )?(?:the )?end of (?:the |this )(week|month|year)"), _end_of),
    (_pattern(r"(?:the )?(week|month|weekend) after next"), _after_next),
    (
        _pattern(rf"(?:in|after) (?:about |like |around )?(?P<part>{'|'.join(_PARTS_OF_HOUR)})"),
        _part_of_hour,
    ),
    (
        _pattern(
            rf"(?:(?:in|after) (?:about |like |around )?(?P<n>{_N}) (?P<unit>{_UNIT})"
            r"(?:'?s?'? time)?"
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
            rf"(?:on )?(?:(?P<which>this|next|nxt|last|coming|this coming) )?(?P<day>{_DAY}){_PART}"
            r"(?P<week> next week)?"
        ),
        _weekday,
    ),
    (
        _pattern(
            rf"(?:on )?(?P<which>this|next|nxt|last|on|this coming|by) (?P<day>mon|wed|sat|sun)"
            rf"{_PART}(?P<week> next week)?"
        ),
        _weekday,
    ),
    (
        _pattern(
            r"(?:on )?(?P<which>)(?P<day>mon|wed|sat|sun)"
            r" (?:morning|afternoon|evening|eve|night|nite)(?P<week> next week)?"
        ),
        _weekday,
    ),
    (
        _pattern(
            r"(?:(?:at|on|over|during) )?(?:the )?(this|next|last|coming|this coming)? ?"
            r"(?:weekend|wknd|wkend)"
        ),
        _weekend,
    ),
    (_pattern(r"(?:later |early |sometime )?(this|next|last) (week|month|year)"), _span_of_time),
    (_pattern(r"on the (\d{1,2})(?:st|nd|rd|th)?"), day_of_month),
    (_pattern(r"(?:for|by|from|until|till|til|around) the (\d{1,2})(?:st|nd|rd|th)"), day_of_month),
    (
        _pattern(
            r"(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)(?=\s*(?:$|[,.!?;:)]|(?:at|and|with|i|we|is"
            r"|till|until|to|so|for|my)\b))"
        ),
        day_of_month,
    ),
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
