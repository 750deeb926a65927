"""Read until when a person wants quiet: "till Monday", "for two weeks". Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

#: How long the quiet lasts when no time is named.
DEFAULT = timedelta(days=7)
#: No pause is longer; who wants more says stop.
LONGEST = timedelta(days=366)

_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("zero", "a an one", "two couple", "three few", "four", "five", "six", "seven", "eight")
    )
    for word in words.split()
}
_UNITS = {
    "hour": 1 / 24,
    "day": 1,
    "night": 1,
    "week": 7,
    "fortnight": 14,
    "month": 30,
    "year": 365,
}
_SPAN = re.compile(
    r"\b(\d{1,3}|" + "|".join(_NUMBERS) + r")(?:\s+of)?\s+(" + "|".join(_UNITS) + r")s?\b"
)
_NEXT = re.compile(r"\b(?:next|this)\s+(week|month|year)\b")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"\b(" + "|".join(_DAYS) + r")[a-z]*\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(r"\b(" + "|".join(_MONTHS) + r")[a-z]*\b")
_DAY_OF_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b")


def until(text: str, now: datetime) -> datetime:
    """Return the end of the quiet a person asks for, in the zone of ``now``.

    Args:
        text: the person's words.
        now: aware; best in the person's own time zone.
    """
    if now.tzinfo is None:
        raise ValueError(f"now must be aware, got {now!r}")
    words = text.casefold()
    found = _span(words, now) or _near(words, now) or _weekday(words, now) or _date(words, now)
    return min(found or now + DEFAULT, now + LONGEST)


def _span(words: str, now: datetime) -> datetime | None:
    match = _SPAN.search(words)
    if match is None:
        return None
    number = int(match[1]) if match[1].isdigit() else _NUMBERS[match[1]]
    return now + timedelta(days=max(number, 1) * _UNITS[match[2]])


def _near(words: str, now: datetime) -> datetime | None:
    if re.search(r"\b(?:tomorrow|tmrw|tmr|today|tonight)\b", words):
        return _morning(now + timedelta(days=1))
    match = _NEXT.search(words)
    if match is None:
        return None
    if match[1] == "week":
        return _morning(now + timedelta(days=7 - now.weekday()))
    if match[1] == "month":
        return _morning((now.replace(day=1) + timedelta(days=32)).replace(day=1))
    return _morning(now.replace(year=now.year + 1, month=1, day=1))


def _weekday(words: str, now: datetime) -> datetime | None:
    match = _WEEKDAY.search(words)
    if match is None:
        return None
    ahead = (_DAYS.index(match[1]) - now.weekday() - 1) % 7 + 1
    return _morning(now + timedelta(days=ahead))


def _date(words: str, now: datetime) -> datetime | None:
    named = _MONTH.search(words)
    day = _DAY_OF_MONTH.search(words)
    if named is None and day is None:
        return None
    wanted = min(int(day[1]), 28) if day and int(day[1]) else 1
    month = _MONTHS.index(named[1]) + 1 if named else now.month
    found = _morning(now.replace(month=month, day=wanted))
    if found > now:
        return found
    if named:
        return found.replace(year=found.year + 1)
    return (found.replace(day=1) + timedelta(days=32)).replace(day=wanted)


def _morning(day: datetime) -> datetime:
    return day.replace(hour=9, minute=0, second=0, microsecond=0)
