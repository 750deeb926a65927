"""The dispatcher beside a clock that is moved and a speaker that plays Rasa."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from overture.clock import FakeClock
from overture.dispatcher import Dispatcher, Outcome
from overture.policy import Policy
from overture.services.deployment import Deployment
from overture.services.follow_up import Spent, Ticket
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.sql import SqlLedger
from tests.factories import CONVERSATION, LEASE, NOON, inbound, spend, write, write_often

DUE = NOON + timedelta(hours=21)


class Rasa:
    """Say what is to be said, or fail as told."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.asked: list[str] = []
        self.sent: list[str] = []
        self.outcome: Outcome | None = None

    async def say(self, ticket: Ticket) -> Outcome:
        """Spend the permit as the channel's output does."""
        self.asked.append(ticket.conversation_id)
        if self.outcome is not None:
            return self.outcome
        if isinstance(spend(self.database, self.clock.now(), ticket.conversation_id), Spent):
            self.sent.append(ticket.conversation_id)
        return Outcome(what="said")


@pytest.fixture
def clock() -> FakeClock:
    """Start at noon."""
    return FakeClock(NOON)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """Return an empty ledger on SQLite."""
    database = Database(f"sqlite:///{tmp_path}/ledger.db")
    migrate(database.engine)
    return database


@pytest.fixture
def rasa(database: Database, clock: FakeClock) -> Rasa:
    """Return a speaker that sends."""
    return Rasa(database, clock)


@pytest.fixture
def dispatcher(database: Database, clock: FakeClock, rasa: Rasa) -> Dispatcher:
    """Return a dispatcher at work on the ledger."""
    return Dispatcher(database, clock, Deployment(), rasa, owner="one", lease=LEASE)


def plans(database: Database) -> list[str]:
    """Return the conversations that are planned."""
    return database.read_now(
        lambda one: [
            row.conversation.id
            for row in SqlLedger(one).people.standings([CONVERSATION])
            if row.plan is not None
        ]
    )


async def test_what_is_due_is_said_once(
    dispatcher: Dispatcher, rasa: Rasa, clock: FakeClock, database: Database
) -> None:
    """Not before it is due, and never again afterwards."""
    write_often(database)
    assert await dispatcher.dispatch_due() == 0
    clock.set(DUE)
    assert await dispatcher.dispatch_due() == 1
    clock.wind(timedelta(days=3))
    assert await dispatcher.dispatch_due() == 0
    assert rasa.sent == [CONVERSATION]


async def test_rasa_that_is_away_is_asked_again(
    dispatcher: Dispatcher, rasa: Rasa, clock: FakeClock, database: Database
) -> None:
    """A follow-up is late rather than lost, with growing pauses between the tries."""
    write_often(database)
    clock.set(DUE)
    rasa.outcome = Outcome(what="later", because="ClientConnectorError")
    await dispatcher.dispatch_due()
    assert await dispatcher.dispatch_due() == 0
    rasa.outcome = None
    clock.wind(timedelta(seconds=30))
    await dispatcher.dispatch_due()
    assert rasa.sent == [CONVERSATION]


async def test_a_turn_that_nobody_can_get_is_withheld(
    dispatcher: Dispatcher, rasa: Rasa, clock: FakeClock, database: Database
) -> None:
    """A collecting channel is no delivery: the plan goes, and the record says why."""
    write_often(database)
    clock.set(DUE)
    rasa.outcome = Outcome(what="silent", because="rest only answers requests")
    await dispatcher.dispatch_due()
    assert plans(database) == []
    latest = database.read_now(lambda one: SqlLedger(one).plans.decisions(CONVERSATION))[0]
    assert (latest.outcome, latest.record["because"]) == (
        "withheld",
        "rest only answers requests",
    )


async def test_a_turn_without_words_is_tried_a_few_times_only(
    dispatcher: Dispatcher, rasa: Rasa, clock: FakeClock, database: Database
) -> None:
    """A persona that has nothing to say is not asked for ever."""
    write_often(database)
    clock.set(DUE)
    rasa.outcome = Outcome(what="said")
    for _ in range(10):
        await dispatcher.dispatch_due()
        clock.wind(timedelta(seconds=40))
    assert len(rasa.asked) == 3
    assert plans(database) == []


async def test_the_loop_survives_a_database_that_is_away(
    dispatcher: Dispatcher,
    rasa: Rasa,
    clock: FakeClock,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Errors are logged and tried again; nothing ends the dispatcher but its process."""
    write_often(database)
    clock.set(DUE)
    real, failures = dispatcher.dispatch_due, iter([True, True])

    async def flaky() -> int:
        if next(failures, False):
            raise OSError("the database is away")
        return await real()

    monkeypatch.setattr(dispatcher, "dispatch_due", flaky)
    monkeypatch.setattr("overture.dispatcher.LONGEST_SLEEP", 0.02)
    task = asyncio.ensure_future(dispatcher.run())
    for _ in range(200):
        await asyncio.sleep(0.02)
        if rasa.sent:
            break
    task.cancel()
    assert rasa.sent == [CONVERSATION]


async def test_somebody_who_was_left_out_is_planned_and_written_to(
    dispatcher: Dispatcher, rasa: Rasa, clock: FakeClock, database: Database
) -> None:
    """The kill switch was on when their follow-up fell due; when it is off, they get it."""
    write_often(database)
    clock.set(DUE)
    switch_kill(database, "on")
    await dispatcher.dispatch_due()
    assert plans(database) == []
    assert await dispatcher.catch_up() == 0  # whoever is owed: nobody can be planned
    assert plans(database) == []
    switch_kill(database, "off")
    assert await dispatcher.catch_up() == 1
    await dispatcher.dispatch_due()
    assert rasa.sent == [CONVERSATION]


async def test_who_was_left_out_is_written_to_soon_after_everything_may_go_on(
    dispatcher: Dispatcher,
    rasa: Rasa,
    clock: FakeClock,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Minutes until the next look may be the last ones of a window."""
    monkeypatch.setattr("overture.dispatcher.LONGEST_SLEEP", 0.02)
    write_often(database)
    clock.set(DUE)
    switch_kill(database, "on")
    task = asyncio.ensure_future(dispatcher.run())
    assert await comes_to_hold(lambda: plans(database) == [])
    switch_kill(database, "off")
    assert await comes_to_hold(lambda: rasa.sent == [CONVERSATION])
    task.cancel()


async def comes_to_hold(holds: Callable[[], bool]) -> bool:
    """Tell whether something holds within ten seconds, as soon as it does."""
    for _ in range(500):
        if holds():
            return True
        await asyncio.sleep(0.02)
    return False


async def test_other_limits_move_a_plan_that_stands(
    rasa: Rasa, clock: FakeClock, database: Database
) -> None:
    """Its moment is quiet under the new ones; an earlier one, which they allow, must not go by."""
    loose = Deployment(policy=Policy(quiet_hours=None), version="loose")
    for _ in range(5):
        write(database, inbound(conversation_id="messenger:1:u1:maestro"), loose)
    tight = Deployment(policy=Policy(), version="tight")
    for deployment, hours in ((loose, 20), (tight, 21), (tight, 21)):
        one = Dispatcher(database, clock, deployment, rasa, owner="one", lease=LEASE)
        await one.catch_up()
        due = database.read_now(lambda it: SqlLedger(it).plans.next_due())
        assert due == NOON + timedelta(hours=hours)
        assert await one.catch_up() == 0


async def test_a_plan_that_is_worked_on_is_not_moved_by_other_limits(
    rasa: Rasa, clock: FakeClock, database: Database
) -> None:
    """Its claim would be lost, and its turn run twice."""
    write_often(database)
    clock.set(DUE)
    database.write_now(
        lambda one: SqlLedger(one).plans.claim(DUE, 10, "another", DUE + LEASE),
    )
    changed = Deployment(version="other limits")
    one = Dispatcher(database, clock, changed, rasa, owner="one", lease=LEASE)
    assert await one.catch_up() == 0
    assert database.read_now(lambda it: SqlLedger(it).plans.next_due()) == DUE + LEASE


def switch_kill(database: Database, value: str) -> None:
    """Stop all that is not an answer, or let it run again."""
    database.write_now(
        lambda one: SqlLedger(one).set_switch("kill_switch", value, DUE),
    )
