"""The one door to what a persona knows: find, look up, understand a wish, recommend."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from random import Random

from overture.personas.card import Card, KnowledgeSpec
from overture.personas.knowledge.catalogue import Catalogue, Person, Work, load_catalogue
from overture.personas.knowledge.folding import fold, folded, singular, tokens
from overture.personas.knowledge.index import Index, Match
from overture.personas.knowledge.recommend import (
    Recommendation,
    Wish,
    holds,
    recommend,
    work_values,
)
from overture.personas.knowledge.words import COUNTRIES, GENRES, MOODS, NEGATIONS, ORDINARY, SMALL
from overture.personas.phrasing import word_set

#: The 60s, 1960s, '60s.
_DECADE = re.compile(r"\b(18|19|20)?([0-9]0)['’]?s\b")
#: What comes after these words should be in the item.
_HAVING = re.compile(r"\b(?:with|about|using|have|got|has|of|from|set in|in)\b", re.IGNORECASE)
#: Ordinary words that people ask for all the same.
_IN_DESCRIPTIONS = word_set(
    "bicycle butter cabbage carrot chicken chili chocolate cream garlic ghost horse leaf lemon "
    "meat milk ocean onion orange pepper piano plum potato rain rice river robot salad shark snow "
    "song strawberry strings tomato train trains violin witch"
)


class Knowledge:
    """Answer what a persona knows; the index is built at first use."""

    def __init__(self, catalogue: Catalogue, spec: KnowledgeSpec) -> None:
        self.catalogue = catalogue
        self.spec = spec

    @cached_property
    def _index(self) -> Index:
        cues = (*self.spec.cues, self.spec.item, self.spec.maker)
        return Index(self.catalogue, cues, literal=self.spec.literal)

    def find(self, text: str, *, answering: bool = False) -> tuple[Match, ...]:
        """Return the items and makers a text names, in its order, best first at one place.

        Args:
            text: a message.
            answering: whether it answers a question for an item.
        """
        return self._index.find(text, answering=answering)

    def work(self, work_id: str) -> Work | None:
        """Return an item by its id."""
        return self.catalogue.works.get(work_id)

    def person(self, person_id: str) -> Person | None:
        """Return a maker by their id."""
        return self.catalogue.people.get(person_id)

    def works_by(self, person_id: str) -> tuple[Work, ...]:
        """Return the items of a maker, the oldest first."""
        return self.catalogue.works_by.get(person_id, ())

    def works_of(self, director: str) -> tuple[Work, ...]:
        """Return the items of a director, by name."""
        known = self.catalogue.directors.values()
        return next((works for name, works in known if name == director), ())

    def about(self, work_id: str) -> dict[str, str]:
        """Return the values of a line about an item; empty when it is not known."""
        work = self.work(work_id)
        if work is None:
            return {}
        ahead = self.work(work.next[0]) if work.next else None
        maker = self.person(work.by[0]) if work.by else None
        return {**work_values(work, maker), "next": ahead.title if ahead else ""}

    def about_person(self, person_id: str) -> dict[str, str]:
        """Return the values of a line about a maker, with one of their items."""
        person = self.person(person_id)
        if person is None:
            return {}
        works = self.works_by(person_id)
        known = work_values(works[0], person) if works else {}
        return {**known, "maker": person.name, "country": person.country, "about": person.about}

    def recommend(self, wish: Wish, seen: Collection[str], rng: Random) -> Recommendation | None:
        """Choose an item for a wish; None when nothing fits. See ``recommend.recommend``."""
        meant = replace(wish, mood=self._mood(wish.mood), genre=self._genre(wish.genre))
        return recommend(
            self.catalogue,
            meant,
            seen,
            rng,
            occasions=self.spec.occasions,
            why=self.spec.why,
        )

    def wish(self, text: str) -> Wish:
        """Understand a wish: moods, genres, occasions, titles, names, and what is not wanted."""
        wanted, unwanted = self._tags(text)
        found = self.find(text)
        refused = [match for match in found if _refused(text[: match.start])]
        found = tuple(match for match in found if match not in refused)
        works = [match.id for match in found if match.kind == "work"]
        people = [match.id for match in found if match.kind == "person"]
        directors = [match.name for match in found if match.kind == "director"]
        return Wish(
            mood=next((tag for tag in wanted if tag in self.catalogue.moods), None),
            genre=next((tag for tag in wanted if tag in self.catalogue.genres), None),
            like=works[0] if works else None,
            person=people[0] if people else None,
            director=directors[0] if directors and not people else None,
            words=self._words(text, found),
            occasion=self._occasion(text),
            country=self._country(text),
            years=_decade(text),
            dislikes=(*unwanted, *(match.id for match in refused)),
        )

    def _mood(self, word: str | None) -> str | None:
        known = self.catalogue.moods
        return word if word is None or word.casefold() in known else self._named(word, MOODS)

    def _genre(self, word: str | None) -> str | None:
        known = self.catalogue.genres
        return word if word is None or word.casefold() in known else self._named(word, GENRES)

    @staticmethod
    def _named(word: str, names: object) -> str:
        table = names if isinstance(names, dict) else {}
        return str(table.get(word.casefold(), word))

    def _occasion(self, text: str) -> str | None:
        lowered = f" {' '.join(token[0].casefold() for token in tokens(text))} "
        return next((name for name in self.spec.occasions if f" {name} " in lowered), None)

    def _words(self, text: str, found: Collection[Match]) -> tuple[str, ...]:
        """Return what an item should have in it: "something with lentils", "about trains"."""
        lead = _HAVING.search(text)
        if lead is None or len(found) > 0:
            return ()
        words = [fold(token[0]) for token in tokens(text[lead.end() :])]
        known = SMALL | ORDINARY - _IN_DESCRIPTIONS | MOODS.keys() | GENRES.keys()
        known |= {fold(cue) for cue in self.spec.cues}
        plain = [singular(word) for word in words if len(word) > 3 and word not in known]
        return tuple(word for word in plain if self._tells_of(word))

    def _tells_of(self, word: str) -> bool:
        """Say whether some items, but not most, speak of a word."""
        number = sum(holds(work, word) for work in self.catalogue.works.values())
        return 0 < number * 5 <= max(len(self.catalogue.works), 5)

    def _country(self, text: str) -> str | None:
        words = f" {' '.join(folded(text))} "
        whole = (one for one in self.catalogue.countries if f" {' '.join(folded(one))} " in words)
        adjectives = (COUNTRIES.get(word) for word in words.split())
        known = (one for one in adjectives if one in self.catalogue.countries)
        return next(whole, None) or next(known, None)

    def _tags(self, text: str) -> tuple[list[str], list[str]]:
        words = [fold(token[0]) for token in tokens(text)]
        wanted: list[str] = []
        unwanted: list[str] = []
        for at, tag in self._tagged(words):
            turned = NEGATIONS & set(words[max(0, at - 4) : at])
            (unwanted if turned else wanted).append(tag)
        return wanted, unwanted

    def _tagged(self, words: list[str]) -> list[tuple[int, str]]:
        known = self.catalogue.moods | self.catalogue.genres
        found: list[tuple[int, str]] = []
        for at, word in enumerate(words):
            pair = " ".join(words[at : at + 2])
            for name in (pair, pair.removesuffix("s"), word, word.removesuffix("s")):
                tags = {name, MOODS.get(name, ""), GENRES.get(name, "")} & known
                if tags:
                    found.extend((at, tag) for tag in sorted(tags))
                    break
        return found


def _refused(before: str) -> bool:
    """Say whether what stands before a title or name turns it away."""
    return not NEGATIONS.isdisjoint([fold(token[0]) for token in tokens(before)][-3:])


def _decade(text: str) -> tuple[int, int] | None:
    found = _DECADE.search(text.casefold())
    if found is None:
        return None
    century, digits = found[1], int(found[2])
    first = int(century or ("20" if digits < 30 else "19")) * 100 + digits
    return first, first + 9


def load_knowledge(card: Card) -> Knowledge:
    """Read the catalogue a card names; an empty one when it names none."""
    if not card.knowledge.files or card.folder is None:
        return Knowledge(Catalogue(), card.knowledge)
    return Knowledge(load_catalogue(card.folder, card.knowledge.files), card.knowledge)
