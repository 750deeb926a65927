"""Lines of a persona: templates with conditions, and the choice of one that fits.

Pure: facts, what was said before, values and randomness are parameters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from random import Random
from typing import Protocol, TypeVar

from overture.personas import phrasing
from overture.personas.responses import canonical

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_TWO_STOPS = re.compile(r"(?<!\.)([.!?])\.(?!\.)")
_FOR_ON = re.compile(r"\b(for|from|until|since|is) on (?=\d)")
_SENTENCE_END = re.compile(r"[.!?]\s+$")
#: Values that keep the punctuation they end in.
_NAMES = frozenset({"title", "next", "maker", "director", "name"})
#: A value longer than this is cut: it stands inside a sentence.
_VALUE_LIMIT = 160
#: Values that are whole texts and are not cut.
_LONG_VALUES = frozenset({"facts", "personas", "reason"})

T = TypeVar("T")


class Remembered(Protocol):
    """What a line needs to know of a remembered fact."""

    @property
    def id(self) -> str:
        """Identify the fact."""

    @property
    def kind(self) -> str:
        """Name its kind, as in ``overture facts``."""

    @property
    def value(self) -> str:
        """Hold what was said."""

    @property
    def topic(self) -> str | None:
        """Name its subject: film, genre, food ..."""

    @property
    def when(self) -> date | datetime | str | None:
        """Hold the time it is about."""

    @property
    def until(self) -> str | None:
        """Hold the last ISO day of that time, if it is longer than a day."""

    @property
    def sensitive(self) -> bool:
        """Say whether only the person may bring it up."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """Name the memory a line rests on: a kind, or a kind and a topic."""

    kind: str
    topic: str | None = None

    @classmethod
    def parse(cls, text: str) -> Need:
        """Read ``favorite`` or ``favorite:film``."""
        kind, _, topic = text.partition(":")
        return cls(kind=kind, topic=topic or None)

    def fits(self, fact: Remembered) -> bool:
        """Say whether a fact is of this kind and topic."""
        return fact.kind == self.kind and self.topic in (None, fact.topic)


@dataclass(frozen=True, kw_only=True)
class Button:
    """One answer the person can tap."""

    title: str
    #: What is sent when it is tapped.
    payload: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """What the persona says."""

    #: Stable id of the template: ``maestro.greet.1f03``.
    id: str
    text: str
    buttons: tuple[Button, ...] = ()
    #: Ids of the facts the text uses.
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Template:
    """A line as the author wrote it."""

    id: str
    text: str
    buttons: tuple[Button, ...] = ()
    #: Memories that must be there; the first one fills {value}, {topic} and {when}.
    needs: tuple[Need, ...] = ()
    #: Memories that must not be there.
    without: tuple[Need, ...] = ()
    #: Values that must be given, and one of these.
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: For follow-ups: how the first memory must lie to now.
    tense: str | None = None

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """Return the placeholders of the text, by their one name."""
        return frozenset(canonical(name) for name in _PLACEHOLDER.findall(self.text))

    def holds(self, values: Mapping[str, str]) -> bool:
        """Say whether the values meet the conditions of ``when``."""
        return all(
            values.get(canonical(key), "").casefold() in allowed
            for key, allowed in self.when.items()
        )


def fit(
    template: Template,
    facts: Sequence[Remembered],
    values: Mapping[str, str],
    now: datetime | None = None,
) -> Line | None:
    """Fill a template, or return None when something it rests on is missing.

    Args:
        template: what the author wrote.
        facts: current facts, the newest last; sensitive ones are never used.
        values: by the one name of each placeholder; an empty value counts as missing.
        now: for {when}; without it only ``values`` can fill {when}.
    """
    open_facts = [fact for fact in facts if not fact.sensitive]
    if not template.holds(values) or _any_held(template.without, facts):
        return None
    held = [_newest(need, open_facts) for need in template.needs]
    if any(fact is None for fact in held):
        return None
    used = [fact for fact in held if fact is not None]
    return fill(template, used, open_facts, values, now)


def fill(
    template: Template,
    used: Sequence[Remembered],
    facts: Sequence[Remembered],
    values: Mapping[str, str],
    now: datetime | None,
) -> Line | None:
    """Fill a template from the facts chosen for its needs; None when a value is missing."""
    names = [fact for fact in facts if fact.kind == "name"][-1:]
    known = {fact.kind: phrasing.as_said(fact.kind, fact.value) for fact in names}
    known.update(_memory_values(used, now))
    known.update({key: value for key, value in values.items() if value})
    if not template.placeholders <= known.keys():
        return None
    uses = [fact.id for fact in used]
    if "name" in template.placeholders and not values.get("name"):
        uses += [fact.id for fact in names if fact.id not in uses]
    text = _PLACEHOLDER.sub(lambda match: _placed(match, known), template.text)
    return Line(id=template.id, text=_tidy(text), buttons=template.buttons, uses=tuple(uses))


def choose(
    lines: Sequence[Line],
    seen: Collection[str],
    rng: Random,
) -> Line | None:
    """Take a line not said before; when all were said, the one said longest ago.

    Args:
        lines: lines that fit.
        seen: ids of lines already said; a sequence tells their order, oldest first.
        rng: where chance comes from.
    """
    if not lines:
        return None
    fresh = [line for line in lines if line.id not in seen]
    if fresh:
        return rng.choice(fresh)
    if isinstance(seen, Sequence):
        last = {line_id: position for position, line_id in enumerate(seen)}
        return min(lines, key=lambda line: last[line.id])
    return rng.choice(lines)


def most_specific(pairs: Iterable[tuple[Template, Line]]) -> list[Line]:
    """Keep the lines whose templates ask for most in ``when``."""
    listed = list(pairs)
    most = max((len(template.when) for template, _ in listed), default=0)
    return [line for template, line in listed if len(template.when) == most]


def canonical_values(values: Mapping[str, object]) -> dict[str, str]:
    """Return values by their one name, as text on one line."""
    return {
        canonical(key): str(value).strip() for key, value in values.items() if value is not None
    }


def _any_held(needs: Iterable[Need], facts: Sequence[Remembered]) -> bool:
    return any(need.fits(fact) for need in needs for fact in facts)


def _newest(need: Need, facts: Sequence[Remembered]) -> Remembered | None:
    return next((fact for fact in reversed(facts) if need.fits(fact)), None)


def _memory_values(used: Sequence[Remembered], now: datetime | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for fact in reversed(used):
        noun = phrasing.as_said(fact.kind, fact.value)
        own = {fact.kind: noun, "value": noun, "topic": fact.topic or ""}
        own["when"] = (phrasing.spoken(fact.when, now, fact.until) if now else None) or ""
        found.update({key: value for key, value in own.items() if value})
    return found


def _placed(match: re.Match[str], known: Mapping[str, str]) -> str:
    value = _value(match[1], known)
    begins = _SENTENCE_END.search(match.string[: match.start()])
    return value[:1].upper() + value[1:] if begins else value


def _value(name: str, known: Mapping[str, str]) -> str:
    key = canonical(name)
    if key in _LONG_VALUES:
        return known[key].strip()
    text = " ".join(known[key].split())
    text = text if len(text) <= _VALUE_LIMIT else text[:_VALUE_LIMIT] + "…"
    return text if key in _NAMES else text.rstrip(".!?;, ")


def _tidy(text: str) -> str:
    """Begin with a capital; a title that ends in a full stop brings no second one."""
    joined = _FOR_ON.sub(r"\1 ", text)
    return joined[:1].upper() + _TWO_STOPS.sub(r"\1", joined[1:])
