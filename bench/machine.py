"""Facts about the machine, without which no number means anything."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.databases import POSTGRES, has_postgres

_LIBRARIES = ("rasa", "sanic", "sqlalchemy", "psycopg2-binary", "apscheduler", "spacy", "uvloop")


def facts() -> dict[str, Any]:
    """Return what the numbers of this run depend on."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgres(),
        "fsync_us": round(fsync_seconds() * 1e6, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def fsync_seconds(times: int = 200) -> float:
    """Return the median time to make 8 kB durable: what bounds every commit of its own."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(times):
            os.write(file.fileno(), b"x" * 8192)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return sorted(taken)[times // 2]


def resident_mb(pid: int) -> float:
    """Return the memory a process and its children hold, in MB."""
    total = 0.0
    for one in (pid, *_children(pid)):
        try:
            pages = int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return total


def cpu_seconds(pid: int) -> float:
    """Return the time a process has had on a core, which a busy machine disturbs less."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            mine = [int(one) for one in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += mine
        for one in mine:
            found += _children(one)
    return found


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _postgres() -> str | None:
    if not has_postgres():
        return None
    with sa.create_engine(POSTGRES, future=True).connect() as connection:
        return str(connection.execute(sa.text("SHOW server_version")).scalar_one())
