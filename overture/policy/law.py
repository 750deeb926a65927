"""Age and place: who counts as a minor and when, and which laws forbid what, as dated data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo
from functools import lru_cache

from overture.policy.facts import Facts
from overture.policy.intervals import ALWAYS, FOREVER, NEVER, Intervals, Span
from overture.policy.zones import midnight, zone_of

ADULT_AGE = 18


@dataclass(frozen=True, kw_only=True, eq=False)
class Pack:
    """One law, as far as it forbids writing first. Engineering input, not legal advice.

    Each pack is one entry of the table below and equal only to itself, which keeps the memory
    of answers about packs quick.
    """

    id: str
    #: ISO 3166 codes; a country stands for all its subdivisions.
    regions: tuple[str, ...]
    #: Whom it protects: `minor` or `everyone`.
    audience: str
    #: Kinds of message that may not be sent; `*` means every kind.
    forbids: frozenset[str]
    #: First day on which it holds, in the person's zone.
    effective_from: date
    #: First day on which it no longer holds; None: it stands.
    effective_to: date | None = None
    #: What it says, in one sentence.
    about: str
    #: `high`, `medium` or `low`: how sure we are of the reading.
    certainty: str

    def covers(self, region: str, kind: str) -> bool:
        """Tell whether the law speaks about this kind of message in this place."""
        here = any(region == own or region.startswith(f"{own}-") for own in self.regions)
        return here and ("*" in self.forbids or kind in self.forbids)


#: Laws that forbid writing first. Source: statutes and reviews, state of November 2026.
PACKS: tuple[Pack, ...] = (
    Pack(
        id="US-TN-HB1891",
        regions=("US-TN",),
        audience="minor",
        forbids=frozenset({"*"}),
        effective_from=date(2025, 1, 1),
        about="Tennessee asks a parent's express consent before a minor is engaged; none is held.",
        certainty="medium",
    ),
    Pack(
        id="PR-LAW-185-2024",
        regions=("PR", "US-PR"),
        audience="minor",
        forbids=frozenset({"*"}),
        effective_from=date(2025, 3, 1),
        about="Puerto Rico forbids profiling minors, and a follow-up uses what was remembered.",
        certainty="medium",
    ),
    Pack(
        id="US-WA-HB2225",
        regions=("US-WA",),
        audience="minor",
        forbids=frozenset({"follow_up"}),
        effective_from=date(2027, 1, 1),
        about="Washington forbids prompting a minor to return for companionship.",
        certainty="high",
    ),
    Pack(
        id="US-OR-SB1546",
        regions=("US-OR",),
        audience="minor",
        forbids=frozenset({"follow_up"}),
        effective_from=date(2027, 1, 1),
        about="Oregon forbids techniques that make a minor emotionally dependent.",
        certainty="medium",
    ),
)


def packs_for(region: str | None, kind: str) -> tuple[Pack, ...]:
    """Return the laws that speak about this kind of message in this place, at whatever time."""
    return _packs_for(region.upper().replace("_", "-"), kind) if region else ()


def adulthood(facts: Facts) -> Intervals:
    """Return the time during which the person does not count as a minor.

    With only a birth year a person is a minor through the last day of the year in which they
    turn 18; with a birth date up to the 18th birthday, of someone born on 29 February up to
    1 March. Dates begin at midnight in the person's zone. Whoever has been declared a minor
    stays one until an operator says otherwise. Of two contradicting facts the stricter counts.
    """
    born = (facts.birth_year, facts.birth_date)
    return adult_times(*born, declared_minor=facts.declared_minor, zone=zone_of(facts)[1])


def adult_times(
    year: int | None, born: date | None, *, declared_minor: bool, zone: tzinfo
) -> Intervals:
    """Return the same from a birth year and a birth date, each None where it is not known."""
    if declared_minor:
        return NEVER
    if year is None and born is None:
        return ALWAYS
    return _adulthood(year, born, zone)


def lawful(facts: Facts, packs: tuple[Pack, ...]) -> Intervals:
    """Return the time during which none of these laws forbids writing to the person."""
    return _lawful(packs, adulthood(facts), zone_of(facts)[1]) if packs else ALWAYS


@lru_cache(maxsize=4096)
def _packs_for(region: str, kind: str) -> tuple[Pack, ...]:
    return tuple(pack for pack in PACKS if pack.covers(region, kind))


@lru_cache(maxsize=4096)
def _adulthood(year: int | None, born: date | None, zone: tzinfo) -> Intervals:
    starts = []
    if born is not None:
        starts.append(midnight(*_eighteenth_birthday(born), zone))
    if year is not None and (born is None or born.year != year):
        starts.append(midnight(year + ADULT_AGE + 1, 1, 1, zone))
    return Intervals.since(max(starts))


@lru_cache(maxsize=4096)
def _lawful(packs: tuple[Pack, ...], adult: Intervals, zone: tzinfo) -> Intervals:
    forbidden: list[Span] = []
    for pack in packs:
        start = midnight(*_day(pack.effective_from), zone)
        end = midnight(*_day(pack.effective_to), zone) if pack.effective_to else FOREVER
        force = Intervals.between(start, end)
        young = adult.complement()
        forbidden += (force.intersect(young) if pack.audience == "minor" else force).spans
    return Intervals.of(forbidden).complement()


def _eighteenth_birthday(born: date) -> tuple[int, int, int]:
    """Return the date on which the person turns 18, which may lie beyond the calendar."""
    if (born.month, born.day) == (2, 29):
        return born.year + ADULT_AGE, 3, 1
    return born.year + ADULT_AGE, born.month, born.day


def _day(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day
