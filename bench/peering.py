"""Run a peer's script in the environment of the peers and read its line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.running import Unavailable

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
SCRIPTS = Path(__file__).parent / "peers"
#: A database of Redis that benchmarks may empty.
REDIS = os.environ.get("OVERTURE_BENCH_REDIS", "redis://127.0.0.1:6379/15")


def command(script: str, *arguments: object) -> list[str]:
    """Return how to call a peer's script.

    Raises:
        Unavailable: the environment of the peers is not installed.
    """
    if not PYTHON.exists():
        raise Unavailable("peers are not installed (make bench does it)")
    return [str(PYTHON), str(SCRIPTS / f"{script}.py"), *map(str, arguments)]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a peer's script."""
    return {**os.environ, "OVERTURE_BENCH_CELERY_REDIS": REDIS, **(extra or {})}


def call(script: str, *arguments: object, limit: float = 300) -> dict[str, Any]:
    """Run a script to its end and return what it printed, nothing if it printed nothing."""
    done = subprocess.run(
        command(script, *arguments),
        capture_output=True,
        text=True,
        timeout=limit,
        env=environment(),
        cwd=SCRIPTS,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{script} {arguments}: {done.stderr.strip()[-800:]}")
    lines = done.stdout.strip().splitlines()
    return json.loads(lines[-1]) if lines else {}


def rate(script: str, *arguments: object) -> float:
    """Return how many jobs a second a script ran."""
    found = call(script, *arguments)
    if found["ran"] < 2:
        raise RuntimeError(f"{script} {arguments} ran {found['ran']} jobs")
    return float(found["ran"] / found["seconds"])


@contextmanager
def redis_url() -> Iterator[str]:
    """Give the address of Redis.

    Raises:
        Unavailable: nothing listens there.
    """
    parts = urlsplit(REDIS)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 6379), timeout=1).close()
    except OSError as error:
        raise Unavailable(f"no Redis at {parts.hostname}:{parts.port}") from error
    yield REDIS
