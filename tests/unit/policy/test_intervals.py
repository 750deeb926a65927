"""Intervals behave like the sets of instants they stand for."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.policy.intervals import (
    ALWAYS,
    DAWN,
    FOREVER,
    NEVER,
    Intervals,
    as_utc,
    later,
)
from tests.unit.policy.factories import DAY, HOUR, NOON, TICK

instants = st.integers(0, 12).map(lambda hours: NOON + hours * HOUR)
sets = st.lists(st.tuples(instants, instants), max_size=5).map(Intervals.of)


def hours(*pairs: tuple[int, int]) -> Intervals:
    return Intervals.of([(NOON + start * HOUR, NOON + end * HOUR) for start, end in pairs])


def test_building_sorts_merges_and_drops_what_is_empty() -> None:
    assert hours((0, 0), (5, 6), (1, 3), (2, 4), (4, 5), (9, 9), (11, 8)) == hours((1, 6))
    assert hours((1, 2), (4, 6), (5, 8)) == hours((1, 2), (4, 8))
    assert hours((3, 4), (1, 2), (6, 7)).spans == tuple(
        (NOON + first * HOUR, NOON + (first + 1) * HOUR) for first in (1, 3, 6)
    )


def test_a_span_inside_another_leaves_the_longer_one() -> None:
    assert hours((1, 9), (2, 3)) == hours((1, 9))
    assert hours((0, 1), (2, 9), (3, 4)) == hours((0, 1), (2, 9))


def test_the_start_is_inside_and_the_end_is_not() -> None:
    one = Intervals.between(NOON, NOON + HOUR)
    assert not one.contains(NOON - TICK)
    assert one.contains(NOON)
    assert one.contains(NOON + HOUR - TICK)
    assert not one.contains(NOON + HOUR)


@pytest.mark.parametrize("end", [NOON, NOON - TICK])
def test_between_needs_time_to_pass(end: datetime) -> None:
    assert Intervals.between(NOON, end) is NEVER


def test_since_forever_is_never() -> None:
    assert Intervals.since(FOREVER) is NEVER
    assert Intervals.since(NOON).spans == ((NOON, FOREVER),)


def test_sets_that_only_touch_have_nothing_in_common() -> None:
    assert hours((1, 2), (3, 4)).intersect(hours((2, 3), (4, 5))) == NEVER


def test_sets_of_hundreds_of_spans_meet_in_each_of_them() -> None:
    many = hours(*((2 * n, 2 * n + 1) for n in range(400)))
    assert many.intersect(ALWAYS) == ALWAYS.intersect(many) == many
    assert many.intersect(many) == many


def test_a_part_of_a_set_holds_no_empty_span() -> None:
    three = hours((1, 2), (4, 6), (8, 9))
    assert three.within(NOON + 2 * HOUR, NOON + 8 * HOUR) == hours((4, 6))
    assert three.within(NOON + 5 * HOUR, NOON + 9 * HOUR) == hours((5, 6), (8, 9))


def test_always_and_never_are_complements() -> None:
    assert ALWAYS.complement() == NEVER
    assert NEVER.complement() == ALWAYS


def test_the_complement_keeps_both_outsides() -> None:
    inside = Intervals.between(NOON, NOON + HOUR)
    assert inside.complement().spans == ((DAWN, NOON), (NOON + HOUR, FOREVER))
    assert Intervals.since(NOON).complement().spans == ((DAWN, NOON),)


def test_the_complement_of_what_begins_with_the_calendar_has_no_empty_span() -> None:
    first = DAWN + timedelta(0)  # equal, and another object
    assert first is not DAWN
    assert Intervals(((first, NOON),)).complement().spans == ((NOON, FOREVER),)


@given(sets, sets, instants)
def test_membership_follows_the_algebra_of_sets(a: Intervals, b: Intervals, at: datetime) -> None:
    assert a.intersect(b).contains(at) == (a.contains(at) and b.contains(at))
    assert a.complement().contains(at) == (not a.contains(at))
    assert a.complement().complement() == a
    assert a.intersect(b) == b.intersect(a)


@given(sets, instants)
def test_the_first_instant_is_inside_and_nothing_before_it_is(a: Intervals, at: datetime) -> None:
    first = a.first_after(at)
    earlier = [at + n * HOUR / 2 for n in range(30)]
    if first is None:
        assert not any(map(a.contains, earlier))
    else:
        assert first >= at
        assert a.contains(first)
        assert not any(a.contains(one) for one in earlier if one < first)


def test_the_last_span_before_an_instant_begins_before_it() -> None:
    both = hours((1, 2), (4, 6))
    assert both.last_span_before(NOON + HOUR) is None
    assert both.last_span_before(NOON + HOUR + TICK) == both.spans[0]
    assert both.last_span_before(NOON + 4 * HOUR) == both.spans[0]
    assert both.last_span_before(NOON + 9 * HOUR) == both.spans[1]


def test_intervals_survive_the_ends_of_the_calendar() -> None:
    for delay in (TICK, DAY, 2 * DAY):
        assert later(FOREVER, delay) == FOREVER
        assert later(DAWN, -delay) == DAWN
    assert later(NOON, HOUR) == NOON + HOUR
    assert later(FOREVER, timedelta(0)) == FOREVER


def test_instants_are_turned_into_utc_and_naive_ones_refused() -> None:
    local = datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    assert as_utc(local) == NOON
    assert as_utc(local).tzinfo is timezone.utc
    assert as_utc(NOON.replace(tzinfo=timezone(timedelta(0), "GMT"))).tzinfo is timezone.utc
    with pytest.raises(ValueError, match=r"naive datetime refused: .*2026, 3, 1"):
        as_utc(datetime(2026, 3, 1))  # noqa: DTZ001 - the naive one is the point
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        as_utc(datetime.max.replace(tzinfo=timezone(timedelta(hours=-2))))
