"""What reviewers note, as forms bring it, and corrected intents as Rasa's training data; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

#: Tags of one conversation, and characters of a tag and of a note.
_TAGS, _TAG, NOTE = 20, 40, 4000
_INTENT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
#: What would be read as the mark of an entity.
_MARKS = str.maketrans("[]", "  ")


def read_tags(text: str) -> list[str]:
    """Return the tags between the commas of a text: each once, in small letters."""
    words = (" ".join(one.split()).casefold()[:_TAG].strip() for one in text.split(","))
    return list(dict.fromkeys(filter(None, words)))[:_TAGS]


def read_note(text: str) -> str:
    """Return a note without the space around it."""
    return text.replace("\r\n", "\n").strip()[:NOTE]


def read_intent(text: str) -> str | None:
    """Return the name of an intent; None if the text cannot be one."""
    name = text.strip()
    return name if _INTENT.fullmatch(name) else None


def training_data(corrected: Iterable[tuple[str, str]]) -> str:
    """Return NLU training data as Rasa reads it.

    Args:
        corrected: intents with words of people, those of one intent together.
    """
    lines = ['version: "3.1"', "nlu:"]
    for intent, found in groupby(corrected, key=itemgetter(0)):
        words = dict.fromkeys(filter(None, (_in_a_line(text) for _, text in found)))
        if words:
            lines += [f"- intent: {intent}", "  examples: |", *(f"    - {one}" for one in words)]
    return "\n".join(lines if len(lines) > 2 else [lines[0], "nlu: []"]) + "\n"


def _in_a_line(text: str) -> str:
    """Return words on one line, without signs that YAML or Rasa would read as more than words."""
    clean = "".join(one if one.isprintable() else " " for one in text.translate(_MARKS))
    return " ".join(clean.split())
