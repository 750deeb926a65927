"""What happens between a claim and its spending: others write at once, the clock is set."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from overture.services import consent
from overture.services.deployment import Deployment
from overture.services.follow_up import Refused, Spent
from overture.store.database import Database
from overture.store.sql import SqlLedger
from tests.factories import CONVERSATION, NOON, claim, inbound, spend, write, write_often

LATER = NOON + timedelta(hours=21)


@pytest.mark.postgres
def test_spending_that_waited_for_an_opt_out_is_refused(
    open_database: Callable[[], Database],
) -> None:
    """The opt-out is committed while the spending waits for the conversation's lock."""
    first, second = open_database(), open_database()
    write_often(first)
    claim(first, LATER)
    held, go_on = threading.Event(), threading.Event()
    answers: list[Any] = []

    def opt_out(connection: Any) -> None:
        consent.opt_out(SqlLedger(connection), "rest:demo:u1", LATER, Deployment(), by="menu")
        held.set()
        go_on.wait(10)

    stopping = first.submit(opt_out)
    assert held.wait(10)
    spending = threading.Thread(target=lambda: answers.append(spend(second, LATER)))
    spending.start()
    spending.join(0.5)  # it waits for the lock, or, if it does not, has its answer already
    go_on.set()
    stopping.result(10)
    spending.join(20)
    assert answers == [Refused(conversation_id="rest:demo:u1:maestro", reasons=("opted_out",))]


def test_a_clock_set_back_between_claim_and_spending_makes_no_gap_shorter(
    database: Database,
) -> None:
    """Said to be sent a day ago, it would allow the next one at once."""
    write_often(database)
    claim(database, LATER)
    assert isinstance(spend(database, NOON + timedelta(minutes=30)), Spent)
    write(database, inbound(at=LATER + timedelta(minutes=1)))
    standing = database.read_now(lambda one: SqlLedger(one).people.standing(CONVERSATION))
    assert standing is not None
    assert standing.conversation.last_follow_up_at == LATER
    assert standing.plan is not None
    assert standing.plan.due_at >= LATER + timedelta(hours=24)
