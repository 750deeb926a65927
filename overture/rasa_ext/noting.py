"""Answer what a person told of themselves, from what memory has just kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from overture.personas import phrasing
from overture.personas.knowledge.words import folded
from overture.rasa_ext.acting import Turn
from overture.rasa_ext.ports import Fact
from overture.rasa_ext.subjects import first_work, subject, tell

#: Kinds of memory, the most telling first, with the response key of each.
_KEYS = {
    "name": "nice_name",
    "plan": "noted_plan",
    "event": "noted_plan",
    "favorite": "noted_favorite",
    "dislikes": "noted_dislike",
    "likes": "noted_like",
}


async def note(turn: Turn) -> bool:
    """Answer what the present message added to memory; say whether there was anything.

    An item of the catalogue that was named is spoken of first, then comes what was noted.
    """
    fact = _noted(turn, await turn.facts())
    if fact is None:
        return False
    named = subject(turn) if turn.knowledge.find(fact.value) else None
    if named is not None and named.kind == "work" and named.id != turn.heard.last_work:
        await tell(turn, named, "about_work")
        if _over(fact, turn.runtime.clock.now()):
            return True
    values = {} if fact.sensitive else told(fact, turn.runtime.clock.now())
    work = first_work(turn, named) if named else ""
    await turn.say(_key(fact, turn.runtime.clock.now()), values, uses=(fact.id,), work=work)
    return True


def _noted(turn: Turn, facts: Sequence[Fact]) -> Fact | None:
    """Return the most telling memory of this message, or an older one that it repeats."""
    new = [fact for fact in facts if fact.source_message_id == turn.message_id]
    if not new and turn.heard.intent.startswith("tell_"):
        new = [fact for fact in facts if _names(turn.text, fact.value)]
    return min(new, key=_rank, default=None)


def _names(text: str, value: str) -> bool:
    return f" {' '.join(folded(value))} " in f" {' '.join(folded(text))} "


def told(fact: Fact, now: datetime) -> dict[str, object]:
    """Return what a memory fills in a line that is about it.

    Args:
        fact: the memory.
        now: aware, for {when}.
    """
    value = fact.value if fact.kind == "name" else phrasing.as_noun(fact.value)
    held: dict[str, object] = {"value": value, "topic": fact.topic or "", "kind": fact.kind}
    held["when"] = phrasing.spoken(fact.when, now) or ""
    if fact.kind in {"plan", "event"}:
        held["plan"] = value
    if fact.kind == "name":
        held["name"] = value
    return held


def _key(fact: Fact, now: datetime) -> str:
    return "noted_fact" if _over(fact, now) else _KEYS.get(fact.kind, "noted_fact")


def _over(fact: Fact, now: datetime) -> bool:
    """Say whether a memory tells of something that has already happened."""
    happens = fact.kind in {"plan", "event"}
    return happens and phrasing.tense(fact.when, now) in {"past", "stale"}


def _rank(fact: Fact) -> int:
    kinds = list(_KEYS)
    return kinds.index(fact.kind) if fact.kind in kinds else len(kinds)
