"""Every outcome leaves a record that JSON can hold and that reads well in words."""

from __future__ import annotations

import inspect
import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.policy import (
    Cease,
    Facts,
    NotPlanned,
    Planned,
    Policy,
    QuietHours,
    Send,
    Wait,
    decide,
    explain,
    plan,
)
from overture.policy.explanation import OUTCOMES, REFUSALS
from overture.policy.intervals import DAWN, FOREVER, Intervals
from overture.policy.keys import Key
from overture.policy.law import Pack
from overture.policy.overrides import Limits
from overture.policy.records import Outcome, read, write
from overture.policy.rules import RULES
from tests.unit.policy.factories import DAY, HOUR, NOON, OPEN, limits, make_facts
from tests.unit.policy.strategies import moments, people, policies


@pytest.mark.parametrize(
    "kind",
    [
        *(Facts, Policy, Limits, QuietHours, Key, Pack),
        *(Outcome, Send, Wait, Cease, Planned, NotPlanned),
    ],
)
def test_records_cannot_be_changed_and_are_made_with_names_only(kind: type) -> None:
    assert "__dataclass_params__" in vars(kind)
    assert vars(kind)["__dataclass_params__"].frozen
    parameters = inspect.signature(kind).parameters.values()
    assert {one.kind for one in parameters} == {inspect.Parameter.KEYWORD_ONLY}


def test_a_set_of_instants_cannot_be_changed_and_equals_its_like() -> None:
    assert vars(Intervals)["__dataclass_params__"].frozen
    assert Intervals.since(NOON) == Intervals.since(NOON)
    assert hash(Intervals.since(NOON)) == hash(Intervals.since(NOON))


def test_a_record_holds_the_answer_its_moment_and_every_verdict() -> None:
    facts = make_facts(paused_until=NOON + HOUR)
    record = decide(facts, OPEN, NOON).to_record()
    verdicts = record.pop("verdicts")
    assert record == {
        "outcome": "wait",
        "conversation": "rest:demo:u1:maestro",
        "kind": "follow_up",
        "cycle": 5,
        "at": "2026-03-01T12:00:00Z",
        "moment": "2026-03-01T13:00:00Z",
        "reasons": ["paused"],
        "policy_version": OPEN.version,
    }
    assert [one["rule"] for one in verdicts] == [rule.__name__ for rule in RULES]
    assert verdicts[4] == {
        "rule": "paused",
        "reason": "paused",
        "allows": False,
        "opens": "2026-03-01T13:00:00Z",
        "closes": None,
        "evidence": {"paused_until": "2026-03-01T13:00:00Z"},
    }


def test_a_verdict_tells_when_it_closes_and_that_it_never_opens() -> None:
    facts = make_facts(window_opened_at=NOON, opted_out_at=NOON)
    verdicts = {one["rule"]: one for one in decide(facts, OPEN, NOON).to_record()["verdicts"]}
    window, opted_out = verdicts["window"], verdicts["opted_out"]
    assert (window["allows"], window["opens"]) == (True, "2026-03-01T12:00:00Z")
    assert window["closes"] == "2026-03-15T12:00:00.000001Z"
    assert window["evidence"]["window"] == "14d"
    assert (opted_out["allows"], opted_out["opens"], opted_out["closes"]) == (False, None, None)


def test_a_verdict_whose_time_is_over_does_not_allow() -> None:
    record = decide(make_facts(), OPEN, NOON + 15 * DAY).to_record()
    window = record["verdicts"][0]
    assert (window["rule"], window["allows"], window["opens"]) == ("window", False, None)


def test_a_plan_and_its_refusal_are_records_of_the_same_form() -> None:
    planned = plan(make_facts(), OPEN, NOON).to_record()
    assert (planned["outcome"], planned["moment"]) == ("planned", "2026-03-02T08:00:00Z")
    refused = plan(make_facts(opted_out_at=NOON), OPEN, NOON).to_record()
    assert (refused["outcome"], refused["moment"]) == ("not_planned", None)
    assert set(planned) == set(refused)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (NOON, "2026-03-01T12:00:00Z"),
        (DAWN, "0001-01-01T00:00:00Z"),
        (FOREVER, "9999-12-31T23:59:59.999999Z"),
        (timedelta(minutes=90), "90m"),
        (QuietHours(start=0, end=60), "00:00-01:00"),
        (date(2026, 3, 1), "2026-03-01"),
        (("a", NOON), ["a", "2026-03-01T12:00:00Z"]),
        ({"a": NOON}, {"a": "2026-03-01T12:00:00Z"}),
        (5, 5),
        (None, None),
        (True, True),
    ],
)
def test_values_are_written_as_people_and_json_read_them(value: object, written: object) -> None:
    assert write(value) == written


@given(st.data(), people(), policies)
def test_every_record_survives_json_and_can_be_told_in_words(
    data: st.DataObject, facts: Facts, policy: Policy
) -> None:
    now = data.draw(moments(facts))
    for answer in (decide(facts, policy, now), plan(facts, policy, now)):
        record = json.loads(json.dumps(answer.to_record()))
        assert record == answer.to_record()
        lines = explain(record).splitlines()
        told = {line.split(":")[0].removeprefix("- ") for line in lines[1:]}
        assert told == set(record["reasons"])


def test_there_is_a_sentence_for_every_rule_and_every_outcome() -> None:
    assert set(REFUSALS) == {rule.__name__ for rule in RULES}
    assert set(OUTCOMES) == {"send", "wait", "cease", "planned", "not_planned"}


def test_words_name_the_outcome_and_each_reason_with_its_evidence() -> None:
    facts = make_facts(paused_until=NOON + HOUR, account_paused_until=NOON + 2 * HOUR)
    decision = decide(facts, OPEN, NOON)
    assert isinstance(decision, Wait)
    assert explain(json.loads(json.dumps(decision.to_record()))).splitlines() == [
        "Not now; allowed from 2026-03-01T14:00:00Z if nothing changes.",
        "- paused: the person asked for a pause until 2026-03-01T13:00:00Z.",
        "- disabled: the account is switched off, or paused until 2026-03-01T14:00:00Z.",
    ]


def test_words_name_what_stands_in_the_way_only_together_with_something_else() -> None:
    """The app's window is open now, but it will have closed when quiet hours are over."""
    facts = make_facts(channel="messenger", last_user_action_at=NOON - 23 * HOUR)
    decision = decide(facts, limits(quiet_hours=QuietHours.parse("11:00-15:00")), NOON)
    assert isinstance(decision, Cease)
    channel = "messenger lets a bot write only within 24h of the person's last act"
    assert explain(decision.to_record()).splitlines() == [
        "Not allowed to write until something changes.",
        f"- channel_window: {channel}, 2026-02-28T13:00:00Z, less 0s.",
        "- quiet_hours: quiet hours are 11:00-15:00 in UTC.",
    ]


def test_words_for_a_yes_are_one_line() -> None:
    assert explain(decide(make_facts(), OPEN, NOON).to_record()) == "Allowed to write now."


def test_words_name_the_laws_and_say_when_something_is_not_set() -> None:
    facts = make_facts(region="US-TN", birth_year=2012, account_enabled=False)
    text = explain(decide(facts, OPEN, NOON).to_record())
    assert "the law at US-TN forbids it (US-TN-HB1891)" in text
    assert "the account is switched off, or paused until not set" in text


@given(st.data(), people(), policies)
def test_what_is_kept_of_a_record_reads_back_whole(
    data: st.DataObject, facts: Facts, policy: Policy
) -> None:
    now = data.draw(moments(facts))
    for answer in (decide(facts, policy, now), plan(facts, policy, now)):
        kept = json.dumps(answer.to_row(), default=write)
        assert read(json.loads(kept)) == answer.to_record()


def test_little_is_kept_where_nothing_is_known_against_contact() -> None:
    """A record is written with every follow-up, and would else be its largest row by far."""
    answer = decide(make_facts(), OPEN, NOON)
    assert len(json.dumps(answer.to_row(), default=write)) < len(json.dumps(answer.to_record())) / 2


def test_a_record_that_was_kept_whole_is_read_as_it_is() -> None:
    whole = decide(make_facts(), OPEN, NOON).to_record()
    assert read(whole) == whole
    assert read({"outcome": "withheld", "because": "no words"})["because"] == "no words"


def test_what_was_kept_long_ago_reads_as_it_did() -> None:
    """Rules that are named alone stand for what they said of a person nothing is known of."""
    row = {"clear": "unanswered gap cap pending_inbound switch", "verdicts": {}}
    assert read(row)["verdicts"] == [
        clear_of("unanswered", "unanswered", cycle=0, last_follow_up_cycle=None),
        clear_of("gap", "gap", last_follow_up_at=None, min_gap="0s"),
        clear_of("cap", "cap", follow_ups_in_window=0, max_per_window=None),
        clear_of("pending_inbound", "pending_inbound", pending_inbound=0),
        clear_of("switch", "disabled", enabled=True, kill_switch=False),
    ]


def clear_of(rule: str, reason: str, **evidence: object) -> dict[str, object]:
    told = {"allows": True, "opens": None, "closes": None}
    return {"rule": rule, "reason": reason, **told, "evidence": evidence}
