"""What a message is about: an item or a maker of the persona's catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from overture.personas.knowledge import Match
from overture.personas.knowledge.folding import folded
from overture.personas.phrasing import word_set
from overture.rasa_ext.acting import Turn

#: What a question wants to know, by the placeholder that holds it.
_ASKED = (
    (re.compile(r"\bdirect(?:s|ed|or|ing)?\b"), "director"),
    (re.compile(r"\b(?:when|year|how old|how new)\b"), "year"),
    (re.compile(r"\b(?:listen|look|watch|taste) (?:out )?for\b|\bcues?\b|\bmoment\b"), "cue"),
    (re.compile(r"\b(?:who|whos|whose|composer|author|wrote|composed|scored)\b"), "maker"),
    (re.compile(r"\b(?:sounds?|like|about|plot|story|special|famous)\b"), "about"),
)
#: What no catalogue here tells.
_UNTOLD = re.compile(
    r"\b(?:netflix|prime|disney|stream\w*|how long|runtime|minutes|black and white|language"
    r"|actors?|actress|cast|stars? in|starr\w+|plays|played|who(?:['\u2019]?s| is| was)? in it"
    r"|where can"
    r"|rated|budget|box office|oscars?|awards?|true story|on tv|poisonous|toxic|calories)\b"
)
#: An item described instead of named.
_DESCRIBED = re.compile(
    r"\b(?:film|movie|one|guy|book|song|series|dish|plant|thing) (?:with|about|where|who|by|from)\b"
)
#: Words that point back to what was talked about.
_BACK = word_set(
    "it its that this those these he him his she her hers they them their one film movie score "
    "soundtrack music composer director ending story plot theme scene book author dish recipe "
    "plant cue song route star listen"
)
#: A question for what is liked best is about everything there is.
_AT_ALL = re.compile(
    r"\b(?:fav\w*|best|worst|(?:clos|bright|bigg|easi|nic|great|hard|old|new|scari)est|prefer"
    r"|what kind|which kind|in general|ever)\b",
    re.IGNORECASE,
)
#: What after a title means the one who made it.
_SOMEBODY = re.compile(
    r"['\u2019]?s?\s+(?:guy|man|dude|bloke|fella|lady|woman|person|composer|author|writer)\b",
    re.IGNORECASE,
)
#: A question this short can only mean what was talked about.
_TERSE = 3
#: The score from which on a part of a title is more than one of its words.
_PART = 0.65


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Name an item or a maker."""

    #: ``work`` or ``person``.
    kind: str
    id: str
    #: What fills the placeholders of a line about it.
    values: Mapping[str, str]


def subject(turn: Turn, *, last: bool = False) -> Subject | None:
    """Return what a message names.

    Args:
        turn: the message.
        last: take the item talked about last where the message points back to it.
    """
    words = turn.text if not turn.text.startswith("/") else turn.entities.get("work", "")
    found = [one for one in turn.find() if _clear(one, words)]
    if found:
        return _named(turn, found[0])
    held = turn.heard.last_work if last and points_back(turn.text) else ""
    return _subject(turn, "work", held) if held else None


def talked_about(turn: Turn) -> Subject | None:
    """Return the item talked about last, unless the message names something else."""
    last = turn.heard.last_work
    return _subject(turn, "work", last) if last and subject(turn) is None else None


def _named(turn: Turn, match: Match) -> Subject | None:
    """Return what a match means: "that Jaws guy" is who wrote its music."""
    if match.kind == "director":
        works = turn.knowledge.works_of(match.name)
        fresh = [work for work in works if work.id not in turn.heard.works] or works
        return _subject(turn, "work", turn.rng.choice(fresh).id)
    work = turn.knowledge.work(match.id) if match.kind == "work" else None
    if work and work.by and _SOMEBODY.match(turn.text[match.end :]):
        return _subject(turn, "person", work.by[0])
    return _subject(turn, match.kind, match.id)


def points_back(text: str) -> bool:
    """Say whether a text without a title or name means what was talked about last."""
    words = folded(text)
    if _AT_ALL.search(text):
        return False
    return len(words) <= _TERSE or text.startswith("/") or not _BACK.isdisjoint(words)


def asked(text: str) -> str:
    """Return the placeholder of what a question wants to know; empty where none holds it."""
    words = " ".join(folded(text))
    return next((name for pattern, name in _ASKED if pattern.search(words)), "")


def untold(text: str) -> bool:
    """Say whether a question asks for something that no catalogue tells."""
    return _UNTOLD.search(text.casefold()) is not None


def described(text: str) -> bool:
    """Say whether a text describes an item that the catalogue did not recognise."""
    return _DESCRIBED.search(text.casefold()) is not None


def fresh_line(turn: Turn) -> tuple[Subject, str] | None:
    """Return the item talked about last, and a key whose line on it was not said yet."""
    found = _subject(turn, "work", turn.heard.last_work) if turn.heard.last_work else None
    told = {one.key for one in turn.heard.said if found and one.work == found.id}
    key = next((one for one in ("opinion", "about_work") if one not in told), None)
    return (found, key) if found and key else None


async def tell(turn: Turn, found: Subject, key: str) -> None:
    """Say a line about a subject; a maker has lines of its own."""
    if found.kind == "person":
        values = {**found.values, "value": found.values["maker"]}
        await turn.say("about_person", values, work=first_work(turn, found))
        return
    values = {**found.values, "topic": found.values["title"]}
    wanted = asked(turn.text) if key == "about_work" else "title"
    await turn.say(key, values, work=found.id, asked=wanted)


def first_work(turn: Turn, found: Subject) -> str:
    """Return the id of the item that stands for a subject: itself, or the maker's first."""
    if found.kind == "work":
        return found.id
    works = turn.knowledge.works_by(found.id)
    return works[0].id if works else ""


def _clear(match: Match, words: str) -> bool:
    """Say whether a match is more than one word of a title in a longer message."""
    return match.score >= _PART or len(folded(words)) <= _TERSE


def _subject(turn: Turn, kind: str, found_id: str) -> Subject | None:
    about = turn.knowledge.about_person if kind == "person" else turn.knowledge.about
    values = about(found_id)
    return Subject(kind=kind, id=found_id, values=values) if values else None
