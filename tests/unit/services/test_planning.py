"""When a follow-up is planned, moved, dropped or refused, and what is told about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from overture.memory import extract
from overture.memory.records import ExtractedFact
from overture.policy import Policy
from overture.services import consent
from overture.services.catching_up import left_out
from overture.services.deployment import Deployment
from overture.services.planning import replan_all, wish_for
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.records import FactRow, Standing
from overture.store.sql import SqlLedger
from tests.factories import CONVERSATION, NOON, inbound, write, write_often

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PERSON = "rest:demo:u1"
OPEN = Deployment(policy=Policy(quiet_hours=None))


@pytest.fixture
def database() -> Iterator[Database]:
    """Return an empty ledger in memory."""
    database = Database("sqlite://")
    migrate(database.engine)
    yield database
    database.close()


def run(database: Database, work: Any) -> Any:
    """Run one transaction."""
    return database.write_now(lambda connection: work(SqlLedger(connection)))


def standing(database: Database) -> Standing:
    """Return what the gate knows of the conversation."""
    found: Standing = run(database, lambda ledger: ledger.people.standing(CONVERSATION))
    return found


def told(database: Database) -> list[tuple[str, tuple[str, ...]]]:
    """Return what was withheld by planning, oldest first, each with the reasons."""
    rows = run(database, lambda ledger: ledger.plans.decisions(CONVERSATION, 100))
    return [(row.stage, row.reasons) for row in reversed(rows) if row.outcome == "withheld"]


def test_a_follow_up_that_is_owed_and_refused_outright_is_recorded_once(
    database: Database,
) -> None:
    """The sixth message is refused for the same reason as the fifth: nothing new is told."""
    run(database, lambda lg: consent.change(lg, PERSON, NOON, OPEN, birth_year=2015))
    answers = [write(database, inbound(at=NOON + n * HOUR), OPEN).withheld for n in range(6)]
    assert [[one.reasons for one in found] for found in answers] == [[]] * 4 + [[("minor",)], []]
    assert told(database) == [("plan", ("minor",))]


def test_another_reason_is_told_again(database: Database) -> None:
    """What changes is news; a change of the person that asks for nothing is none."""
    run(database, lambda lg: consent.change(lg, PERSON, NOON, OPEN, birth_year=2015))
    write_often(database)
    stop = {"now": NOON + HOUR, "deployment": OPEN}
    assert run(database, lambda lg: consent.opt_out(lg, PERSON, **stop, by="m")) == []
    write(database, inbound(at=NOON + 2 * HOUR), OPEN)
    assert told(database) == [("plan", ("minor",)), ("plan", ("minor", "opted_out"))]


def test_what_an_operator_allows_again_is_planned_for_those_who_were_left_out(
    database: Database,
) -> None:
    """Nothing happens to the conversation itself when the kill switch goes off."""
    closed = Deployment(policy=Policy(enabled=False))
    for number in range(5):
        write(database, inbound(at=NOON + number * HOUR), closed)
    assert standing(database).plan is None
    now = NOON + 6 * HOUR
    found = run(database, lambda ledger: left_out(ledger, now, behind="", limit=10))
    assert found == [CONVERSATION]
    run(database, lambda ledger: replan_all(ledger, found, now, OPEN, asked=True))
    plan = standing(database).plan
    assert plan is not None
    assert plan.due_at == NOON + 24 * HOUR
    assert run(database, lambda ledger: left_out(ledger, now, behind="", limit=10)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"opted_out_at": NOON},
        {"crisis_hold_since": NOON},
        {"declared_minor": True},
    ],
)
def test_nobody_is_looked_after_who_cannot_be_written_to(
    database: Database, change: dict[str, Any]
) -> None:
    """The look costs nothing for people who said no."""
    write_often(database)
    run(database, lambda lg: consent.change(lg, PERSON, NOON, OPEN, **change))
    assert run(database, lambda ledger: left_out(ledger, NOON, behind="", limit=10)) == []


@pytest.mark.parametrize(
    ("channel", "looked_after"),
    [("messenger", False), ("instagram", False), ("whatsapp", True), ("rest", True)],
)
def test_whose_platforms_window_has_closed_is_not_looked_after(
    database: Database, channel: str, looked_after: bool
) -> None:
    """They would be found at every look for days; a template can still reach some."""
    where = f"{channel}:1:u1:maestro"
    for _ in range(5):
        write(database, inbound(conversation_id=where, at=NOON), Deployment())
    run(database, lambda lg: lg.plans.drop([where]))
    for hours, expected in ((24, True), (25, looked_after)):
        now = NOON + hours * HOUR
        found = run(database, lambda lg, at=now: left_out(lg, at, behind="", limit=10))
        assert found == ([where] if expected else [])


def test_a_late_message_opens_the_window_it_belongs_to(database: Database) -> None:
    """Sent before the window opened, and in no earlier one: it is the first of the window."""
    write_often(database)
    write(database, inbound(at=NOON - DAY, received_at=NOON + HOUR))
    state = standing(database).conversation
    assert (state.window_opened_at, state.messages_in_window) == (NOON - DAY, 6)


def test_a_late_message_of_an_earlier_window_does_not_count_in_this_one(
    database: Database,
) -> None:
    """Four messages in the new window are four, however many arrive late from the old one."""
    write(database, inbound(at=NOON))
    again = NOON + 14 * DAY + HOUR
    write_often(database, 4, at=again)
    write(database, inbound(at=NOON + 13 * DAY, received_at=again + HOUR))
    state = standing(database).conversation
    assert (state.cycle, state.window_opened_at, state.messages_in_window) == (6, again, 4)
    assert standing(database).plan is None


def test_a_late_message_can_end_the_window_that_followed_it(database: Database) -> None:
    """It opened a window of fourteen days, and the last message lies behind its end."""
    write_often(database)
    last = NOON + 13 * DAY
    write(database, inbound(at=last))
    write(database, inbound(at=NOON - 2 * DAY, received_at=last + HOUR))
    state = standing(database).conversation
    assert (state.window_opened_at, state.messages_in_window) == (last, 1)


def fact(when: str | None, **overrides: Any) -> FactRow:
    """Return a memory of something planned."""
    given = {
        "conversation_id": CONVERSATION,
        "kind": "plan",
        "value": "movie night",
        "when": when,
        "source_message_id": "m1",
        "quote": "movie night",
        "said_at": NOON,
    }
    return FactRow(**{**given, **overrides})


@pytest.mark.parametrize(
    ("when", "wish"),
    [
        ("2026-03-06", datetime(2026, 3, 7, 9, 30, tzinfo=timezone.utc)),  # 10:30 in Berlin
        ("2026-03-28", None),  # beyond every window
        ("2026-03-02T20:00:00+01:00", datetime(2026, 3, 3, 9, 30, tzinfo=timezone.utc)),
        ("2026-03-01", None),  # this morning, which is past
        ("9999-12-31", None),  # the day after it is not in the calendar
        (None, None),
    ],
)
def test_the_morning_after_a_plan_is_a_good_time(when: str | None, wish: datetime | None) -> None:
    """In the person's own time, and never in the past."""
    assert wish_for([fact(when)], NOON, ZoneInfo("Europe/Berlin")) == wish


def test_a_zone_the_machine_does_not_know_counts_as_not_given(database: Database) -> None:
    """A message is never refused for the name of its person's zone."""
    run(database, lambda lg: consent.change(lg, PERSON, NOON, OPEN, timezone="Mars/Olympus"))
    write_often(database)
    assert standing(database).plan is not None


def test_the_next_of_several_plans_counts_and_sensitive_ones_do_not() -> None:
    """What only the person may bring up moves nothing."""
    plans = [fact("2026-03-06"), fact("2026-03-04"), fact("2026-03-03", sensitive=True)]
    assert wish_for(plans, NOON, timezone.utc) == datetime(2026, 3, 5, 10, 30, tzinfo=timezone.utc)


@pytest.mark.parametrize("own", [None, "Mars/Olympus", "Pacific/Niue"])
def test_a_plan_is_meant_in_the_zone_that_limits_hold_in(
    database: Database, own: str | None
) -> None:
    """Tomorrow, said on the 3rd of March at two in the morning at the account's place."""
    if own is not None:
        run(database, lambda lg: consent.change(lg, PERSON, NOON, OPEN, timezone=own))
    island = {"timezone": "Pacific/Kiritimati"}
    run(database, lambda lg: lg.describe_account("rest", "demo", island))
    words = Deployment(policy=Policy(quiet_hours=None), extract=extract)
    for _ in range(5):
        write(database, inbound(at=NOON, text="We have a movie night tomorrow."), words)
    facts = run(database, lambda lg: lg.memory.current(CONVERSATION))
    assert [one.when for one in facts] == ["2026-03-03" if own == "Pacific/Niue" else "2026-03-04"]


def test_a_morning_right_after_the_talk_is_no_wish(database: Database) -> None:
    """Said at ten, that the movie night was yesterday: not half an hour later, but at six."""
    ten = NOON - 2 * HOUR

    def extract(text: str, now: datetime, zone: str | None) -> list[ExtractedFact]:
        yesterday = (now - DAY).date().isoformat()
        return [ExtractedFact(kind="plan", value="movie night", when=yesterday, span=(0, 4))]

    told_of = Deployment(policy=Policy(quiet_hours=None), extract=extract)
    for number in range(5):
        write(database, inbound(at=ten + number * timedelta(minutes=1)), told_of)
    plan = standing(database).plan
    assert plan is not None
    assert plan.due_at == ten + timedelta(hours=20, minutes=4)
