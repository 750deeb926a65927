"""A replay sends what the gate allows, at the instant it allows it, and says what it holds back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given, settings

from overture.policy import Policy
from overture.store.encoding import to_json
from overture.store.schema import metadata
from overture.store.sql import SqlLedger
from tests.unit.replay.histories import (
    DAY,
    HOUR,
    ME,
    START,
    Line,
    end,
    histories,
    line,
    messages,
    run,
    sent,
    stamp,
    withheld,
)
from tests.unit.replay.log_checker import violations

OPEN = Policy(quiet_hours=None)
LAST = START + timedelta(minutes=4)
DUE = LAST + 20 * HOUR


def test_five_messages_bring_one_follow_up_and_nothing_after_it() -> None:
    output = run([*messages(5), end(START + 60 * DAY)], OPEN)
    assert output == [{"at": stamp(DUE), "type": "follow_up_sent", "conversation": ME, "cycle": 5}]


def test_four_messages_bring_nothing() -> None:
    assert run([*messages(4), end(START + 60 * DAY)], OPEN) == []


def test_quiet_hours_are_kept_in_the_persons_zone() -> None:
    """Due at 06:04 UTC, which is quiet in UTC and in Berlin and not in Kiritimati."""
    for zone, at in [("Europe/Berlin", 8), ("Etc/UTC", 9), ("Pacific/Kiritimati", None)]:
        told = line("profile", START, timezone=zone)
        expected = DUE if at is None else datetime(2026, 3, 2, at, tzinfo=timezone.utc)
        assert sent(run([told, *messages(5), end(START + 3 * DAY)])) == [stamp(expected)]


def test_an_answer_makes_another_follow_up_possible() -> None:
    answer = messages(1, START + 2 * DAY)
    output = run([*messages(5), *answer, end(START + 9 * DAY)], OPEN)
    assert sent(output) == [stamp(DUE), stamp(START + 2 * DAY + 20 * HOUR)]
    assert [one["cycle"] for one in output] == [5, 6]


def test_a_repeated_id_counts_once_but_the_same_id_elsewhere_counts() -> None:
    repeated = [line("user_message", START + n * HOUR, id="m1") for n in range(9)]
    assert run([*repeated, end(START + 9 * DAY)], OPEN) == []
    other = "rest:demo:u1:chef"
    both = [
        line("user_message", START, where, id=f"m{n}") for n in range(5) for where in (ME, other)
    ]
    assert len(sent(run([*both, end(START + 9 * DAY)], OPEN))) == 2


def test_what_arrives_at_an_instant_counts_before_what_is_sent_at_it() -> None:
    output = run([*messages(5), line("opt_out", DUE), end(DUE + DAY)], OPEN)
    assert output == [
        {
            "at": stamp(DUE),
            "type": "follow_up_withheld",
            "conversation": ME,
            "reasons": ["opted_out"],
        }
    ]
    answered = [*messages(5), line("user_message", DUE, id="m6"), end(DUE + DAY)]
    assert sent(run(answered, OPEN)) == [stamp(DUE + 20 * HOUR)]


def test_the_clock_stops_at_the_last_line_and_what_is_due_then_is_sent() -> None:
    assert sent(run(messages(5), OPEN)) == []
    assert sent(run([*messages(5), end(DUE)], OPEN)) == [stamp(DUE)]
    assert sent(run([*messages(5), end(DUE - timedelta(microseconds=1))], OPEN)) == []
    nobody = line("profile", DUE, "rest:demo:u9:maestro")
    assert sent(run([*messages(5), nobody], OPEN)) == [stamp(DUE)]


@pytest.mark.parametrize(
    ("fifth", "due"),
    [
        (13 * DAY, 14 * DAY),  # the last instant of the window is inside
        (13 * DAY + timedelta(seconds=1), 14 * DAY - timedelta(minutes=1)),  # else a little earlier
        (14 * DAY, 14 * DAY),
    ],
)
def test_a_window_ends_fourteen_days_after_its_first_message(
    fifth: timedelta, due: timedelta
) -> None:
    policy = Policy(quiet_hours=None, after=timedelta(days=1))
    lines = [*messages(4), line("user_message", START + fifth, id="m5"), end(START + 30 * DAY)]
    assert sent(run(lines, policy)) == [stamp(START + due)]


def test_a_message_after_the_window_opens_a_new_one() -> None:
    late = START + 14 * DAY + timedelta(seconds=1)
    assert sent(run([*messages(4), *messages(4, late), end(late + 20 * DAY)], OPEN)) == []
    output = run([*messages(4), *messages(5, late), end(late + 20 * DAY)], OPEN)
    assert sent(output) == [stamp(late + timedelta(minutes=4) + 20 * HOUR)]


@pytest.mark.parametrize(
    ("stop", "go", "reason"),
    [
        ("opt_out", "opt_in", "opted_out"),
        ("crisis_hold", "release_hold", "crisis_hold"),
        ("takeover", "hand_back", "takeover"),
    ],
)
def test_what_is_still_owed_is_planned_anew(stop: str, go: str, reason: str) -> None:
    again = START + 3 * DAY
    lines = [*messages(5), line(stop, LAST), line(go, again), end(START + 9 * DAY)]
    output = run(lines, OPEN)
    assert withheld(output) == [[reason]]
    assert sent(output) == [stamp(again)]


def test_a_pause_moves_the_follow_up_and_a_later_pause_replaces_an_earlier() -> None:
    until = START + 5 * DAY
    first = line("pause", LAST, until=stamp(START + 90 * DAY))
    second = line("pause", LAST, until=stamp(until))
    output = run([*messages(5), first, second, end(START + 9 * DAY)], OPEN)
    assert withheld(output) == [["paused"]]
    assert sent(output) == [stamp(until)]


def test_consent_age_and_place_belong_to_the_contact_and_a_pause_to_the_conversation() -> None:
    other = "rest:demo:u1:chef"
    both = sorted([*messages(5), *messages(5, START, other)], key=lambda one: str(one["at"]))
    stopped = run([*both, line("opt_out", LAST, other), end(START + 9 * DAY)], OPEN)
    assert sent(stopped) == []
    assert len(withheld(stopped)) == 2
    paused = line("pause", LAST, other, until=stamp(START + 90 * DAY))
    output = run([*both, paused, end(START + 9 * DAY)], OPEN)
    assert [one["conversation"] for one in output] == [other, ME]


def test_a_minor_is_told_apart_by_age_and_law() -> None:
    told = line("profile", LAST, birth_year=2010, region="US-TN")
    assert withheld(run([*messages(5), told, end(START + 9 * DAY)], OPEN)) == [["law", "minor"]]
    merged = [line("profile", START, birth_year=1990), line("profile", START, region="US-TN")]
    assert len(sent(run([*merged, *messages(5), end(START + 9 * DAY)], OPEN))) == 1


def test_a_follow_up_that_is_owed_and_refused_outright_is_told_once() -> None:
    told = line("profile", START, birth_year=2010)
    output = run([told, *messages(9), end(START + 9 * DAY)], OPEN)
    assert output == [
        {
            "at": stamp(LAST),
            "type": "follow_up_withheld",
            "conversation": ME,
            "reasons": ["minor"],
        }
    ]


def test_every_plan_that_is_dropped_is_told_even_for_the_same_reason() -> None:
    lines = [*messages(5)]
    for day in (1, 2):
        lines += [line("opt_out", LAST + day * HOUR), line("opt_in", LAST + day * HOUR)]
    output = run([*lines, end(START + 9 * DAY)], OPEN)
    assert withheld(output) == [["opted_out"], ["opted_out"]]
    assert sent(output) == [stamp(DUE)]


def test_after_an_unanswered_follow_up_nothing_is_owed_that_could_be_withheld() -> None:
    later = DUE + DAY
    lines = [*messages(5), line("opt_out", later), line("opt_in", later + HOUR)]
    assert withheld(run([*lines, end(START + 9 * DAY)], OPEN)) == []


def test_a_channel_has_its_window_and_rest_has_none() -> None:
    policy = Policy(quiet_hours=None, after=timedelta(hours=40))
    for channel, after in [("messenger", None), ("instagram", None), ("rest", 40 * HOUR)]:
        where = f"{channel}:1:u1:maestro"
        output = run([*messages(5, START, where), end(START + 9 * DAY)], policy)
        margin = 23 * HOUR + timedelta(minutes=29)
        assert sent(output) == [stamp(LAST + (after or margin))]


def test_text_is_screened_as_intake_would() -> None:
    def screen(text: str) -> frozenset[str]:
        return frozenset({"opt_out"}) if text == "stop" else frozenset()

    lines = [*messages(5), line("user_message", LAST, id="m6", text="stop"), end(START + 9 * DAY)]
    output = run(lines, OPEN, screen=screen)
    assert output[0]["reasons"] == ["opted_out"]
    assert len(output) == 1


def test_who_asks_for_a_human_is_written_to_only_after_the_hand_back() -> None:
    def screen(text: str) -> frozenset[str]:
        return frozenset({"asks_human"}) if text == "human please" else frozenset()

    wish = line("user_message", LAST, id="m6", text="human please")
    back, last = line("hand_back", START + 3 * DAY), end(START + 9 * DAY)
    silent = run([*messages(5), wish, last], OPEN, screen=screen)
    assert (withheld(silent), sent(silent)) == ([["takeover"]], [])
    answered = run([*messages(5), wish, back, last], OPEN, screen=screen)
    assert sent(answered) == [stamp(START + 3 * DAY)]


@given(histories())
def test_no_follow_up_of_a_random_history_breaks_a_rule(history: list[Line]) -> None:
    assert violations(history, run(history)) == []


@settings(max_examples=20)
@given(histories())
def test_the_ledger_in_memory_answers_as_the_sql_ledger_does(history: list[Line]) -> None:
    engine = sa.create_engine("sqlite://", future=True, json_serializer=to_json)
    metadata.create_all(engine)
    with engine.begin() as connection:
        assert run(history, ledger=SqlLedger(connection)) == run(history)
