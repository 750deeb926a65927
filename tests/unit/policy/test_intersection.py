"""Verdicts agree exactly where each of them allows contact."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from overture.policy.intersection import agreement
from overture.policy.intervals import ALWAYS, NEVER, Intervals
from overture.policy.rules import Verdict
from tests.unit.policy.factories import HOUR, NOON

hours = st.integers(0, 12).map(lambda count: NOON + count * HOUR)
sets = st.one_of(
    st.just(ALWAYS),
    st.just(NEVER),
    st.lists(st.tuples(hours, hours), max_size=4).map(Intervals.of),
)


def verdict(allowed: Intervals) -> Verdict:
    return Verdict("rule", "reason", allowed, {})


@given(st.lists(sets, max_size=4))
def test_the_agreement_is_the_intersection_of_all(allowed: list[Intervals]) -> None:
    expected = ALWAYS
    for one in allowed:
        expected = expected.intersect(one)
    assert agreement(map(verdict, allowed)) == expected


def test_sets_of_several_spans_agree_in_each_of_them() -> None:
    two = Intervals.of([(NOON, NOON + HOUR), (NOON + 2 * HOUR, NOON + 3 * HOUR)])
    assert agreement([verdict(two), verdict(Intervals.since(NOON))]) == two
    assert agreement([verdict(NEVER), verdict(two)]) == NEVER
