"""Words in the form in which they are compared: without case, accents, signs and plurals."""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"[^\W_]+(?:['’´`][^\W_]+)*")


def fold(word: str) -> str:
    """Reduce a word to plain lower-case letters and digits, apostrophes gone."""
    bare = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(sign for sign in bare if sign.isalnum())
    return "n" if letters == "and" else letters


def singular(word: str) -> str:
    """Return a word without the plural's ending; good enough to look a word up."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("oes", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def tokens(text: str) -> list[re.Match[str]]:
    """Return the words of a text with their places."""
    return list(_TOKEN.finditer(text.replace("&", "n")))


def folded(text: str) -> tuple[str, ...]:
    """Return the folded words of a text."""
    return tuple(fold(token[0]) for token in tokens(text))
