"""Age and law are read from dated data, on the person's own calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from overture.policy.intervals import ALWAYS, NEVER
from overture.policy.law import PACKS, Pack, adulthood, lawful, packs_for
from tests.unit.policy.factories import TICK, make_facts, utc


@pytest.mark.parametrize(
    ("known", "adult_from"),
    [
        # only a year: through the last day of the year in which they turn 18
        ({"birth_year": 2008}, utc(2027, 1, 1)),
        ({"birth_year": 2008, "timezone": "Pacific/Kiritimati"}, utc(2026, 12, 31, 10)),
        ({"birth_year": 2008, "timezone": "Etc/GMT+12"}, utc(2027, 1, 1, 12)),
        ({"birth_year": 2008, "account_timezone": "Europe/Berlin"}, utc(2026, 12, 31, 23)),
        # a date: the 18th birthday
        ({"birth_date": date(2008, 5, 17)}, utc(2026, 5, 17)),
        ({"birth_date": date(2008, 5, 17), "birth_year": 2008}, utc(2026, 5, 17)),
        # early in the year, and the day before a leap day
        ({"birth_date": date(2008, 1, 10)}, utc(2026, 1, 10)),
        ({"birth_date": date(2008, 2, 28)}, utc(2026, 2, 28)),
        # born on a leap day: 2026 has none
        ({"birth_date": date(2008, 2, 29)}, utc(2026, 3, 1)),
        # the stricter of two that contradict each other
        ({"birth_date": date(2008, 5, 17), "birth_year": 2009}, utc(2028, 1, 1)),
        ({"birth_date": date(2008, 5, 17), "birth_year": 1980}, utc(2026, 5, 17)),
        # midnight that the clocks skip: the day begins at one
        ({"birth_date": date(2004, 9, 4), "timezone": "America/Santiago"}, utc(2022, 9, 4, 4)),
    ],
)
def test_a_person_counts_as_an_adult_from_that_midnight(
    known: dict[str, Any], adult_from: datetime
) -> None:
    allowed = adulthood(make_facts(**known))
    assert not allowed.contains(adult_from - TICK)
    assert allowed.contains(adult_from)


def test_who_has_told_no_age_is_no_minor_and_who_is_declared_one_stays_one() -> None:
    assert adulthood(make_facts()) is ALWAYS
    assert adulthood(make_facts(declared_minor=True)) is NEVER
    assert adulthood(make_facts(declared_minor=True, birth_year=1950)) is NEVER


@pytest.mark.parametrize("known", [{"birth_year": 9990}, {"birth_date": date(9990, 1, 1)}])
def test_who_turns_18_beyond_the_calendar_stays_a_minor(known: dict[str, Any]) -> None:
    assert adulthood(make_facts(**known)) is NEVER


@pytest.mark.parametrize(
    ("region", "kind", "ids"),
    [
        ("US-TN", "follow_up", ["US-TN-HB1891"]),
        ("us_tn", "reminder", ["US-TN-HB1891"]),
        ("PR", "follow_up", ["PR-LAW-185-2024"]),
        ("US-PR", "follow_up", ["PR-LAW-185-2024"]),
        ("PR-SJU", "follow_up", ["PR-LAW-185-2024"]),
        ("US-WA", "follow_up", ["US-WA-HB2225"]),
        ("US-WA", "reminder", []),
        ("US-OR", "follow_up", ["US-OR-SB1546"]),
        ("US", "follow_up", []),
        ("PRT", "follow_up", []),
        ("DE", "follow_up", []),
        ("", "follow_up", []),
        (None, "follow_up", []),
    ],
)
def test_the_laws_of_a_place_are_found(region: str | None, kind: str, ids: list[str]) -> None:
    assert [pack.id for pack in packs_for(region, kind)] == ids


@pytest.mark.parametrize(
    ("region", "first_day"),
    [
        ("US-TN", utc(2025, 1, 1)),
        ("PR", utc(2025, 3, 1)),
        ("US-WA", utc(2027, 1, 1)),
        ("US-OR", utc(2027, 1, 1)),
    ],
)
def test_a_law_protects_minors_from_its_first_day_on(region: str, first_day: datetime) -> None:
    minor, adult = make_facts(birth_year=2012), make_facts(birth_year=1990)
    packs = packs_for(region, "follow_up")
    assert lawful(minor, packs).contains(first_day - TICK)
    assert not lawful(minor, packs).contains(first_day)
    assert lawful(minor, packs).contains(utc(2031, 1, 1))  # grown up
    assert lawful(adult, packs) == ALWAYS


def test_a_law_for_everyone_holds_from_its_first_day_to_the_day_it_ends() -> None:
    pack = Pack(
        id="X",
        regions=("XX",),
        audience="everyone",
        forbids=frozenset({"*"}),
        effective_from=date(2026, 3, 1),
        effective_to=date(2026, 4, 1),
        about="Nobody is written to in March.",
        certainty="low",
    )
    facts = make_facts(timezone="Europe/Berlin", birth_year=1990)
    allowed = lawful(facts, (pack,))
    assert allowed.contains(utc(2026, 2, 28, 23) - TICK)
    assert not allowed.contains(utc(2026, 2, 28, 23))
    assert not allowed.contains(utc(2026, 3, 31, 22) - TICK)
    assert allowed.contains(utc(2026, 3, 31, 22))


def test_every_pack_is_complete_and_has_a_name_of_its_own() -> None:
    assert len({pack.id for pack in PACKS}) == len(PACKS)
    for pack in PACKS:
        assert pack.audience in {"minor", "everyone"}
        assert pack.certainty in {"high", "medium", "low"}
        assert pack.regions
        assert pack.forbids
        assert pack.about.endswith(".")
