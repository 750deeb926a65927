"""The gate by itself: what a decision, a plan, and a recorded message cost."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy.engine import Connection

from bench.databases import file_of, fresh_ledger, fresh_url
from bench.results import Finding, Measured, at_most
from bench.running import Contender, Run
from bench.seeding import LAST_MESSAGE, NOW, conversation_of
from overture.policy import Facts, Policy, decide, plan
from overture.services import intake
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.records import Inbound
from overture.store.sql import SqlLedger

_PEOPLE = 200


def run(run: Run) -> list[Finding]:
    """Measure the pure functions, then intake on SQLite."""
    return [_decisions(run), _messages(run)]


def cases() -> list[Facts]:
    """Return facts of which some allow, some delay and some forbid a follow-up."""
    usual = {
        "conversation": conversation_of(1),
        "channel": "messenger",
        "cycle": 6,
        "window_opened_at": LAST_MESSAGE,
        "messages_in_window": 6,
        "last_message_at": LAST_MESSAGE,
        "last_user_action_at": LAST_MESSAGE,
        "timezone": "Europe/Berlin",
        "birth_year": 1990,
    }
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"opted_out_at": NOW},
        {"timezone": "America/New_York"},
        {"region": "US-TN"},
    )
    return [Facts(**{**usual, **change}) for change in changes]


def bare(facts: Facts, policy: Policy, now: datetime) -> bool:
    """Check by hand, with neither reasons, evidence nor planning: the raw limit."""
    hour = (now + timedelta(hours=1)).hour
    return (
        now <= facts.window_opened_at + policy.window
        and facts.messages_in_window >= policy.min_user_messages
        and (facts.last_follow_up_cycle is None or facts.last_follow_up_cycle < facts.cycle)
        and facts.opted_out_at is None
        and facts.crisis_hold_since is None
        and not facts.declared_minor
        and now < facts.last_user_action_at + timedelta(hours=24) - policy.channel_margin
        and 9 <= hour < 22
    )


def _decisions(run: Run) -> Measured:
    policy, facts, times = Policy(), cases(), run.size(500, 5_000)

    def each(function: Callable[[Facts, Policy, datetime], object]) -> Callable[[], float]:
        def measure() -> float:
            begun = time.perf_counter()
            for _ in range(times):
                for one in facts:
                    function(one, policy, NOW)
            return (time.perf_counter() - begun) / (times * len(facts)) * 1e6

        return measure

    rows = run.interleave(
        "decisions",
        [
            Contender(name="decide", role="ours", measure=each(decide)),
            Contender(name="plan", role="ours", measure=each(plan)),
            Contender(name="ten bare comparisons", role="raw", measure=each(bare)),
        ],
    )
    table = Measured(
        title="A decision with reasons and evidence",
        unit="us",
        rows=rows,
        more_is_better=False,
        how="Four kinds of facts in turn: allowed, opted out, quiet hours, bound by law.",
    )
    decided = table.row("decide").median
    return Measured(**{**vars(table), "goals": [at_most("below 30 us", decided, 30, "us")]})


def _messages(run: Run) -> Measured:
    times = run.size(100, 1_500)
    rows = run.interleave(
        "recorded messages",
        [
            Contender(
                name="record and replan",
                role="ours",
                measure=lambda: record_seconds(times) / times * 1e3,
            ),
            Contender(
                name="bare INSERT and COMMIT",
                role="raw",
                measure=lambda: insert_seconds(times) / times * 1e3,
            ),
        ],
    )
    return Measured(
        title="A message recorded, counted and planned anew on SQLite, a commit each",
        unit="ms",
        rows=rows,
        more_is_better=False,
        goals=[at_most("below 1 ms", rows[0].median, 1, "ms")],
        how=f"{times} messages of {_PEOPLE} people; journal in WAL mode, synchronous=FULL.",
    )


def record_seconds(times: int) -> float:
    """Return how long it takes to store and count messages one after the other."""
    with fresh_ledger("SQLite") as database:
        _write_all(database, _PEOPLE)  # so that contacts are known
        begun = time.perf_counter()
        _write_all(database, times)
        return time.perf_counter() - begun


_numbers = count()


def _write_all(database: Database, times: int) -> None:
    deployment = Deployment()
    for _ in range(times):
        number = next(_numbers)
        at = LAST_MESSAGE + timedelta(seconds=number)
        message = Inbound(
            channel="messenger",
            account_id="1001",
            user_id=f"p{number % _PEOPLE}",
            message_id=f"m_{number}",
            kind="text",
            text="We watched Vertigo again last night.",
            occurred_at=at,
            received_at=at,
        )
        database.write_now(partial(_write, message=message, deployment=deployment))


def _write(connection: Connection, *, message: Inbound, deployment: Deployment) -> None:
    ledger = SqlLedger(connection)
    ledger.inbox.add([message], "bench", message.received_at)
    stored = ledger.inbox.one(
        message.channel, message.account_id, message.user_id, message.message_id
    )
    assert stored is not None
    intake.observe(ledger, stored, message.received_at, deployment)
    ledger.inbox.finish(stored.id, message.received_at)


def insert_seconds(times: int) -> float:
    """Return how long it takes to insert and commit one row after the other."""
    with fresh_url("SQLite") as url:
        connection = sqlite3.connect(file_of(url), isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, mid UNIQUE, text)")
        begun = time.perf_counter()
        for number in range(times):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO message (mid, text) VALUES (?, 'hello')", (number,))
            connection.execute("COMMIT")
        seconds = time.perf_counter() - begun
        connection.close()
        return seconds
