"""The card of a persona: who it is, what it says, what it knows, who may see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random

from overture.personas import openers, plain
from overture.personas.lines import (
    Line,
    Remembered,
    Template,
    canonical_values,
    choose,
    fit,
    most_specific,
)

AUDIENCES = ("private", "link", "public")
AGE_RATINGS = ("everyone", "13+", "16+", "18+")
STATUSES = ("draft", "review", "released")


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Describe how the persona sounds, for authors and reviewers."""

    traits: tuple[str, ...] = ()
    do: tuple[str, ...] = ()
    dont: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Hold one turn of an example dialogue."""

    #: True when the person speaks.
    person: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class KnowledgeSpec:
    """Say which catalogue belongs to the persona and how it speaks of it."""

    #: What one item is called: film, plant, dish.
    item: str = "item"
    #: What the maker of an item is called: composer, author; empty when there is none.
    maker: str = ""
    #: Whether a title is the everyday word for the thing (rose, Moon), so that the word means it.
    literal: bool = False
    #: Files or patterns beside the card, JSON Lines or YAML.
    files: tuple[str, ...] = ()
    #: Words that show that an item is meant: movie, watched, score.
    cues: tuple[str, ...] = ()
    #: What an occasion asks for: ``date night: [romantic, warm]``.
    occasions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The clause of {why} for each ground of a recommendation.
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Card:
    """Hold one persona."""

    id: str
    name: str
    tagline: str = ""
    description: str = ""
    greeting: str = ""
    starters: tuple[str, ...] = ()
    voice: Voice = Voice()
    lines: Mapping[str, tuple[Template, ...]] = field(default_factory=dict)
    follow_ups: tuple[Template, ...] = ()
    examples: tuple[tuple[Turn, ...], ...] = ()
    topics: tuple[str, ...] = ()
    opinions: Mapping[str, str] = field(default_factory=dict)
    knowledge: KnowledgeSpec = KnowledgeSpec()
    disclaimer: str = ""
    audience: str = "public"
    remixable: bool = False
    age_rating: str = "everyone"
    status: str = "released"
    version: str = "1"
    change_note: str = ""
    author: str = ""
    #: Other names people may call it by.
    aliases: tuple[str, ...] = ()
    #: The folder of its files; None for a card that is not on disk.
    folder: Path | None = None
    #: The character card it was imported from, relative to the folder; empty for our own.
    imported: str = ""

    def line(
        self,
        key: str,
        *,
        seen: Collection[str] = (),
        facts: Sequence[Remembered] = (),
        rng: Random,
        values: Mapping[str, object] | None = None,
        now: datetime | None = None,
    ) -> Line | None:
        """Choose what to say for a response key.

        A line fits when its conditions hold and every placeholder has a value. A line said
        before is taken only when no other fits. Where the card has no line that fits, a plain
        one is said, so that every key of ``responses.KEYS`` is answered.

        Args:
            key: a response key, without ``utter_``.
            seen: ids of lines said before; a sequence tells the order, oldest first.
            facts: current facts of the conversation, the newest last.
            rng: where chance comes from.
            values: what fills the placeholders; an absent or empty one counts as missing.
            now: aware, fills {when} from a remembered time.

        Returns:
            The line, or None for a key that nobody knows.
        """
        filled = canonical_values(values or {})
        pairs = ((own, fit(own, facts, filled, now)) for own in self.lines.get(key, ()))
        fits = most_specific((own, line) for own, line in pairs if line is not None)
        return choose(fits, seen, rng) or plain.line(key, facts, filled, now)

    def telling(self, key: str, asked: str) -> Card:
        """Return the card with only those lines of a key that hold a placeholder, if any does.

        Args:
            key: a response key, without ``utter_``.
            asked: the placeholder that must be in the line; empty for any line.
        """
        lines = tuple(one for one in self.lines.get(key, ()) if asked in one.placeholders)
        return replace(self, lines={**self.lines, key: lines}) if lines else self

    def opener(
        self,
        facts: Sequence[Remembered],
        seen: Collection[str],
        rng: Random,
        now: datetime,
    ) -> Line | None:
        """Choose the words of a follow-up from what is remembered.

        Args:
            facts: current facts of the conversation, the newest last.
            seen: ids of lines said before.
            rng: where chance comes from.
            now: aware, in the contact's time zone where it is known.
        """
        return openers.opener(self.follow_ups or plain.FOLLOW_UPS, facts, seen, rng, now)

    def opinion(self, topic: str) -> str | None:
        """Return the persona's own view on a topic, if the card has one."""
        return self.opinions.get(topic.casefold())
