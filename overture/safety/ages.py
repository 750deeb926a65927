"""Tell whether a person says to be under eighteen, from canonical sentences.

Pure. Talk about others, about the past, and numbers that are no age do not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from overture.safety import rules

ADULT = 18
_YOUNGEST = 4
#: The strictest reading that was right when this release was made.
_RELEASED = 2026
_CLAUSE = re.compile(r" , | (?:and|but) (?=my |he |she |they )")
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen"
)
_NUMBERS = {word: at for at, word in enumerate(_WORDS.split(" "))}


def says_minor(sentences: Sequence[str], *, year: int | None = None) -> bool:
    """Tell whether any sentence says that its writer is a minor.

    A person counts as a minor through the last day of the year of the eighteenth birthday
    when only a birth year is known.
    """
    clauses = (clause for sentence in sentences for clause in _CLAUSE.split(sentence))
    return any(_clause_says(clause, year or _RELEASED) for clause in clauses)


def _clause_says(sentence: str, year: int) -> bool:
    said = rules.load("minor")
    claimed = (
        said.section("any").found(sentence)
        or said.section("whole").found(sentence)
        or any(_is_minor(hit) for hit in said.section("age").hits(sentence))
        or any(_years(hit) <= ADULT for hit in said.section("next").hits(sentence))
        or any(_born(hit, year) for hit in said.section("born").hits(sentence))
    )
    return claimed and not said.section("unless").found(sentence)


def _is_minor(hit: re.Match[str]) -> bool:
    return _YOUNGEST <= _years(hit) < ADULT


def _years(hit: re.Match[str]) -> int:
    """Read the age a pattern caught, in digits or in words."""
    word = next(group for group in hit.groups() if group)
    digits = re.sub(r"\D", "", word)
    return int(digits) if digits else _NUMBERS[word]


def _born(hit: re.Match[str], year: int) -> bool:
    born = _years(hit)
    if born < 100:
        born += 2000 if born + 2000 <= year else 1900
    return born <= year and year - born <= ADULT
