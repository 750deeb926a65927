"""What a new fact does to older ones, and when a fact stops to hold. Pure.

History is never rewritten: a replaced fact is named, with what replaces it, and kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Generic, Protocol, TypeVar

from overture.memory.records import ExtractedFact

#: Kinds of which a person has one at a time; a location per topic: home and origin differ.
SINGLE = frozenset({"name", "age", "birthday", "location", "occupation"})
_OPPOSITE = {"likes": ("dislikes",), "dislikes": ("likes", "favorite"), "favorite": ("dislikes",)}
_DATED = frozenset({"plan", "event"})
_ARTICLES = ("the ", "a ", "an ")


class Kept(Protocol):
    """What these rules need to know of a fact that is already stored."""

    @property
    def kind(self) -> str:
        """Return one of the kinds of ``overture.memory.KINDS``."""

    @property
    def value(self) -> str:
        """Return the value in the person's words."""

    @property
    def topic(self) -> str | None:
        """Return what the value is about."""

    @property
    def when(self) -> str | None:
        """Return an ISO date or time."""


K = TypeVar("K", bound=Kept)


@dataclass(frozen=True, kw_only=True)
class Change(Generic[K]):
    """Say what one new fact means for memory."""

    #: the fact to store, or None when memory already holds it
    add: ExtractedFact | None
    #: the facts that no longer hold, to be kept as history
    replaced: tuple[K, ...] = ()


def supersede(existing: Sequence[K], new: ExtractedFact) -> Change[K]:
    """Return what to store and what it replaces.

    Args:
        existing: the facts that hold now, oldest first.
        new: one fact drawn from a newer message.
    """
    if new.corrects and new.kind == "plan" and (moved := _moved(existing, new)):
        return moved
    if any(is_same(new, old) for old in existing):
        return Change(add=None)
    return Change(add=new, replaced=tuple(old for old in existing if replaces(new, old)))


def is_same(new: Kept, old: Kept) -> bool:
    """Tell whether two facts say the same thing."""
    if (new.kind, new.topic, new.when) != (old.kind, old.topic, old.when):
        return False
    return _bare(new.value) == _bare(old.value)


def last_day(when: str | None, until: str | None = None) -> date | None:
    """Return the last day a dated fact may mean; ``until`` widens "next week"."""
    text = until or when
    return date.fromisoformat(text[:10]) if text else None


def is_expired(fact: Kept, now: datetime, grace: timedelta = timedelta(days=0)) -> bool:
    """Tell whether a plan or event lies behind, ``grace`` after its day."""
    if now.tzinfo is None:
        raise ValueError(f"now must know its time zone: {now!r}")
    day = last_day(fact.when, getattr(fact, "until", None))
    return fact.kind in _DATED and day is not None and now.date() > day + grace


def _moved(existing: Sequence[K], new: ExtractedFact) -> Change[K] | None:
    """Read "I meant Thursday" as the last dated plan on another day."""
    dated = [old for old in existing if old.kind in _DATED and old.when]
    if not dated:
        return None
    last = dated[-1]
    again = replace(new, kind=last.kind, value=last.value, topic=last.topic)
    return Change(add=again, replaced=(last,))


def replaces(new: Kept, old: Kept) -> bool:
    """Tell whether a newer fact takes the place of an older one."""
    if new.kind == old.kind and new.kind in SINGLE:
        return new.kind != "location" or (new.topic or "place") == (old.topic or "place")
    if new.kind == old.kind == "favorite":
        return new.topic == old.topic
    if new.kind != old.kind and old.kind not in _OPPOSITE.get(new.kind, ()):
        return False
    return _bare(new.value) == _bare(old.value)


def _bare(value: str) -> str:
    text = " ".join(value.casefold().split())
    for article in _ARTICLES:
        text = text.removeprefix(article)
    return text
