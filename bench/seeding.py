"""Fill a ledger with people who are owed a follow-up, fast: rows in bulk, no intake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from overture.store.database import Database
from overture.store.schema import contact, conversation, permit, plan

#: The present of every benchmark that needs one: Monday noon, outside of quiet hours.
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
#: When the people of a benchmark last wrote.
LAST_MESSAGE = NOW - timedelta(hours=21)

_CHUNK = 10_000


def conversation_of(number: int) -> str:
    """Return the id of one person's conversation."""
    return f"messenger:1001:p{number}:maestro"


def fill(
    database: Database,
    count: int,
    due_at: Callable[[int], datetime] = lambda number: NOW - timedelta(seconds=1),
    first: int = 0,
) -> None:
    """Store people with six messages, a follow-up they answered, and a plan each.

    The statistics of the planner are brought up to date: on tables that were empty a moment
    ago PostgreSQL would check foreign keys by reading everything.

    Args:
        due_at: number of a person to the instant their plan is due.
        first: number of the first person.
    """
    for start in range(first, first + count, _CHUNK):
        numbers = range(start, min(start + _CHUNK, first + count))
        with database.engine.begin() as connection:
            _store(connection, numbers, due_at)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _store(connection: Connection, numbers: range, due_at: Callable[[int], datetime]) -> None:
    connection.execute(sa.insert(contact), list(_contacts(numbers)))
    connection.execute(sa.insert(conversation), list(_conversations(numbers)))
    connection.execute(sa.insert(permit), list(_permits(numbers)))
    connection.execute(sa.insert(plan), list(_plans(numbers, due_at)))


def _contacts(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "id": f"messenger:1001:p{number}",
            "channel": "messenger",
            "account_id": "1001",
            "user_id": f"p{number}",
            "persona_id": "maestro",
            "timezone": "Europe/Berlin",
            "birth_year": 1990,
            "last_action_at": LAST_MESSAGE,
            "created_at": LAST_MESSAGE,
        }


def _conversations(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "id": conversation_of(number),
            "contact_id": f"messenger:1001:p{number}",
            "persona_id": "maestro",
            "cycle": 6,
            "window_opened_at": LAST_MESSAGE - timedelta(minutes=10),
            "messages_in_window": 6,
            "window_message_ids": [f"m_{number}_{one}" for one in range(6)],
            "last_message_at": LAST_MESSAGE,
            "last_follow_up_at": LAST_MESSAGE - timedelta(days=2),
            "last_follow_up_cycle": 3,
            "created_at": LAST_MESSAGE,
        }


def _permits(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "conversation_id": conversation_of(number),
            "cycle": 3,
            "kind": "follow_up",
            "issued_at": LAST_MESSAGE - timedelta(days=2),
            "spent_at": LAST_MESSAGE - timedelta(days=2),
        }


def _plans(numbers: range, due_at: Callable[[int], datetime]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        due = due_at(number)
        yield {
            "conversation_id": conversation_of(number),
            "cycle": 6,
            "kind": "follow_up",
            "due_at": due,
            "planned_at": LAST_MESSAGE,
            "claimable_at": due,
        }
