"""Recommend from the persona's catalogue: a wish, another one, not that one."""

from __future__ import annotations

import re
from dataclasses import replace

from overture.personas import Recommendation, Wish
from overture.rasa_ext import wishes
from overture.rasa_ext.acting import Turn

#: Words that take a recommendation back because it is known.
_KNOWN = re.compile(
    r"\b(?:seen|saw|watched|know|knew|read|heard|tried|already|had)\b", re.IGNORECASE
)


async def recommend(turn: Turn, key: str, *, wish: str = "", text: str | None = None) -> None:
    """Recommend one item and keep the wish in mind for "another one".

    Args:
        turn: the message that asks.
        key: ``recommend`` or ``another``.
        wish: words of an earlier wish that still counts.
        text: what the message adds, its own words unless given.
    """
    said = turn.text if text is None else text
    wish = wish or wishes.refusals(turn.knowledge, turn.heard.last_wish)
    found = await _found(turn, wish, said)
    if found is None:
        await turn.say("recommend_none")
        return
    kept = f"{wish}. {said}{_like_what(turn, said)}".strip(". ")[-300:]
    await turn.say(key, found.values(), work=found.item.id, wish=kept)


def _like_what(turn: Turn, said: str) -> str:
    """Return the title that "something similar" means, so that "another one" still knows."""
    meant = wishes.read(turn.knowledge, said, last=turn.heard.last_work).like
    named = wishes.read(turn.knowledge, said).like
    work = turn.knowledge.work(meant) if meant and not named else None
    return f' like "{work.title}"' if work else ""


async def reject(turn: Turn) -> None:
    """Take a recommendation back: another one where the message says how, else a question."""
    named = wishes.read(turn.knowledge, turn.text, last=turn.heard.last_work)
    known = _KNOWN.search(turn.text) is not None
    if named.open and not named.dislikes and not known:
        await turn.say("rejected", wish=turn.heard.last_wish)
        return
    await recommend(turn, "another", wish=turn.heard.last_wish)


async def wished(turn: Turn) -> bool:
    """Recommend where a message that is no question narrows a wish down; say whether it did."""
    named = wishes.read(turn.knowledge, turn.text)
    clear = (named.genre, named.occasion, named.country, named.words, named.director)
    if not any(clear) or turn.find():
        return False
    await recommend(turn, "recommend")
    return True


async def refused(turn: Turn) -> bool:
    """Keep in mind for this talk what somebody else would not like; say whether it is known."""
    unwanted = wishes.read(turn.knowledge, turn.text).dislikes
    known = turn.knowledge.catalogue.genres | turn.knowledge.catalogue.moods
    named = next((word for word in unwanted if word in known), "")
    if not named:
        return False
    wish = f"{turn.heard.last_wish}. {turn.text}".strip(". ")[-300:]
    await turn.say("noted_dislike", {"value": named}, wish=wish)
    return True


async def _found(turn: Turn, wish: str, said: str) -> Recommendation | None:
    """Choose for the whole wish, else for the words of this message alone."""
    facts = await turn.facts()
    for earlier in dict.fromkeys((wish, wishes.refusals(turn.knowledge, wish))):
        meant = _meant(turn, earlier, said)
        steered = wishes.steered(meant, turn.knowledge, facts)
        for one in (steered, replace(meant, dislikes=steered.dislikes)):
            found = turn.knowledge.recommend(one, turn.heard.works, turn.rng)
            if found is not None:
                return found
    return None


def _meant(turn: Turn, earlier: str, said: str) -> Wish:
    last = turn.heard.last_work
    new = wishes.tapped(wishes.read(turn.knowledge, said, last=last), turn.entities)
    old = Wish()
    for part in earlier.split(". ") if earlier else ():
        old = wishes.joined(old, wishes.read(turn.knowledge, part))
    return wishes.joined(old, new)
