"""Somebody is told when a state begins that needs a human, once, and never what people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from overture.meta.errors import classify_code
from overture.services import accounts, consent
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.sql import SqlLedger
from tests.factories import CONVERSATION, NOON, inbound, write

HOUR = timedelta(hours=1)
PERSON = "rest:demo:u1"
LABELS = {"human please": "asks_human", "i want to die": "crisis"}


def screen(text: str) -> frozenset[str]:
    """Hear what the tests say."""
    return frozenset({LABELS[text]} if text in LABELS else ())


TOLD = Deployment(screen=screen, alerts=True)


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


def told(database: Database) -> list[tuple[str, str, str | None]]:
    """Return what waits to be told: event, why, and whom it is about."""
    due = run(database, lambda ledger: ledger.alerts.claim(NOON, NOON, 9))
    return [(one.event, one.because, one.conversation_id or one.contact_id) for one in due]


def test_a_wish_for_a_human_is_told_once_until_it_was_looked_after(database: Database) -> None:
    """Who asks five times is one person who waits."""
    for _ in range(3):
        write(database, inbound(text="human please"), TOLD)
    wish = ("needs_human", "asked_for_human", CONVERSATION)
    assert told(database) == [wish]
    run(database, lambda ledger: consent.settle(ledger, CONVERSATION, NOON, TOLD))
    write(database, inbound(text="human please"), TOLD)
    assert told(database) == [wish, wish]


def test_a_crisis_hold_is_told_when_it_begins(database: Database) -> None:
    """It is about the person, in all their conversations."""
    for _ in range(2):
        write(database, inbound(text="i want to die"), TOLD)
    assert told(database) == [("crisis_hold", "crisis", PERSON)]
    run(database, lambda ledger: consent.release_hold(ledger, PERSON, NOON, TOLD))
    write(database, inbound(text="i want to die"), TOLD)
    assert len(told(database)) == 2


def test_an_account_that_is_paused_is_told_once_until_it_works(database: Database) -> None:
    """It is tried every quarter of an hour; that it does not work yet is no news."""
    failure = classify_code("messenger", 190)

    def pause(ledger: SqlLedger, at: timedelta) -> None:
        now = NOON + at
        accounts.pause(ledger, "messenger", "601", now + HOUR / 4, failure, now, TOLD)

    for number in range(3):
        run(database, lambda ledger, at=number * HOUR: pause(ledger, at))
    paused = ("account_paused", failure.meaning, None)
    assert told(database) == [paused]
    run(database, lambda ledger: accounts.works(ledger, "messenger", "601"))
    run(database, lambda ledger: pause(ledger, 9 * HOUR))
    assert told(database) == [paused, paused]


def test_nothing_is_kept_where_nobody_is_told(database: Database) -> None:
    """Rows that nothing takes away would pile up."""
    quiet = Deployment(screen=screen)
    write(database, inbound(text="human please"), quiet)
    write(database, inbound(text="i want to die"), quiet)
    failure = classify_code("messenger", 190)
    run(database, lambda lg: accounts.pause(lg, "messenger", "601", NOON, failure, NOON, quiet))
    assert told(database) == []


def test_what_waits_to_be_told_goes_with_the_person(database: Database) -> None:
    """Their id must not leave after they were erased."""
    write(database, inbound(text="human please"), TOLD)
    run(database, lambda ledger: ledger.people.erase(PERSON))
    assert told(database) == []
