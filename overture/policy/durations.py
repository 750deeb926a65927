"""Durations as people write them, `14d` or `90m`: parsing and formatting, nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache

_DURATION = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text: str) -> timedelta:
    """Read a number with s, m, h or d.

    Raises:
        ValueError: The text is something else, or longer than a duration can be.
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"not a number with s, m, h or d: {text!r}")
    microseconds = Fraction(match[1]) * _SECONDS[match[2]] * 1_000_000
    if microseconds % 1:
        raise ValueError(f"finer than a microsecond: {text!r}")
    try:
        return timedelta(microseconds=int(microseconds))
    except OverflowError as exc:
        raise ValueError(f"too long: {text!r}") from exc


@lru_cache(maxsize=1024)
def format_duration(duration: timedelta) -> str:
    """Write a duration with the largest unit that needs no fraction; a single day is 24h."""
    for unit, seconds in reversed(_SECONDS.items()):
        count, rest = divmod(duration, timedelta(seconds=seconds))
        if count and not rest and (unit, count) != ("d", 1):
            return f"{count}{unit}"
    return f"{duration.total_seconds():f}".rstrip("0").rstrip(".") + "s"
