"""What people wrote and were answered grows for ever: no step of a turn may read all of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from overture.console.metrics import figures
from overture.services import follow_up
from tests.unit.delivery.rooms import CONVERSATION, Rooms, permitted

#: Tables with a row for every message, person, answer of the gate or memory.
_GROWING = "inbound|outbound|contact|conversation|decision|permit|plan|fact|tracker_event"
#: An index of what is pending alone is short, however long its table.
_WHOLE = re.compile(rf"SCAN (?:{_GROWING})\b(?! USING (?:COVERING )?INDEX ix_\w+_pending)")


@pytest.fixture
def said(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Collect every statement, with parameters of one time it was run."""
    heard: dict[str, Any] = {}
    dialect = rooms.database.engine.dialect
    do_execute, do_executemany = dialect.do_execute, dialect.do_executemany

    def hear(cursor: Any, text: str, parameters: Any, context: Any = None) -> None:
        heard[text] = parameters
        do_execute(cursor, text, parameters, context)

    def hear_many(cursor: Any, text: str, parameters: Any, context: Any = None) -> None:
        heard[text] = parameters[0]
        do_executemany(cursor, text, parameters, context)

    monkeypatch.setattr(dialect, "do_execute", hear)
    monkeypatch.setattr(dialect, "do_executemany", hear_many)
    return heard


async def test_no_step_of_a_turn_or_of_a_follow_up_reads_a_whole_table(
    rooms: Rooms, said: dict[str, Any]
) -> None:
    """Intake, turn, answer, plan, claim, permit, send, leases, figures: each finds its rows."""
    out = await permitted(rooms)
    await out.send(CONVERSATION, {"text": "hello again"})
    await rooms.settle()
    later = rooms.clock.now() + timedelta(seconds=60)
    for owner in ("test", "gone"):
        rooms.write(lambda ledger, owner=owner: ledger.outbox.abandoned(owner, later, later))
        rooms.write(lambda ledger, owner=owner: ledger.inbox.abandoned(owner, later, later))
        rooms.write(lambda ledger, owner=owner: ledger.outbox.renew(owner, later))
        rooms.write(lambda ledger, owner=owner: ledger.inbox.renew(owner, later))
    rooms.write(
        lambda ledger: follow_up.claim_due(
            ledger, later, rooms.deployment, limit=10, owner="d", lease=timedelta(seconds=60)
        )
    )
    rooms.read(lambda ledger: list(figures(ledger, later)))
    whole = [
        (text, step)
        for text, parameters in list(said.items())
        if text.startswith(("SELECT", "UPDATE", "DELETE"))
        for step in _steps(rooms, text, parameters)
        if _WHOLE.match(step)
    ]
    assert whole == []


def _steps(rooms: Rooms, text: str, parameters: Any) -> list[str]:
    """Return how SQLite would find what a statement is about."""
    with rooms.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
        return [row[3] for row in rows]
