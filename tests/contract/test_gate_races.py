"""Two transactions on one conversation at once: whoever comes second sees what the first did."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from overture.services import consent
from overture.services.deployment import Deployment
from overture.services.follow_up import Refused
from overture.store.database import Database
from overture.store.sql import SqlLedger
from tests.factories import NOON, claim, spend, write_often

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
