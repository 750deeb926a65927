"""Recommendations from a catalogue: the item that meets most of a wish, and why in one clause.

Pure: what was seen and randomness are parameters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from random import Random

from overture.personas.knowledge.catalogue import Catalogue, Person, Work

#: The clause of {why} for each ground, unless the card words it differently.
WHY: Mapping[str, str] = {
    "pair": "it goes well with {like}",
    "maker": "{maker} made it",
    "director": "{director} made it",
    "same_maker": "it is by {maker} too",
    "mood": "it is {mood}",
    "genre": "{genre} is what you asked for",
    "occasion": "it suits {occasion}",
    "like": "it is {mood} like {like}",
    "any": "{about}",
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Hold what a person asked for; whatever is None does not matter."""

    mood: str | None = None
    genre: str | None = None
    #: Id of an item it should be like.
    like: str | None = None
    #: Id of a maker.
    person: str | None = None
    #: Name of a director.
    director: str | None = None
    #: Words its description should hold: lentils, piano, trains.
    words: tuple[str, ...] = ()
    occasion: str | None = None
    #: Where it should come from, as the catalogue names countries.
    country: str | None = None
    #: First and last year it may be from.
    years: tuple[int, int] | None = None
    #: Genres it must have besides: what the person eats.
    must: tuple[str, ...] = ()
    #: Ids of items not to name.
    exclude: tuple[str, ...] = ()
    #: Moods, genres, ids of items or makers the person does not want.
    dislikes: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Say whether nothing in particular was asked for."""
        asked = (self.mood, self.genre, self.like, self.person, self.occasion)
        return not any((*asked, self.director, self.words, self.country, self.years))


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """Hold what is recommended."""

    item: Work
    #: One clause without capital and full stop.
    why: str
    #: What to listen, look or taste for; may be empty.
    cue: str
    #: What goes well after it.
    pairing: Work | None
    maker: Person | None

    def values(self) -> dict[str, str]:
        """Return what fills the placeholders of a line."""
        return {
            **work_values(self.item, self.maker),
            "why": self.why,
            "next": self.pairing.title if self.pairing else "",
        }


def work_values(work: Work, maker: Person | None) -> dict[str, str]:
    """Return the placeholders one item fills."""
    return {
        "title": work.title,
        "year": str(work.year or ""),
        "maker": maker.name if maker else "",
        "director": " and ".join(work.director),
        "country": " and ".join(work.country),
        "about": work.about,
        "cue": work.cue,
    }


def recommend(
    catalogue: Catalogue,
    wish: Wish,
    seen: Collection[str],
    rng: Random,
    *,
    occasions: Mapping[str, tuple[str, ...]] | None = None,
    why: Mapping[str, str] | None = None,
) -> Recommendation | None:
    """Choose an item that meets the wish, or None when none does.

    Args:
        catalogue: what is known.
        wish: maker, genre and mood must be met; likeness and occasion rank.
        seen: ids of items already named; they are not named again.
        rng: chooses among equals.
        occasions: the moods and genres an occasion asks for.
        why: the card's own wording of the grounds.
    """
    suited = frozenset((occasions or {}).get((wish.occasion or "").casefold(), ()))
    barred = {*seen, *wish.exclude, *(word.casefold() for word in wish.dislikes), wish.like}
    scored = [
        (_score(catalogue, work, wish, suited), work)
        for work in catalogue.works.values()
        if not _barred(work, barred) and _meets(work, wish)
    ]
    best = max((score for score, _ in scored), default=0)
    if not scored or (best == 0 and not wish.open):
        return None
    item = rng.choice([work for score, work in scored if score == best])
    return _explained(catalogue, item, wish, suited, {**WHY, **(why or {})})


def _barred(work: Work, barred: Collection[str | None]) -> bool:
    return any(word in barred for word in (work.id, *work.by, *work.genres, *work.moods))


def _meets(work: Work, wish: Wish) -> bool:
    return (
        (wish.person is None or wish.person in work.by)
        and (wish.genre is None or wish.genre.casefold() in work.genres)
        and (wish.mood is None or wish.mood.casefold() in work.moods)
        and set(wish.must) <= set(work.genres)
        and (wish.director is None or wish.director in work.director)
        and (wish.country is None or wish.country in work.country)
        and (wish.years is None or wish.years[0] <= (work.year or 0) <= wish.years[1])
    )


def _score(catalogue: Catalogue, work: Work, wish: Wish, suited: frozenset[str]) -> int:
    score = sum(
        3 for asked in (wish.person, wish.genre, wish.mood, wish.country, wish.years) if asked
    )
    score += 4 * sum(holds(work, word) for word in wish.words) + 3 * bool(wish.director)
    score += len(set(suited) & {*work.genres, *work.moods})
    liked = catalogue.works.get(wish.like or "")
    return score + (_likeness(liked, work) if liked else 0)


def holds(work: Work, word: str) -> bool:
    """Say whether what is known of an item speaks of a word, in the singular or the plural."""
    return re.search(rf"\b{re.escape(word)}(?:e?s)?\b", described(work)) is not None


def described(work: Work) -> str:
    """Return all that is told of an item, in small letters."""
    return f"{work.title} {work.about} {work.cue}".casefold()


def _likeness(liked: Work, work: Work) -> int:
    shared = set(liked.moods) & set(work.moods) | set(liked.genres) & set(work.genres)
    paired = work.id in liked.next or work.id in liked.before or liked.id in work.next
    near = bool(liked.year and work.year and abs(liked.year - work.year) <= 10)
    return (
        5 * paired + 2 * bool(set(liked.by) & set(work.by)) + len(shared) + (near and bool(shared))
    )


def _explained(
    catalogue: Catalogue, item: Work, wish: Wish, suited: frozenset[str], words: Mapping[str, str]
) -> Recommendation:
    maker = catalogue.people.get(item.by[0]) if item.by else None
    ahead = [catalogue.works[work_id] for work_id in item.next]
    ground, values = _ground(catalogue, item, wish, suited)
    values.update(maker=maker.name if maker else "", about=item.about)
    return Recommendation(
        item=item,
        why=words[ground].format_map(_Blank(values)),
        cue=item.cue,
        pairing=ahead[0] if ahead else None,
        maker=maker,
    )


class _Blank(dict[str, str]):
    """Leave out what a wording asks for and nobody knows."""

    def __missing__(self, key: str) -> str:
        return ""


def _ground(
    catalogue: Catalogue, item: Work, wish: Wish, suited: frozenset[str]
) -> tuple[str, dict[str, str]]:
    liked = catalogue.works.get(wish.like or "")
    if liked and not (wish.person or wish.director):
        return _like_ground(liked, item)
    told = any(holds(item, word) for word in wish.words)
    fitting = suited & {*item.genres, *item.moods}
    grounds = (
        ("maker", "maker" if wish.person else None),
        ("director", wish.director),
        ("any", "about" if told else None),
        ("mood", wish.mood),
        ("genre", wish.genre),
        ("occasion", wish.occasion if fitting else None),
    )
    ground, value = next((one for one in grounds if one[1]), ("any", ""))
    return ground, {ground: (value or "") if ground == "director" else (value or "").casefold()}


def _like_ground(liked: Work, item: Work) -> tuple[str, dict[str, str]]:
    if item.id in (*liked.next, *liked.before) or liked.id in item.next:
        return "pair", {"like": liked.title}
    if set(item.by) & set(liked.by):
        return "same_maker", {"like": liked.title}
    shared = [word for word in (*item.moods, *item.genres) if word in (*liked.moods, *liked.genres)]
    return "like" if shared else "any", {"like": liked.title, "mood": (shared or [""])[0]}
