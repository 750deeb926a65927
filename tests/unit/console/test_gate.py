"""The gate's answers in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from overture.console import gate, wording
from overture.policy import decide
from overture.policy.rules import RULES
from overture.store.records import DecisionRow
from tests.unit.policy.factories import HOUR, NOON, limits, make_facts

LATER = NOON + HOUR

#: For each rule, facts and limits under which it refuses.
REFUSING = {
    "window": ({"window_opened_at": NOON - timedelta(days=15)}, {}),
    "messages": ({"messages_in_window": 4}, {}),
    "unanswered": ({"last_follow_up_cycle": 5, "last_follow_up_at": NOON}, {}),
    "opted_out": ({"opted_out_at": NOON}, {}),
    "paused": ({"paused_until": NOON + 9 * HOUR}, {}),
    "kind": ({"kind_disabled": True}, {}),
    "crisis_hold": ({"crisis_hold_since": NOON}, {}),
    "minor": ({"declared_minor": True}, {}),
    "law": ({"region": "US-TN", "birth_year": 2015}, {}),
    "persona": ({"persona_released": False}, {}),
    "channel": ({"channel": "messenger", "last_user_action_at": NOON - 25 * HOUR}, {}),
    "gap": ({"last_follow_up_at": NOON, "last_follow_up_cycle": 4}, {}),
    "cap": ({"follow_ups_in_window": 2}, {"max_per_window": 2}),
    "pending_inbound": ({"pending_inbound": 1}, {}),
    "takeover": ({"takeover_since": NOON}, {}),
    "account": ({"account_paused_until": NOON + 9 * HOUR}, {}),
    "switch": ({"kill_switch": True}, {}),
}


def lines(facts, policy=None):
    record = decide(facts, policy or limits(), LATER).to_record()
    return {line.rule: line for line in gate.answer(record).rules}


def test_every_rule_of_the_gate_has_words():
    assert set(lines(make_facts())) == set(wording.RULES)
    assert len(RULES) == len(wording.RULES)


def test_a_rule_that_allows_says_so_without_gaps():
    for line in lines(make_facts(), limits()).values():
        assert line.allows
        assert not line.decides
        assert "{" not in line.words
        assert "not set" not in line.words


@pytest.mark.parametrize("rule", REFUSING)
def test_a_rule_that_refuses_says_why(rule):
    facts, policy = REFUSING[rule]
    line = lines(make_facts(**facts), limits(**policy))[rule]
    assert not line.allows
    assert line.decides
    assert "{" not in line.words
    assert line.words != wording.RULES[rule][1]


def test_a_refusal_that_ends_by_itself_says_when():
    line = lines(make_facts(paused_until=NOON + 9 * HOUR))["paused"]
    assert line.until == NOON + 9 * HOUR


def test_values_read_as_words():
    assert gate.value_in_words(None) == "not set"
    assert gate.value_in_words(True) == "yes"
    assert gate.value_in_words([]) == "none"
    assert gate.value_in_words(["m1", "m2"]) == "m1, m2"
    assert gate.value_in_words("2026-03-02T12:00:00Z") == "2 Mar 2026, 12:00 UTC"
    assert gate.value_in_words("not a time but ends in Z") == "not a time but ends in Z"


def row(outcome, reasons=(), record=None):
    return DecisionRow(
        conversation_id="rest:demo:u1:maestro",
        cycle=1,
        at=NOON,
        stage="plan",
        outcome=outcome,
        reasons=reasons,
        record=record or {},
    )


def test_plans_that_replaced_each_other_are_one_step():
    found = gate.steps([row("planned"), row("planned"), row("withheld"), row("planned")])
    assert [(one.outcome, one.times) for one in found] == [
        ("planned", 2),
        ("withheld", 1),
        ("planned", 1),
    ]


def test_waits_for_different_reasons_stay_apart():
    found = gate.steps([row("wait", ("gap",)), row("wait", ("paused",)), row("wait", ("paused",))])
    assert [one.times for one in found] == [1, 2]


def test_a_step_says_what_stood_in_the_way():
    record = decide(make_facts(opted_out_at=NOON), limits(), LATER).to_record()
    step = gate.steps([row("withheld", ("opted_out",), record)])[0]
    assert step.words == ("the person asked to stop at 1 Mar 2026, 12:00 UTC",)


def test_a_turn_that_ended_without_a_word_says_so():
    step = gate.steps([row("withheld", ("disabled",), {"because": "the dialogue said nothing"})])[0]
    assert step.words == ("the dialogue said nothing",)
