"""Times as people read them: how long ago or ahead, and exactly; `now` is a parameter."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Up to this far away a time is told by its distance.
_FAR = timedelta(days=28)
_STEPS = (
    (timedelta(days=2), timedelta(days=1), "days"),
    (timedelta(hours=2), timedelta(hours=1), "h"),
    (timedelta(minutes=1), timedelta(minutes=1), "min"),
)


def relative(at: datetime, now: datetime) -> str:
    """Return the distance from now, such as ``3 h ago`` or ``in 2 days``."""
    distance = abs(at - now)
    if distance > _FAR:
        return f"{at.day} {at:%b %Y}"
    words = span(distance)
    if not words:
        return "just now" if at <= now else "in a moment"
    return f"{words} ago" if at <= now else f"in {words}"


def span(distance: timedelta) -> str:
    """Return a length of time, such as ``3 h``; nothing for less than a minute."""
    for least, unit, name in _STEPS:
        if distance >= least:
            return f"{distance // unit} {name}"
    return ""


def absolute(at: datetime) -> str:
    """Return a time to the second, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def spoken(at: datetime) -> str:
    """Return a time to the minute, for sentences."""
    return f"{at.day} {at:%b %Y, %H:%M} UTC"
