"""What intake makes of words, loaded at the first text and remembered for texts that repeat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from overture.memory.records import ExtractedFact


@lru_cache(maxsize=16384)
def screen(text: str) -> frozenset[str]:
    """Return the labels intake gives a text."""
    from overture.safety import screen as screen_text

    return screen_text(text)


def extract(text: str, now: datetime, zone: str | None) -> Sequence[ExtractedFact]:
    """Return the facts intake keeps of a text."""
    if not _has_cue(text):
        return ()
    from overture.memory import extract as extract_facts

    return extract_facts(text, now, zone)


@lru_cache(maxsize=16384)
def _has_cue(text: str) -> bool:
    """Tell whether anything in a text could be a fact, whenever it was said."""
    from overture.memory import language

    return bool(language.heard(text)[1])
