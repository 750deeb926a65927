"""The choice of a follow-up opener: which memory to come back to, and in which words.

Sensitive memories and those of health or age are never used; the name only garnishes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from random import Random

from overture.personas import phrasing
from overture.personas.lines import Line, Need, Remembered, Template, choose, fill
from overture.personas.responses import OPENER_KINDS

_DATED = frozenset({"plan", "event", "birthday"})


def opener(
    templates: Sequence[Template],
    facts: Sequence[Remembered],
    seen: Collection[str],
    rng: Random,
    now: datetime,
) -> Line | None:
    """Choose an opener: dated memories first, then other memories, the name, then none.

    Args:
        templates: the persona's openers.
        facts: current facts of the conversation, the newest last.
        seen: ids of lines already said; one of them is taken only when all were said.
        rng: where chance comes from.
        now: aware, in the contact's time zone where it is known.
    """
    if now.tzinfo is None:
        raise ValueError(f"now must be aware, got {now!r}")
    usable = [fact for fact in facts if not fact.sensitive and fact.kind in OPENER_KINDS]
    ranks: tuple[list[Line], ...] = ([], [], [], [])
    for template in templates:
        ranks[_rank(template)].extend(_lines(template, usable, now))
    everything = [line for rank in ranks for line in rank]
    for rank in ranks:
        fresh = [line for line in rank if line.id not in seen]
        if fresh:
            return choose(fresh, seen, rng)
    return choose(everything, seen, rng)


def _rank(template: Template) -> int:
    if not template.needs:
        return 3
    kind = template.needs[0].kind
    return 0 if kind in _DATED else 2 if kind == "name" else 1


def _lines(template: Template, facts: Sequence[Remembered], now: datetime) -> Iterator[Line]:
    if any(need.fits(fact) for need in template.without for fact in facts):
        return
    for used in _combinations(template, facts, now):
        line = fill(template, used, facts, {}, now)
        if line is not None:
            yield line


def _combinations(
    template: Template, facts: Sequence[Remembered], now: datetime
) -> Iterator[list[Remembered]]:
    if not template.needs:
        yield []
        return
    first, *others = template.needs
    rest = [_newest(need, facts) for need in others]
    held = [fact for fact in rest if fact is not None]
    if len(held) < len(others):
        return
    for fact in facts:
        if first.fits(fact) and _tense_fits(template, fact, now):
            yield [fact, *held]


def _newest(need: Need, facts: Sequence[Remembered]) -> Remembered | None:
    return next((fact for fact in reversed(facts) if need.fits(fact)), None)


def _tense_fits(template: Template, fact: Remembered, now: datetime) -> bool:
    if fact.kind not in _DATED:
        return True
    if fact.kind == "birthday":
        told = phrasing.birthday_tense(fact.when, now)
    else:
        told = phrasing.tense(fact.when, now, fact.until)
    return told == (template.tense or "undated")
