"""Reminders: kept at their time under the same limits, or refused at once with the true reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from overture.policy import Policy
from overture.services import consent, explaining, reminding
from overture.services.deployment import Deployment
from overture.services.follow_up import Spending, Spent, claim_due, spend
from overture.services.planning import replan
from overture.services.reminding import Reminder
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.sql import SqlLedger
from tests.factories import CONVERSATION, LEASE, NOON, inbound, write, write_often

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PERSON = "rest:demo:u1"
TALKED = NOON + 5 * timedelta(minutes=1)
#: NOON is a Monday.
FRIDAY = datetime(2026, 3, 6, 10, 30, tzinfo=timezone.utc)
PLAIN = Deployment(policy=Policy())


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


def ask(
    database: Database, text: str, *, where: str = CONVERSATION, now: datetime = TALKED
) -> Reminder:
    """Ask for a reminder."""
    found: Reminder = run(
        database, lambda lg: reminding.remind(lg, where, "asked", text, now, PLAIN)
    )
    return found


def due(database: Database) -> datetime | None:
    """Return when the next message is planned."""
    found: datetime | None = run(database, lambda ledger: ledger.plans.next_due())
    return found


@pytest.mark.parametrize(
    ("text", "when", "about"),
    [
        ("Remind me on Friday to watch it", FRIDAY, "watch it"),
        ("write to me tomorrow at 8 pm", NOON + 32 * HOUR, ""),
        (
            "can you please remind me to call my mom in two hours, thanks",
            NOON + 2 * HOUR,
            "call my mom",
        ),
        ("text me on saturday about Vertigo please!", FRIDAY + DAY, "Vertigo"),
        (
            "set a reminder for sunday: the Dune score",
            FRIDAY + 2 * DAY,
            "the Dune score",
        ),
        ("remind me today", NOON.replace(hour=18), ""),  # the morning is over
        ("remind me to watch it", None, "watch it"),
    ],
)
def test_a_wish_is_read_from_plain_words(text: str, when: datetime | None, about: str) -> None:
    assert reminding.read(text, NOON) == (when, about)


@pytest.mark.parametrize(
    ("now", "text", "when"),
    [
        # The clocks go forward at 2, and back at 3: hours are hours all the same.
        ("2026-03-29T00:30+01:00", "remind me in 3 hours", "2026-03-29T04:30+02:00"),
        ("2026-10-25T02:45+02:00", "remind me in 30 minutes", "2026-10-25T02:15+01:00"),
        # An hour that does not exist is the one the clock shows then; one that comes twice is
        # the first, or the one that is running.
        ("2026-03-27T12:00+01:00", "write me on Sunday at 2:30 am", "2026-03-29T03:30+02:00"),
        ("2026-10-23T12:00+02:00", "write me on Sunday at 2:30 am", "2026-10-25T02:30+02:00"),
        ("2026-10-25T02:30+01:00", "write me at 2:40 am", "2026-10-25T02:40+01:00"),
        ("2028-02-28T12:00+01:00", "remind me tomorrow", "2028-02-29T10:30+01:00"),
    ],
)
def test_a_wish_is_read_where_clocks_are_changed(now: str, text: str, when: str) -> None:
    here = datetime.fromisoformat(now).astimezone(ZoneInfo("Europe/Berlin"))
    found, _ = reminding.read(text, here)
    assert found is not None
    assert found.astimezone(timezone.utc) == datetime.fromisoformat(when)


@pytest.mark.timeout(10)
@pytest.mark.parametrize("filler", [" ", ".", "- "])
def test_no_text_takes_minutes_to_read(filler: str) -> None:
    """It is read inside a transaction; the time once grew with the square of the length."""
    text = f"remind me tomorrow to see{filler * 20_000}x"
    assert reminding.read(text, NOON)[0] == datetime(2026, 3, 3, 10, 30, tzinfo=timezone.utc)


def test_a_reminder_comes_at_its_time_and_not_twenty_hours_after_the_talk(
    database: Database,
) -> None:
    write_often(database)
    assert ask(database, "remind me on Friday to watch it") == Reminder(at=FRIDAY, about="watch it")
    assert due(database) == FRIDAY
    write(database, inbound(at=NOON + HOUR))
    assert due(database) == FRIDAY  # talking on does not move it


def test_it_is_in_the_persons_own_time(database: Database) -> None:
    write_often(database)
    run(database, lambda lg: consent.change(lg, PERSON, TALKED, PLAIN, timezone="America/New_York"))
    kept = ask(database, "remind me tomorrow at 6 pm")
    assert kept.at == datetime(2026, 3, 3, 18, tzinfo=ZoneInfo("America/New_York"))
    assert explaining.reminder(kept) == ("Tuesday 3 March at 18:00 (EST)", "", "")


def test_what_quiet_hours_move_is_promised_for_the_moment_it_will_come(
    database: Database,
) -> None:
    write_often(database)
    kept = ask(database, "remind me tonight at 11 pm")
    assert kept.at == NOON + 21 * HOUR
    assert due(database) == kept.at


@pytest.mark.parametrize(
    ("text", "change", "reasons"),
    [
        ("remind me on the 30th", None, ("window_closed",)),
        ("remind me to watch it", None, ("no_time",)),
        ("remind me every day at noon", None, ("often",)),
        ("remind me to drink water every 2 hours", None, ("often",)),
        ("can you write me each Friday evening?", None, ("often",)),
        ("send me a reminder daily, please", None, ("often",)),
        ("remind me on Friday", {"opted_out_at": NOON}, ("opted_out",)),
        ("remind me on Friday", {"crisis_hold_since": NOON}, ("crisis_hold",)),
        ("remind me on Friday", {"birth_year": 2010}, ("minor",)),
    ],
)
def test_what_cannot_be_kept_is_refused_at_once_and_nothing_is_kept(
    database: Database, text: str, change: dict[str, Any] | None, reasons: tuple[str, ...]
) -> None:
    write_often(database)
    if change is not None:
        run(database, lambda lg: consent.change(lg, PERSON, TALKED, PLAIN, **change))
    before = due(database)
    refused = ask(database, text)
    assert (refused.at, refused.reasons) == (None, reasons)
    assert all(explaining.reminder(refused)[2:])
    assert due(database) == before
    assert run(database, lambda lg: lg.memory.current(CONVERSATION)) == []


def test_a_day_whose_show_is_meant_is_not_the_day_of_the_reminder() -> None:
    text = "remind me to buy tickets for Friday's show tomorrow morning"
    wish, about = reminding.read(text, NOON)
    assert (wish, about) == (NOON + 22.5 * HOUR, "buy tickets for Friday's show")


@pytest.mark.parametrize(
    "text",
    [
        "remind me tomorrow at 10 that every day counts",
        "remind me on Friday to renew the weekly ticket",
        "remind me Friday at noon about the daily report",
    ],
)
def test_one_moment_is_one_however_often_the_thing_itself_comes(
    database: Database, text: str
) -> None:
    write_often(database)
    assert ask(database, text).at is not None


def test_too_few_messages_and_the_apps_own_window_are_named(database: Database) -> None:
    write_often(database, times=4)
    assert ask(database, "remind me on Friday").reasons == ("too_few_messages",)
    there = "messenger:1:u1:maestro"
    write_often(database, conversation_id=there)
    assert ask(database, "remind me on Friday", where=there).reasons == ("channel_window",)
    assert ask(database, "remind me tomorrow at 10", where=there).at == NOON + 22 * HOUR
    assert ask(database, "remind me", where="rest:demo:nobody:maestro").at is None


def test_a_promise_for_after_a_night_is_kept_though_the_person_writes_in_it(
    database: Database,
) -> None:
    """The hour they named is past by then, the moment they were told is still to come."""
    write_often(database)
    kept = ask(database, "remind me tonight at 11 pm to sleep")
    write(database, inbound(at=NOON + 12 * HOUR))
    assert due(database) == kept.at == NOON + 21 * HOUR


def test_what_was_given_is_not_owed_again(database: Database) -> None:
    """Nor after a later follow-up about something else."""
    given = Deployment(policy=Policy(min_gap=timedelta(0), quiet_hours=None))
    write_often(database)
    ask(database, "remind me today to watch it")
    (found,) = run(database, lambda lg: lg.memory.current(CONVERSATION))
    for hour, uses in ((6, (found.id,)), (8, ())):
        now = NOON + hour * HOUR
        run(database, lambda lg, at=now: replan(lg, CONVERSATION, at, given))
        request = Spending(
            conversation_id=CONVERSATION, now=max(now, due(database) or now), text="x", uses=uses
        )
        assert isinstance(run(database, lambda lg, one=request: _send(lg, one, given)), Spent)
        write(database, inbound(at=request.now + HOUR), given)
    last = request.now + HOUR
    assert due(database) == last + 20 * HOUR


def test_what_a_template_carries_on_whatsapp_is_planned_for_the_day_that_was_promised(
    database: Database,
) -> None:
    """Not within the free window of the first day, after which nothing more may be said."""
    there = "whatsapp:1:u1:maestro"
    write_often(database, conversation_id=there)
    template = {"template": {"name": "follow_up", "language": "en"}}
    run(database, lambda lg: lg.describe_account("whatsapp", "1", template))
    assert ask(database, "remind me on Friday to watch it", where=there).at == FRIDAY
    assert due(database) == FRIDAY


def test_a_pause_that_ends_days_later_is_no_promise(database: Database) -> None:
    write_often(database)
    until = FRIDAY + 2 * DAY
    run(database, lambda lg: consent.pause(lg, CONVERSATION, TALKED, PLAIN, until=until))
    assert ask(database, "remind me on Friday").reasons == ("paused",)


def test_a_new_reminder_takes_the_place_of_the_old_and_forgetting_ends_it(
    database: Database,
) -> None:
    write_often(database)
    ask(database, "remind me on Friday to watch it")
    ask(database, "remind me on Saturday to watch it")
    assert due(database) == FRIDAY + DAY
    kept = run(database, lambda lg: lg.memory.current(CONVERSATION))
    assert [one.value for one in kept] == ["a reminder: watch it"]

    words = "forget the reminder to watch it"
    run(database, lambda lg: reminding.forget(lg, CONVERSATION, words, TALKED, PLAIN))
    assert run(database, lambda lg: lg.memory.current(CONVERSATION)) == []
    assert due(database) == NOON + 21 * HOUR


def test_it_is_given_once_and_the_reason_is_told(database: Database) -> None:
    """After its time, not before, and not again in a later follow-up."""
    write_often(database)
    ask(database, "remind me on Friday to watch it")
    memories = run(database, lambda lg: lg.memory.current(CONVERSATION))
    assert reminding.due(memories, (), FRIDAY - HOUR) is None
    found = reminding.due(memories, (), FRIDAY)
    assert found is not None
    assert reminding.about(found) == "watch it"
    assert reminding.due(memories, (found.id,), FRIDAY) is None
    request = Spending(conversation_id=CONVERSATION, now=FRIDAY, text="x", uses=(found.id,))
    answer = run(database, lambda lg: _send(lg, request))
    assert isinstance(answer, Spent)
    why = run(database, lambda lg: explaining.to_person(lg, CONVERSATION, FRIDAY, PLAIN))
    assert why.endswith("You had asked me for it: a reminder: watch it.")


def _send(ledger: SqlLedger, request: Spending, deployment: Deployment = PLAIN) -> Any:
    claim_due(ledger, request.now, deployment, limit=1, owner="one", lease=LEASE)
    return spend(ledger, [request], deployment, owner="one", lease_until=request.now + LEASE)[0]
