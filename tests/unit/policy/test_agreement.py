"""Planning, deciding and a naive reading of the rules never disagree."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from overture.policy import Cease, Facts, NotPlanned, Planned, Policy, Send, Wait, decide, plan
from overture.policy.intervals import FOREVER
from overture.policy.planner import HEADROOM
from tests.unit.policy.factories import TICK
from tests.unit.policy.naive import refusals
from tests.unit.policy.strategies import moments, people, policies


def samples(facts: Facts, start: datetime, end: datetime) -> list[datetime]:
    """Return instants of a stretch of time: a grid of half hours and both ends."""
    step = max(timedelta(minutes=30), (end - start) / 100)
    grid = [start + step * n for n in range(int((end - start) / step) + 1)]
    edges = [start, end - TICK, facts.last_message_at, facts.window_opened_at]
    return [instant for instant in grid + edges if start <= instant < end]


@given(st.data(), people(), policies)
def test_a_decision_says_what_the_naive_reading_says_of_every_instant_from_now_on(
    data: st.DataObject, facts: Facts, policy: Policy
) -> None:
    """Send: no reason now. Wait: none at its end, some before. Cease: some at every instant."""
    now = data.draw(moments(facts))
    decision = decide(facts, policy, now)
    reasons = refusals(facts, policy, now)
    assert isinstance(decision, Send) == (not reasons)
    if isinstance(decision, Wait):
        assert set(decision.reasons) == reasons
        assert not refusals(facts, policy, decision.until)
        assert all(refusals(facts, policy, at) for at in samples(facts, now, decision.until))
    if isinstance(decision, Cease):
        end = max(now, facts.window_opened_at + policy.window) + timedelta(hours=1)
        assert decision.reasons
        assert all(refusals(facts, policy, at) for at in samples(facts, now, end))


@given(st.data(), people(), policies)
def test_what_is_planned_is_allowed_at_its_instant_and_else_deciding_ceases_too(
    data: st.DataObject, facts: Facts, policy: Policy
) -> None:
    now = data.draw(moments(facts))
    wish = data.draw(st.one_of(st.none(), moments(facts)))
    planned = plan(facts, policy, now, wish)
    if isinstance(planned, Planned):
        assert planned.due_at >= now
        assert isinstance(decide(facts, policy, planned.due_at), Send)
    else:
        decision = decide(facts, policy, now)
        assert isinstance(decision, Cease)
        assert decision.reasons == planned.reasons


@given(st.data(), people(), policies)
def test_a_plan_is_the_first_instant_after_the_preferred_one_or_else_a_late_one_before(
    data: st.DataObject, facts: Facts, policy: Policy
) -> None:
    now = data.draw(moments(facts))
    planned = plan(facts, policy, now)
    if isinstance(planned, NotPlanned):
        return
    preferred = max(now, facts.last_message_at + policy.after)
    if planned.due_at >= preferred:
        between = samples(facts, preferred, planned.due_at)
        assert all(refusals(facts, policy, at) for at in between)
    else:
        end = max(preferred, facts.window_opened_at + policy.window) + timedelta(hours=1)
        headroom = planned.due_at + HEADROOM + timedelta(seconds=1)
        assert all(refusals(facts, policy, at) for at in samples(facts, headroom, end))


@given(people(), policies, st.timedeltas(TICK, timedelta(days=9)))
def test_a_clock_that_jumps_back_never_opens_anything(
    facts: Facts, policy: Policy, jump: timedelta
) -> None:
    """A message that lies in the future of the clock has not been written yet."""
    newest = max(facts.last_message_at, facts.window_opened_at)
    assert not isinstance(decide(facts, policy, newest - jump), Send)


@given(people(), policies, policies)
def test_an_override_that_is_accepted_allows_nothing_the_policy_refuses(
    facts: Facts, policy: Policy, other: Policy
) -> None:
    try:
        tight = policy.tightened(other.to_mapping())
    except ValueError:
        return
    planned = plan(facts, tight, facts.last_message_at)
    if isinstance(planned, Planned):
        assert isinstance(decide(facts, policy, planned.due_at), Send)


@given(st.data(), people(), policies)
def test_no_reason_is_named_twice_and_every_reason_named_is_needed(
    data: st.DataObject, facts: Facts, policy: Policy
) -> None:
    """What is final needs no company; what is not is named only where it takes several."""
    answer = plan(facts, policy, data.draw(moments(facts)))
    if isinstance(answer, Planned):
        return
    assert list(answer.reasons) == sorted(set(answer.reasons))
    end = facts.window_opened_at + policy.window
    end = FOREVER if answer.at > end else end
    firsts = [(one.reason, one.allowed.first_after(answer.at)) for one in answer.verdicts]
    alone = {reason for reason, first in firsts if first is None or first > end}
    assert set(answer.reasons) == alone if alone else len(answer.reasons) >= 2
