"""Read small numbers written as words. Pure."""

from __future__ import annotations

import re

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
UNITS = {word: at for at, word in enumerate(_WORDS.split(" "))}
TENS = {
    word: 10 * at
    for at, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy"), 2)
}


def number(text: str) -> int | None:
    """Return the number that digits or words like "thirty-four" mean, or None."""
    if text.isdigit():
        return int(text)
    parts = re.split(r"[- ]", text)
    if parts[0] in TENS and len(parts) > 1 and parts[1] in UNITS:
        return TENS[parts[0]] + UNITS[parts[1]]
    return UNITS.get(parts[0]) or TENS.get(parts[0])
