"""Answer what a person told of themselves, from what memory has just kept of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from overture.memory.pointing import points, reports
from overture.personas import phrasing
from overture.personas.knowledge import Match
from overture.personas.knowledge.folding import folded
from overture.rasa_ext.acting import Turn
from overture.rasa_ext.ports import Fact
from overture.rasa_ext.subjects import first_work, subject, talked_about, tell

#: The score from which a title is more than a part.
_WHOLE = 0.8
#: What was done, and what is still to come.
_HAPPENED = re.compile(
    r"\b(?:just|already|yesterday|last (?:night|week|weekend)|watched|saw|seen|finished|went"
    r"|visited|ran|cooked|made|read|planted|died|passed)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|going to|gonna|tonight|tonite|tomorrow|tmrw|tmr|next|plan\w*|want to|wanna"
    r"|'?ll|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
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
    # By itself a title of ordinary words has nothing beside it; the message decides what is meant.
    named = subject(turn) if turn.knowledge.find(fact.value, answering=True) else None
    if named is not None and named.kind == "work" and named.id != turn.heard.last_work:
        await tell(turn, named, "about_work")
        if _over(fact, turn):
            return True
    values = {} if fact.sensitive else told(fact, turn.runtime.clock.now())
    if named is not None and not fact.sensitive:
        values = {**values, "value": _titled(turn, fact)}
    work = first_work(turn, named) if named else ""
    key = "noted_fact" if _over(fact, turn) else _KEYS.get(fact.kind, "noted_fact")
    await turn.say(key, values, uses=(fact.id,), work=work)
    return True


async def take(turn: Turn) -> bool:
    """Answer somebody who takes the item talked about last; say whether there is one.

    What they will do with it, and when, is kept under its name: the message alone says "it".
    """
    taken = talked_about(turn)
    if taken is None:
        return False
    fact = await _planned(turn, taken.values["title"])
    when = told(fact, turn.runtime.clock.now())["when"] if fact else ""
    uses = (fact.id,) if fact else ()
    await turn.say("accepted", {**taken.values, "when": when}, uses=uses, work=taken.id)
    return True


async def hear_back(turn: Turn) -> bool:
    """Answer somebody who tells how the item talked about last was; say whether they do."""
    done = talked_about(turn) if reports(turn.text) else None
    if done is None:
        return False
    fact = await _planned(turn, done.values["title"])
    await turn.say("follow_up_yes", uses=(fact.id,) if fact else (), work=done.id)
    return True


async def _planned(turn: Turn, title: str) -> Fact | None:
    """Return what was kept of a message that says what is done, or was, with an item."""
    if points(turn.text) or reports(turn.text):
        await turn.runtime.remember_about(turn.conversation, turn.message_id, title)
        turn.held.pop("facts", None)
    return _noted(turn, await turn.facts())


def _titled(turn: Turn, fact: Fact) -> str:
    """Return a memory as the catalogue writes it, where it is a title or a name and no more."""
    whole = [
        one for one in turn.knowledge.find(fact.value, answering=True) if _is_all(one, fact.value)
    ]
    return whole[0].name if whole else phrasing.as_noun(fact.value)


def _is_all(match: Match, value: str) -> bool:
    return match.start == 0 and match.end == len(value) and match.score >= _WHOLE


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
    value = phrasing.as_said(fact.kind, fact.value)
    held: dict[str, object] = {"value": value, "topic": fact.topic or "", "kind": fact.kind}
    held["when"] = phrasing.spoken(fact.when, now, fact.until) or ""
    if fact.kind in {"plan", "event"}:
        held["plan"] = value
    if fact.kind == "name":
        held["name"] = value
    return held


def _over(fact: Fact, turn: Turn) -> bool:
    """Say whether a memory tells of something that has already happened."""
    if fact.kind not in {"plan", "event"}:
        return False
    if phrasing.tense(fact.when, turn.runtime.clock.now(), fact.until) in {"past", "stale"}:
        return True
    return bool(_HAPPENED.search(turn.text)) and not _AHEAD.search(turn.text)


def _rank(fact: Fact) -> int:
    kinds = list(_KEYS)
    return kinds.index(fact.kind) if fact.kind in kinds else len(kinds)
