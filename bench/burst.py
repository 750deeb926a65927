"""A thousand webhooks of three hundred people at once, while turns run."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from bench.bodies import webhook
from bench.databases import kinds, open_ledger
from bench.load import Answers, Load, send
from bench.results import Counted, Finding, Goal, at_most
from bench.running import Run
from bench.turning import house
from overture.store.schema import inbound
from tests.integration.house import body_of
from tests.integration.platform import Platform

_COLUMNS = [
    "webhooks",
    "answered 200",
    "p50 ms",
    "p99 ms",
    "turns",
    "answers sent",
    "in order",
    "s",
]


def run(run: Run) -> list[Finding]:
    """Send the burst to a whole deployment on each kind of database."""
    count, people = run.size(60, 1_000), run.size(20, 300)
    rows: dict[str, Any] = {}
    goals: list[Goal] = []
    used = kinds()[: run.size(1, 2)]
    with run.task("burst", len(used)) as step:
        for kind in used:
            step(kind)
            found = burst(kind, count, people)
            rows[f"Overture, {kind}"] = found
            goals += _goals(kind, count, found)
    return [
        Counted(
            title=f"{count:,} webhooks of {people} people, 64 at a time",
            columns=_COLUMNS,
            rows=rows,
            goals=goals,
            how="The Graph API is a stand-in that answers at once. s: until the last answer.",
        )
    ]


def burst(kind: str, count: int, people: int) -> tuple[Any, ...]:
    """Send the burst and wait until everybody has an answer to everything."""
    platform = Platform()
    try:
        with house(kind, graph=platform.url) as made:
            made.start_rasa()
            begun = time.perf_counter()
            answers = _send(made.rasa_port, count, people)
            turns = _wait(made.database_url, count)
            answered = _answers(platform, count)
            seconds = time.perf_counter() - begun
            ordered = _in_order(made.database_url)
    finally:
        platform.close()
    ok = answers.statuses.get(200, 0)
    timing = (round(answers.p50_ms, 1), round(answers.p99_ms, 1))
    return (count, ok, *timing, turns, answered, ordered, round(seconds, 1))


def _send(port: int, count: int, people: int) -> Answers:
    requests = [
        webhook("messenger", body_of("messenger", f"p{number % people}", "hello", f"m_{number:05}"))
        for number in range(count)
    ]
    return send(Load(port=port, lanes=[requests], connections=64, seconds=60))


def _wait(url: str, count: int, patience: float = 180) -> int:
    """Return how many turns are over, once all are or nothing moves any more."""
    query = sa.select(sa.func.count()).where(inbound.c.done_at.is_not(None))
    with open_ledger(url) as database:
        done, end = 0, time.perf_counter() + patience
        while done < count and time.perf_counter() < end:
            time.sleep(0.2)
            done = int(database.read_now(lambda one: one.execute(query).scalar_one()))
    return done


def _answers(platform: Platform, count: int) -> int:
    """Return how many people's messages were answered by at least one message to them."""
    end = time.perf_counter() + 30
    while len(platform.messages()) < count and time.perf_counter() < end:
        time.sleep(0.2)
    return len(platform.messages())


def _in_order(url: str) -> str:
    """Return whether every person's messages had their turns in the order they were sent."""
    query = sa.select(inbound.c.user_id, inbound.c.message_id).order_by(
        inbound.c.done_at, inbound.c.id
    )
    turns: dict[str, list[str]] = defaultdict(list)
    with open_ledger(url) as database:
        for user, message in database.read_now(lambda one: one.execute(query).all()):
            turns[user].append(message)
    wrong = sum(messages != sorted(messages) for messages in turns.values())
    return "yes" if not wrong else f"not for {wrong}"


def _goals(kind: str, count: int, found: tuple[Any, ...]) -> list[Goal]:
    _, ok, _, p99, turns, answers, ordered, _ = found
    return [
        at_most(f"{kind}: p99 to the 200 under 250 ms", p99, 250, "ms"),
        Goal(
            words=f"{kind}: every one 200, every one answered, order kept",
            met=ok == turns == count and answers >= count and ordered == "yes",
            measured=f"{ok}, {answers}, {ordered}",
        ),
    ]
