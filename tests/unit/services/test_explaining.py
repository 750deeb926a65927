"""What a person is told who asks why they were written to: what is on record, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from overture.policy import Policy
from overture.services import erasing, explaining, reminding
from overture.services.deployment import Deployment
from overture.services.follow_up import Spending, spend
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.records import FactRow
from overture.store.sql import SqlLedger
from tests.factories import CONVERSATION, LEASE, NOON, claim, inbound, write, write_often

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PERSON = "rest:demo:u1"
PLAIN = Deployment(policy=Policy())
DUE = NOON + 21 * HOUR
SO = "You had written 5 messages within 14 days, so I was allowed to write once before you write"
SO += " again, and I did on 03 March at 09:00 UTC."


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


def why(database: Database, now: datetime, deployment: Deployment = PLAIN) -> str:
    """Ask as the person does."""
    told: str = run(database, lambda lg: explaining.to_person(lg, CONVERSATION, now, deployment))
    return told


@pytest.fixture
def written_to(database: Database) -> Database:
    """Return a ledger in which one follow-up was sent, about a memory."""
    write_often(database)
    fact = FactRow(
        conversation_id=CONVERSATION,
        kind="event",
        value="sister's wedding",
        source_message_id="m1",
        quote="my sister's wedding is tomorrow",
        said_at=NOON,
    )
    (number,) = run(database, lambda lg: lg.memory.add([fact]))
    claim(database, DUE)
    request = Spending(conversation_id=CONVERSATION, now=DUE, text="x", uses=(number,))
    run(database, lambda lg: spend(lg, [request], PLAIN, owner="o", lease_until=DUE + LEASE))
    return database


def test_the_numbers_are_those_of_the_decision_however_long_the_talk_goes_on(
    written_to: Database,
) -> None:
    """A hundred messages later, under other limits, the reason is still the one it was."""
    for number in range(101):
        write(written_to, inbound(at=DUE + HOUR + number * MINUTE))
    other = Deployment(policy=replace(Policy(), window=12 * HOUR))
    told = why(written_to, DUE + 4 * HOUR, other)
    assert told == f"{SO} It was because you told me about your sister's wedding."


def test_what_was_forgotten_is_not_named_and_numbers_that_are_gone_are_not_made_up(
    written_to: Database,
) -> None:
    """Neither from memory nor from what has been counted since."""
    later = DUE + 20 * DAY
    write(written_to, inbound(at=later))
    run(written_to, lambda lg: reminding.forget_everything(lg, PERSON, later, PLAIN))
    assert why(written_to, later) == SO
    run(written_to, lambda lg: lg.plans.prune(later))
    told = why(written_to, later)
    assert told == (
        "You had written to me often enough, so I was allowed to write once before you write"
        " again, and I did on 03 March at 09:00 UTC."
    )
    found = run(written_to, lambda lg: explaining.explanation(lg, CONVERSATION, later, PLAIN))
    assert found.to_json()["memories"] == []
    assert "last follow-up      2026-03-03 09:00:00 UTC" in found.in_words()


def test_nobody_is_told_of_a_message_that_did_not_arrive_as_if_it_had(
    written_to: Database,
) -> None:
    """The platform may refuse a follow-up, at once or later."""
    sent = run(written_to, lambda lg: lg.outbox.last_follow_up(CONVERSATION))
    run(written_to, lambda lg: lg.outbox.update(sent.id, state="failed"))
    told = why(written_to, DUE + HOUR)
    assert told.endswith("I tried to on 03 March at 09:00 UTC, but this app did not deliver it.")


def test_nothing_is_denied_that_is_not_known(written_to: Database) -> None:
    """Whoever had everything erased may have been written to before."""
    assert "wedding" in why(written_to, DUE + HOUR)
    run(written_to, lambda lg: erasing.erase(lg, PERSON, DUE + HOUR))
    assert why(written_to, DUE + HOUR) == "As far as I know, I have not written to you first."
    write(written_to, inbound(at=DUE + 2 * HOUR))
    told = why(written_to, DUE + 2 * HOUR)
    assert told.startswith("As far as I know, I have not written to you first: ")
