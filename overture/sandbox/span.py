"""Reading of spans of time as people write them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_WHOLE = re.compile(r"(\s*\d+(?:\.\d+)?\s*[smhd])+\s*")
#: The farthest the demo's clock moves in one step.
LONGEST = timedelta(days=366)


def read_span(text: Any) -> timedelta:
    """Read a span such as ``20h``, ``90m`` or ``1d 2h``.

    Raises:
        ValueError: that is no span, or not one between a second and 366 days.
    """
    raw = str(text or "").strip().lower()
    if not _WHOLE.fullmatch(raw):
        raise ValueError(f"{text!r} is not a span of time such as 20h, 90m or 1d 2h")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(raw))
    if not 1 <= seconds <= LONGEST.total_seconds():
        raise ValueError(f"{text!r} is not between 1s and 366d")
    return timedelta(seconds=seconds)
