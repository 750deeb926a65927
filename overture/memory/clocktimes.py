"""Find times of day in a text ("at 8", "7pm", "noon"). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import time

_CLOCK = re.compile(
    r"(?:\b(?:at|around|by|from|about|@) ?)?\b(\d{1,2})(?:[:.h](\d\d))? ?(am|pm"
    r"|a\.m\.|p\.m\.)(?!\w)"
    r"|\b(?:at|around|by|@) ?(\d{1,2})(?:[:.h](\d\d))?(?: ?o'?clock| ?h)?(?![\w:/%-])"
    r"(?! (?:people|films?|movies?|years?|minutes?|hours?|days?|weeks?|percent|of us|euros?))"
    r"|\b(\d{1,2}):(\d\d)\b|\b(?:at )?(noon|midnight)\b"
)


def clocks(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], time]]:
    """Yield the span and the time of each clock time outside the spans already taken."""
    for hit in _CLOCK.finditer(text):
        if any(hit.start() < end and start < hit.end() for start, end in taken):
            continue
        at = _clock(hit, text)
        if at is not None:
            yield hit.span(), at


def _clock(hit: re.Match[str], text: str) -> time | None:
    if hit[8]:
        return time(12 if hit[8] == "noon" else 0)
    hour, minute = int(hit[1] or hit[4] or hit[6]), int(hit[2] or hit[5] or hit[7] or 0)
    if hit[3]:
        hour = hour % 12 + (12 if hit[3].startswith("p") else 0)
    elif hit[4] and (hour < 9 or (hour < 12 and re.search(r"night|evening", text))):
        hour += 0 if "morning" in text else 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
