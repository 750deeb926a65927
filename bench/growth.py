"""What waiting conversations cost as they become many: the time of a claim, and room."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bench.databases import bytes_of, fresh_ledger, kinds
from bench.dispatching import LEASE
from bench.results import Counted, Curve, Finding, Goal, at_most, ratio
from bench.running import Run
from bench.seeding import NOW, fill
from overture.dispatcher import BATCH
from overture.services.deployment import Deployment
from overture.services.follow_up import claim_due
from overture.store.database import Database
from overture.store.sql import SqlLedger


@dataclass(frozen=True, kw_only=True)
class Size:
    """Hold what was found at one size."""

    waiting: int
    #: Milliseconds of one claim of a full batch, the median.
    claim_ms: float
    bytes_each: float


def run(run: Run) -> list[Finding]:
    """Fill, claim what is due among all that waits, and look at the size of the files."""
    sizes = run.size([300, 1_000], [10_000, 100_000], [10_000, 100_000, 1_000_000])
    batches = run.size(2, 10)
    found: dict[str, list[Size]] = {kind: [] for kind in kinds()}
    with run.task("growth", len(sizes) * len(found)) as step:
        for waiting in sizes:
            for kind, sized in found.items():
                step(f"{kind}, {waiting:,}")
                sized.append(measure(kind, waiting, batches))
    return [_table(found), _curve(found)]


def measure(kind: str, waiting: int, batches: int) -> Size:
    """Return the cost of one size: so many wait for days to come, some batches are due."""
    with fresh_ledger(kind) as database:
        empty = bytes_of(database)
        due = batches * BATCH
        fill(database, waiting, due_at=lambda number: NOW + timedelta(seconds=1 + number))
        room = (bytes_of(database) - empty) / waiting
        fill(database, due, first=waiting)
        taken = list(_claims(database, NOW))[1:]  # the first one compiles statements
        return Size(waiting=waiting, claim_ms=median(taken), bytes_each=room)


def _claims(database: Database, now: datetime) -> Iterator[float]:
    deployment = Deployment()
    while True:
        begun = time.perf_counter()
        claims = database.write_now(
            lambda connection: claim_due(
                SqlLedger(connection), now, deployment, limit=BATCH, owner="bench", lease=LEASE
            )
        )
        if not claims.due:
            return
        yield (time.perf_counter() - begun) * 1e3


def _table(found: dict[str, list[Size]]) -> Counted:
    rows = {
        f"Overture, {kind}, {size.waiting:,} waiting": (size.claim_ms, f"{size.bytes_each:,.0f}")
        for kind, sized in found.items()
        for size in sized
    }
    return Counted(
        title=f"Claiming {BATCH} that are due among all that wait",
        columns=["ms a claim", "bytes a conversation"],
        rows=rows,
        goals=[_flat(kind, sized) for kind, sized in found.items()],
        how="Bytes: person, conversation, an earlier permit and the plan, with their indexes.",
    )


def _flat(kind: str, sized: list[Size]) -> Goal:
    slowest = max(size.claim_ms for size in sized)
    words = f"{kind}: a claim stays flat, within 1.5 times"
    return at_most(words, ratio(slowest, sized[0].claim_ms), 1.5, "x")


def _curve(found: dict[str, list[Size]]) -> Curve:
    return Curve(
        title=f"Claiming {BATCH} of many",
        x="conversations that wait",
        y="ms a claim",
        lines={
            kind: [(size.waiting, size.claim_ms) for size in sized] for kind, sized in found.items()
        },
    )
