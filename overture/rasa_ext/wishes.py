"""What a person wishes for: by this message, by an earlier one, by their tastes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from overture.personas import Knowledge, Wish
from overture.personas.knowledge.folding import folded
from overture.personas.knowledge.words import DIETS
from overture.personas.phrasing import word_set
from overture.rasa_ext.meaning import positive
from overture.rasa_ext.ports import Fact
from overture.rasa_ext.spelling import spelt_out

#: Kinds of memory that steer a recommendation.
_TASTES = ("favorite", "likes")
_OLDER = re.compile(r"\b(?:older|more of a classic|earlier|too (?:new|modern))\b", re.IGNORECASE)
_NEWER = re.compile(r"\b(?:newer|more (?:recent|modern)|later|too old)\b", re.IGNORECASE)
#: Words that want more of what was talked about last.
_ALIKE = re.compile(
    r"\b(?:similar|alike|like (?:that|it|this)|(?:same|that) (?:kind|sort|vibe|style)"
    r"|more of (?:that|the same))\b",
    re.IGNORECASE,
)
_TOO = re.compile(r"\btoo\b", re.IGNORECASE)
#: Words of occasions that are no occasion by themselves.
_COMMON = word_set("a afternoon day evening for in movie morning night of on the to watch with")
#: Parts of a wish in which a newer message takes the place of an older one.
_ASKED = (
    "mood",
    "genre",
    "like",
    "person",
    "director",
    "words",
    "occasion",
    "country",
    "years",
)


def read(knowledge: Knowledge, text: str, *, last: str = "") -> Wish:
    """Understand the wish in a message.

    Args:
        knowledge: what the persona knows.
        text: the person's words.
        last: id of the item talked about last, for "something newer".
    """
    wish = knowledge.wish(_TOO.sub("not", positive(spelt_out(text))))
    found = replace(wish, occasion=wish.occasion or _occasion(knowledge, text))
    if last and not found.like and not found.person and _ALIKE.search(text):
        found = replace(found, like=last)
    year = getattr(knowledge.work(last), "year", None) if last else None
    if year and not found.years:
        return replace(found, years=_span(text, year))
    return found


def joined(old: Wish, new: Wish) -> Wish:
    """Return an earlier wish as a newer message changes it."""
    said = {name: getattr(new, name) for name in _ASKED if getattr(new, name)}
    dislikes = (*old.dislikes, *new.dislikes)
    kept = {name: None for name in ("mood", "genre") if getattr(old, name) in new.dislikes}
    return replace(old, **{**kept, **said}, dislikes=dislikes)


def refusals(knowledge: Knowledge, words: str) -> str:
    """Return those parts of an earlier wish that say what is not wanted."""
    parts = words.split(". ") if words else []
    return ". ".join(part for part in parts if read(knowledge, part).dislikes)


def tapped(wish: Wish, entities: Mapping[str, str]) -> Wish:
    """Return an open wish narrowed by what a button carries."""
    if not wish.open:
        return wish
    named = entities.get
    return replace(wish, mood=named("mood"), genre=named("genre"), occasion=named("occasion"))


def steered(wish: Wish, knowledge: Knowledge, facts: Iterable[Fact]) -> Wish:
    """Leave out what the person dislikes; start from a taste where nothing was asked for."""
    facts = tuple(facts)
    known = [fact for fact in facts if not fact.sensitive]
    disliked = [fact.value for fact in known if fact.kind == "dislikes"]
    unloved = [tag for value in disliked for tag in _tags(knowledge, value)]
    wish = replace(wish, dislikes=(*wish.dislikes, *unloved), must=_diet(knowledge, facts))
    if not wish.open:
        return wish
    liked = [fact.value for fact in reversed(known) if fact.kind in _TASTES]
    taste = next((one for one in map(knowledge.wish, liked) if not one.open), None)
    return replace(taste, dislikes=wish.dislikes, must=wish.must) if taste else wish


def _diet(knowledge: Knowledge, facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the genre that what the person eats asks for, where the catalogue has it."""
    told = {word for fact in facts for word in folded(fact.value)}
    known = (diet for diet in DIETS if diet in told and diet in knowledge.catalogue.genres)
    return tuple(known)[:1]


def _occasion(knowledge: Knowledge, text: str) -> str | None:
    """Return the occasion a word of the text belongs to: a rainy night is a rainy evening."""
    words = frozenset(folded(text)) - _COMMON
    named = (one for one in knowledge.spec.occasions if words & set(folded(one)) - _COMMON)
    return next(named, None)


def _span(text: str, year: int) -> tuple[int, int] | None:
    if _NEWER.search(text):
        return year + 1, year + 1000
    return (0, year - 1) if _OLDER.search(text) else None


def _tags(knowledge: Knowledge, words: str) -> list[str]:
    """Return the genre, mood, item and maker a dislike names."""
    meant = knowledge.wish(words)
    return [tag for tag in (meant.genre, meant.mood, meant.like, meant.person) if tag]
