"""Start a worker, kill it in the middle of its work, start another, and count what ran."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.models import quiet_environment
from bench.peering import ROOT, SCRIPTS, environment


@dataclass(frozen=True, kw_only=True)
class Work:
    """Hold what is needed to have jobs done by one system."""

    #: Command that begins the work; each job appends its number or name to the file.
    first: Sequence[str]
    #: Command of the process that takes over after a kill.
    again: Sequence[str]
    path: Path
    jobs: int
    #: Count what is neither done nor going to be done by itself.
    stuck: Callable[[], int] = lambda: 0


@dataclass(frozen=True, kw_only=True)
class Fate:
    """Count what became of jobs."""

    ran: int
    never: int
    twice: int
    stuck: int
    seconds: float


def undisturbed(work: Work, limit: float = 120) -> Fate:
    """Let one process do the work."""
    begun = time.perf_counter()
    with _started(work.first) as process:
        _wait(process, limit)
    return _fate(work, time.perf_counter() - begun)


def killed(work: Work, limit: float = 120) -> Fate:
    """Kill the process once a quarter is done; let another finish."""
    begun = time.perf_counter()
    with _started(work.first) as process:
        end = begun + limit
        while lines(work.path) < work.jobs / 4 and process.poll() is None:
            if time.perf_counter() > end:
                break
            time.sleep(0.002)
    with _started(work.again) as process:
        _wait(process, limit)
    return _fate(work, time.perf_counter() - begun)


def lines(path: Path) -> int:
    """Return how many jobs have run."""
    try:
        return path.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


def _fate(work: Work, seconds: float) -> Fate:
    done = Counter(work.path.read_text().split()) if work.path.exists() else Counter()
    return Fate(
        ran=len(done),
        never=work.jobs - len(done),
        twice=sum(times > 1 for times in done.values()),
        stuck=work.stuck(),
        seconds=seconds,
    )


@contextmanager
def _started(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process in a group of its own; whatever is left of it in the end is killed."""
    of_peer = str(SCRIPTS) in command[1]
    process = subprocess.Popen(
        command,
        cwd=SCRIPTS if of_peer else ROOT,
        env=environment({"OVERTURE_BENCH_CELERY_WAIT": "10"}) if of_peer else quiet_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(process: subprocess.Popen[bytes], limit: float) -> None:
    try:
        process.wait(timeout=limit)
    except subprocess.TimeoutExpired:
        return  # what it has not done by now counts as not done
