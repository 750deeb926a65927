"""What becomes of due work when many are due at one second, and when a process is killed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from bench import peering
from bench.databases import file_of, fresh_url, has_postgres, open_ledger
from bench.killing import Fate, Work, killed, undisturbed
from bench.models import stock_model
from bench.results import Counted, Finding, Goal
from bench.running import Run, Unavailable
from bench.seeding import fill
from overture.dispatcher import CONCURRENT
from overture.store.schema import outbound, permit, plan

#: Opens a store, seeds jobs in it, and says how to have them done.
Opening = Callable[[int, Path], AbstractContextManager[Work]]


def run(run: Run) -> list[Finding]:
    """Run everything twice: undisturbed, then killed."""
    jobs, systems = run.size(60, 1_000), all_systems(quick=run.quick)
    together, torn = {}, {}
    with run.task("kill", 2 * len(systems)) as step:
        for name, opening in systems.items():
            step(f"{name}, together")
            together[name] = _cells(opening, jobs, undisturbed)
            step(f"{name}, killed")
            torn[name] = _cells(opening, jobs, killed)
    columns = ["ran", "never ran", "ran twice", "stuck", "seconds"]
    return [
        Counted(
            title=f"{jobs:,} due at the same second",
            columns=columns,
            rows=together,
            how="Seconds include the start of the process and its waiting for more.",
        ),
        Counted(
            title=f"kill -9 after a quarter of {jobs:,}, then another process",
            columns=columns,
            rows=torn,
            goals=[_goal(name, cells) for name, cells in torn.items() if _is_ours(name)],
            how=(
                "A job notes its number in a file after a millisecond. Overture never ran what was "
                "between spending and sending: an ambiguous send counts as sent."
            ),
        ),
    ]


def all_systems(quick: bool = False) -> Mapping[str, Opening]:
    """Return every system by its name, ours first; a quick run starts Rasa less often."""
    systems: dict[str, Opening] = {"Overture, SQLite": partial(_overture, "SQLite")}
    if has_postgres():
        systems["Overture, PostgreSQL"] = partial(_overture, "PostgreSQL")
    systems["Rasa reminders, memory"] = partial(_rasa, "memory")
    if not quick:
        systems["Rasa reminders, SQLite tracker"] = partial(_rasa, "tracker.db")
    systems["APScheduler, memory"] = _in_memory
    systems["APScheduler, SQLite"] = partial(_apscheduler, "SQLite")
    systems["Huey, SQLite"] = _huey_sqlite
    if has_postgres():
        systems["APScheduler, PostgreSQL"] = partial(_apscheduler, "PostgreSQL")
        systems["Procrastinate, PostgreSQL"] = _procrastinate
    systems["Huey, Redis"] = _huey_redis
    systems["Celery, Redis"] = _celery
    return systems


def _cells(opening: Opening, jobs: int, act: Callable[[Work], Fate]) -> tuple[Any, ...]:
    try:
        with (
            TemporaryDirectory(prefix="overture-bench-") as folder,
            opening(jobs, Path(folder)) as work,
        ):
            fate = act(work)
    except (Unavailable, RuntimeError) as missing:
        return (f"skipped: {str(missing)[-60:]}", "", "", "", "")
    return (fate.ran, fate.never, fate.twice, fate.stuck, fate.seconds)


def _is_ours(name: str) -> bool:
    return name.startswith("Overture")


def _goal(name: str, cells: tuple[Any, ...]) -> Goal:
    _, never, twice, stuck, _ = cells
    return Goal(
        words=f"{name}: none doubled, none stuck, lost at most the {CONCURRENT} being sent",
        met=(twice, stuck) == (0, 0) and never <= CONCURRENT,
        measured=f"doubled {twice}, stuck {stuck}, lost {never}",
    )


@contextmanager
def _overture(kind: str, jobs: int, folder: Path) -> Iterator[Work]:
    with fresh_url(kind) as url:
        with open_ledger(url) as database:
            fill(database, jobs)
        path = folder / "sent"
        command = [sys.executable, "-m", "bench.dispatching", url, str(path)]
        yield Work(
            first=command, again=command, path=path, jobs=jobs, stuck=partial(_still_due, url)
        )


def _still_due(url: str) -> int:
    """Count plans that are left, and permits that are spent on nothing."""
    with open_ledger(url) as database, database.engine.connect() as connection:
        plans = connection.execute(sa.select(sa.func.count()).select_from(plan)).scalar_one()
        spent = sa.select(sa.func.count()).where(permit.c.spent_at.is_not(None), permit.c.cycle > 3)
        sent = sa.select(sa.func.count()).where(outbound.c.permit_id.is_not(None))
        mismatch = connection.execute(spent).scalar_one() - connection.execute(sent).scalar_one()
    return int(plans + abs(mismatch))


@contextmanager
def _rasa(store: str, jobs: int, folder: Path) -> Iterator[Work]:
    where = store if store == "memory" else str(folder / store)
    path = folder / "sent"

    def command(mode: str) -> list[str]:
        rest = [str(stock_model()), where, str(jobs), str(path)]
        return [sys.executable, "-m", "bench.reminding", mode, *rest]

    yield Work(first=command("run"), again=command("again"), path=path, jobs=jobs)


@contextmanager
def _in_memory(jobs: int, folder: Path) -> Iterator[Work]:
    yield _peer("apscheduler_jobs", "memory", jobs, folder, first="run")


@contextmanager
def _apscheduler(kind: str, jobs: int, folder: Path) -> Iterator[Work]:
    with fresh_url(kind) as url:
        peering.call("apscheduler_jobs", "seed", url, jobs)
        yield _peer("apscheduler_jobs", url, jobs, folder)


@contextmanager
def _huey_sqlite(jobs: int, folder: Path) -> Iterator[Work]:
    with fresh_url("SQLite") as url:
        peering.call("huey_jobs", "seed", file_of(url), jobs)
        yield _peer("huey_jobs", file_of(url), jobs, folder)


@contextmanager
def _huey_redis(jobs: int, folder: Path) -> Iterator[Work]:
    with peering.redis_url() as url:
        peering.call("huey_jobs", "seed", url, jobs)
        yield _peer("huey_jobs", url, jobs, folder)
        peering.call("huey_jobs", "flush", url, 0)


@contextmanager
def _procrastinate(jobs: int, folder: Path) -> Iterator[Work]:
    def doing() -> int:
        engine = sa.create_engine(url, future=True)
        with engine.connect() as connection:
            query = sa.text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
            found = int(connection.execute(query).scalar_one())
        engine.dispose()
        return found

    with fresh_url("PostgreSQL") as url:
        peering.call("procrastinate_jobs", "seed", url, jobs)
        work = _peer("procrastinate_jobs", url, jobs, folder)
        yield Work(**{**vars(work), "stuck": doing})


@contextmanager
def _celery(jobs: int, folder: Path) -> Iterator[Work]:
    with peering.redis_url():
        path = folder / "sent"
        first = peering.command("celery_jobs", "run", jobs, path)
        again = peering.command("celery_jobs", "go", jobs, path)
        yield Work(first=first, again=again, path=path, jobs=jobs)


def _peer(script: str, store: str, jobs: int, folder: Path, first: str = "go") -> Work:
    path = folder / "sent"
    return Work(
        first=peering.command(script, first, store, jobs, path),
        again=peering.command(script, "go", store, jobs, path),
        path=path,
        jobs=jobs,
    )
