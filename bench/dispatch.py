"""Due follow-ups through the whole dispatcher, beside raw claims and other schedulers."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bench import peering
from bench.databases import file_of, fresh_url, has_postgres, open_ledger
from bench.dispatching import dispatch_all
from bench.rawclaims import claims_per_second
from bench.results import Finding, Goal, Measured, Row, at_least, ratio
from bench.running import Contender, Run, Unavailable
from bench.samerows import rows_per_second
from bench.seeding import fill
from overture.dispatcher import BATCHES
from overture.store.database import GROUP, Database
from overture.workers import settle_down

_HOW = (
    "Overture: claimed in batches, decided, permit issued; decided again, permit spent and the "
    "outgoing row durable before an empty send, with as many at once as share a commit. Raw: the "
    "plain driver claims 100 and applies the same check in one statement each. The same rows: "
    "all that a follow-up leaves, by the plain driver in two commits a batch, nothing decided; "
    "whoever keeps these rows is slower. Peers: jobs that do nothing, timed from the first to "
    "the last one."
)


def run(run: Run) -> list[Finding]:
    """Measure both databases with the peers that live on each."""
    count, peers = run.size(400, 10_000), run.size(100, 2_000)
    memory = partial(_rate, "apscheduler_jobs", "run", "memory", peers)
    common = [Contender(name="APScheduler, memory (as Rasa)", role="other", measure=memory)]
    sqlite = run.interleave("SQLite", [*_ours("SQLite", count), *common, *_on_sqlite(peers)])
    findings: list[Finding] = [_compared("SQLite", sqlite, 8_000)]
    if has_postgres():
        rows = [*_ours("PostgreSQL", count), *common, *_on_postgres(peers)]
        findings.append(_compared("PostgreSQL", run.interleave("PostgreSQL", rows), 12_000))
    return findings


def dispatched_per_second(kind: str, count: int) -> float:
    """Return the rate of Overture's dispatcher over a fresh database.

    Raises:
        RuntimeError: not every follow-up was sent once.
    """
    with fresh_url(kind) as url, open_ledger(url) as database, _rasa(kind, url) as rasa:
        fill(database, count)
        usual = gc.get_threshold()
        settle_down()  # as every process of Overture does at its start
        begun = time.perf_counter()
        sent = asyncio.run(
            dispatch_all(database, rasa=rasa, batch=GROUP, concurrent=BATCHES * GROUP)
        )
        seconds = time.perf_counter() - begun
        gc.unfreeze()
        gc.set_threshold(*usual)
    if sent != count:
        raise RuntimeError(f"{sent} of {count} follow-ups were sent")
    return count / seconds


@contextmanager
def _rasa(kind: str, url: str) -> Iterator[Database | None]:
    """Give Rasa's part connections of its own, as it has; a file of SQLite has one writer."""
    if kind == "SQLite":
        yield None
        return
    database = Database(url)
    yield database
    database.close()


def raw_per_second(kind: str, count: int) -> float:
    """Return the rate of raw claims over a fresh database."""
    with fresh_url(kind) as url:
        with open_ledger(url) as database:
            fill(database, count)
        return claims_per_second(url)


def floor_per_second(kind: str, count: int) -> float:
    """Return the rate of writing the same rows over a fresh database, deciding nothing."""
    with fresh_url(kind) as url, open_ledger(url) as database:
        fill(database, count)
        return rows_per_second(database, url)


def _ours(kind: str, count: int) -> list[Contender]:
    return [
        Contender(
            name="Overture", role="ours", measure=partial(dispatched_per_second, kind, count)
        ),
        Contender(
            name="batch claim with check", role="raw", measure=partial(raw_per_second, kind, count)
        ),
        Contender(
            name="the same rows", role="other", measure=partial(floor_per_second, kind, count)
        ),
    ]


def _on_sqlite(count: int) -> list[Contender]:
    def apscheduler() -> float:
        with fresh_url("SQLite") as url:
            return _rate("apscheduler_jobs", "run", url, count)

    def huey() -> float:
        with fresh_url("SQLite") as url:
            return _rate("huey_jobs", "run", file_of(url), count)

    return [
        Contender(name="APScheduler", role="peer", measure=apscheduler),
        Contender(name="Huey", role="peer", measure=huey),
    ]


def _on_postgres(count: int) -> list[Contender]:
    def apscheduler() -> float:
        with fresh_url("PostgreSQL") as url:
            return _rate("apscheduler_jobs", "run", url, count)

    def procrastinate() -> float:
        with fresh_url("PostgreSQL") as url:
            return _rate("procrastinate_jobs", "run", url, count)

    def celery() -> float:
        with peering.redis_url():
            return _rate("celery_jobs", "run", count)

    def huey() -> float:
        with peering.redis_url() as url:
            return _rate("huey_jobs", "run", url, count)

    return [
        Contender(name="APScheduler", role="peer", measure=apscheduler),
        Contender(name="Procrastinate", role="peer", measure=procrastinate),
        Contender(name="Celery, Redis", role="peer", measure=celery),
        Contender(name="Huey, Redis", role="other", measure=huey),
    ]


def _rate(script: str, *arguments: object) -> float:
    try:
        return peering.rate(script, *arguments)
    except RuntimeError as error:
        raise Unavailable(str(error)) from error


def _compared(kind: str, rows: list[Row], bound: float) -> Measured:
    table = Measured(title=f"Follow-ups dispatched, {kind}", unit="per second", rows=rows, how=_HOW)
    ours = table.row("Overture").median
    return Measured(**{**vars(table), "goals": _goals(kind, table, ours, bound)})


def _goals(kind: str, table: Measured, ours: float | None, bound: float) -> list[Goal]:
    goals = [at_least(f"at least {bound:,}/s", ours, bound, "/s")]
    goals.append(at_least("at least 0.4 of the raw claim", ratio(ours, table.raw()), 0.4, "x"))
    if kind == "PostgreSQL":
        peer = ratio(ours, table.best_peer())
        goals.append(at_least("at least 5 times the best peer", peer, 5, "x"))
    return goals
