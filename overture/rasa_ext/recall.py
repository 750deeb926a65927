"""Memories in words, and which memory a question means. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from overture.personas import phrasing
from overture.rasa_ext.ports import Fact

_CLAUSES = {
    "name": "your name is {value}",
    "age": "you are {value}",
    "birthday": "your birthday: {value}",
    "location": "you live in {value}",
    "occupation": "your work: {value}",
    "relationship": "{value}",
    "likes": "you like {value}",
    "dislikes": "you do not like {value}",
    "favorite": "your favourite {topic} is {value}",
    "plan": "your plan: {value}",
    "event": "you mentioned: {value}",
    "health": "about your health: {value}",
    "other": "{value}",
}
_WORD = re.compile(r"[^\W_]{3,}")
#: Words of questions about memory that name no memory.
_EMPTY = phrasing.word_set(
    "forget delete remove erase scratch unremember remember memory about that this the what said "
    "told tell you how know why did when where who please can could would want from your "
    "save store keep dont don't not fact thing just like have has was were are"
)
_LEAD = re.compile(
    r"^\W*(?:(?:please|pls|can you|could you|you should|i want you to|hey|ok|maestro)\W+)*"
    r"(?:remember|note|don'?t forget|keep in mind|bear in mind|make a note|take note|save"
    r"|write down|memori[sz]e|add)\b(?:\W+(?:of|to your memory|for next time|for later))?"
    r"(?:\W+(?:that|this|it|of that|of this)\b)?[\s:,]*",
    re.IGNORECASE,
)


def clause(fact: Fact, now: datetime) -> str:
    """Say one memory as a clause: ``you like old westerns``."""
    form = _CLAUSES.get(fact.kind, "{value}")
    value = _spoken(fact)
    said = form.format(value=value, topic=fact.topic or "one")
    when = phrasing.spoken(fact.when, now, fact.until) if fact.kind in {"plan", "event"} else None
    return f"{said} ({when})" if when else said


def _spoken(fact: Fact) -> str:
    if fact.kind in {"name", "relationship", "event"}:
        return phrasing.as_said(fact.kind, fact.value)
    return phrasing.second_person(fact.value)


def listed(facts: Sequence[Fact], now: datetime) -> str:
    """Say memories as one sentence part, the oldest first."""
    return "; ".join(clause(fact, now) for fact in facts)


def source(fact: Fact, now: datetime) -> str:
    """Say when and in which words a memory was told."""
    day = phrasing.spoken(fact.said_at.date(), now) or f"on {fact.said_at.date()}"
    return f'You wrote it {day}: "{fact.quote or fact.value}"'


def meant(facts: Sequence[Fact], words: str, lately: Collection[str]) -> Fact | None:
    """Return the memory a question is about.

    Args:
        facts: current memories, the newest last.
        words: the question; a memory whose kind, topic or value it names is taken.
        lately: ids of memories the persona spoke of last, for "how do you know that".
    """
    asked = named(words)
    by_name = (fact for fact in reversed(facts) if asked & _words_of(fact))
    by_use = (fact for fact in reversed(facts) if fact.id in lately)
    return next(by_name, None) or next(by_use, None) or (facts[-1] if facts else None)


def named(words: str) -> frozenset[str]:
    """Return the words of a question that may name a memory."""
    return frozenset(_WORD.findall(words.casefold())) - _EMPTY


def to_keep(text: str) -> str:
    """Return what a person wants kept: ``remember that I run`` asks to keep ``I run``."""
    return _LEAD.sub("", text, count=1).strip(" .!,")


def _words_of(fact: Fact) -> set[str]:
    texts = (fact.kind, fact.topic or "", fact.value)
    return {word for text in texts for word in _WORD.findall(text.casefold())}
