"""Cutting text so that no grapheme breaks and sentences break last."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

Size = Callable[[str], int]

ELLIPSIS = "\u2026"

_ZWJ = "\u200d"
_JOINERS = frozenset({_ZWJ, "\u200c", "\u0e33", "\u0eb3", "\uff9e", "\uff9f"})
_MARKS = frozenset({"Mn", "Me", "Mc"})
_CONTROLS = frozenset({"Cc", "Zl", "Zp"})
_PICTURES = frozenset({"So", "Sm", "Po", "Cn"})
_VIRAMA = 9  # combining class of the signs that join two Indic consonants
#: A border may not cost more than half of the room a part has.
_WORTHWHILE = 2
_BORDERS = (
    re.compile(r"\n\s*\n"),
    re.compile(
        r"[.!?\u2026]+[\"'\u201d\u2019\u00bb)\]]*(?=\s)|[\u3002\uff01\uff1f]+[\u201d\u300d]*"
    ),
    re.compile(r"\n"),
    re.compile(r"[,;:\u2013\u2014](?=\s)|[\uff0c\u3001]"),
)
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|No|Vol|Op|vs|feat|e\.g|i\.e|approx))\.$"
)
_SPACE = re.compile(r"\s+")


def utf16_units(text: str) -> int:
    """Count as platforms do that count an emoji twice; never less than the characters."""
    return len(text) + sum(1 for char in text if char > "\uffff")


def utf8_bytes(text: str) -> int:
    """Count the bytes the text takes on the wire, before JSON escapes it."""
    return len(text.encode("utf-8", "replace"))


def graphemes(text: str) -> Iterator[str]:
    """Yield what a reader sees as one character each: accents, flags and families stay whole."""
    start, flags = 0, 0
    for index in range(1, len(text)):
        before, char = text[index - 1], text[index]
        flags = flags + 1 if _is_flag_half(before) else 0
        if char < "\u0300" and char != "\n":
            joined = False
        else:
            joined = _joined(before, char) or (_is_flag_half(char) and flags % 2 == 1)
        if not joined:
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def split(text: str, limit: int, size: Size = utf16_units) -> list[str]:
    """Cut a text into parts of at most ``limit``: between paragraphs, sentences, clauses, words.

    Nothing but white space at the cuts is lost, and no part is blank.
    """
    rest, parts = text.strip(), []
    while size(rest) > limit:
        cut = _cut(rest, limit, size)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part]


def shorten(text: str, limit: int, size: Size = utf16_units) -> str:
    """Return the text in one part, ending in an ellipsis where it had to be cut."""
    text = text.strip()
    if size(text) <= limit:
        return text
    room = limit - size(ELLIPSIS)
    if room <= 0:
        return ""
    kept = text[: _fitting(text, room, size)]
    if not text[len(kept)].isspace():
        words = [found.start() for found in _SPACE.finditer(kept)]
        if words and words[-1] * 3 > len(kept) * 2:
            kept = kept[: words[-1]]
    return kept.rstrip(" \t\n,;:.") + ELLIPSIS


def _cut(text: str, limit: int, size: Size) -> int:
    """Return where to cut: the last worthwhile border that fits, else a space, else a grapheme."""
    fitting = _fitting(text, limit, size)
    if fitting == 0:
        return _hard_cut(text, limit, size)
    for border in _BORDERS:
        ends = [end for end in _ends(border, text, fitting) if end * _WORTHWHILE >= fitting]
        if ends:
            return ends[-1]
    if text[fitting].isspace():
        return fitting
    spaces = [found.start() for found in _SPACE.finditer(text, 1, fitting)]
    return spaces[-1] if spaces else fitting


def _ends(border: re.Pattern[str], text: str, fitting: int) -> Iterator[int]:
    for found in border.finditer(text, 0, min(fitting + 2, len(text))):
        if found.end() <= fitting and not _abbreviated(text, found.end()):
            yield found.end()


def _abbreviated(text: str, end: int) -> bool:
    return _ABBREVIATION.search(text, max(0, end - 8), end) is not None


def _fitting(text: str, limit: int, size: Size) -> int:
    """Return how many code points of whole graphemes fit."""
    end = room = 0
    for grapheme in graphemes(text[: limit + 2]):
        room += size(grapheme)
        if room > limit:
            return end
        end += len(grapheme)
    return end


def _hard_cut(text: str, limit: int, size: Size) -> int:
    """Return where to cut a grapheme that is longer than a whole part."""
    end = room = 0
    for char in text:
        room += size(char)
        if room > limit:
            break
        end += 1
    return max(end, 1)


def _joined(before: str, char: str) -> bool:
    if before == "\r" and char == "\n":
        return True
    if unicodedata.category(before) in _CONTROLS:
        return False
    category = unicodedata.category(char)
    if category in _MARKS or char in _JOINERS or _is_modifier(char):
        return True
    if unicodedata.combining(before) == _VIRAMA:
        return category == "Lo"
    return (before == _ZWJ and category in _PICTURES) or _joined_hangul(before, char)


def _is_modifier(char: str) -> bool:
    """Return whether this is a skin tone or part of a regional flag's tag."""
    return "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f"


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _joined_hangul(before: str, char: str) -> bool:
    if "\u1100" <= before <= "\u115f":
        return "\u1100" <= char <= "\u11a7" or "\uac00" <= char <= "\ud7a3"
    if "\u1160" <= char <= "\u11a7":
        return "\u1160" <= before <= "\u11a7" or _is_open_syllable(before)
    return "\u11a8" <= char <= "\u11ff" and (
        "\u1160" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3"
    )


def _is_open_syllable(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3" and (ord(char) - 0xAC00) % 28 == 0
