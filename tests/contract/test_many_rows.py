"""Rows that are written together are all there, however many they are; on both databases."""

from __future__ import annotations

import pytest

from overture.store.database import Database
from overture.store.sql import SqlLedger
from tests.factories import LEASE, NOON, inbound


@pytest.mark.parametrize("count", [1, 2, 64, 65, 200])
def test_however_many_messages_wait_all_are_stored(database: Database, count: int) -> None:
    """SQLite gets them some at a time."""
    messages = [inbound(text=f"text {number}") for number in range(count)]
    twice = [*messages, messages[0]]
    database.write_now(lambda c: SqlLedger(c).inbox.add(twice, "w", NOON + LEASE))
    waiting = database.write_now(lambda c: SqlLedger(c).inbox.pending("rest", "demo", "u1"))
    assert [one.text for one in waiting] == [one.text for one in messages]


def test_what_is_equal_and_yet_not_the_same_is_kept_apart(database: Database) -> None:
    """One and true are equal to Python, and two things in JSON."""
    details = [{"n": 1}, {"n": True}, {"n": 1.0}, {}]
    messages = [inbound(detail=one) for one in details]
    database.write_now(lambda c: SqlLedger(c).inbox.add(messages, "w", NOON + LEASE))
    waiting = database.write_now(lambda c: SqlLedger(c).inbox.pending("rest", "demo", "u1"))
    assert [repr(one.detail) for one in waiting] == [repr(one) for one in details]
