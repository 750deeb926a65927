"""What the peers' scripts share: jobs that note when they ran, and the line that is printed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable


class Jobs:
    """Note each job that runs: in memory, and in a file when there is one."""

    def __init__(self, path: str | None = None) -> None:
        self.ran = 0
        self.first = self.last = 0.0
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT) if path else None

    def __call__(self, number: int) -> None:
        """Run job ``number``."""
        if self._file is not None:
            os.write(self._file, f"{number}\n".encode())
            time.sleep(0.001)  # something to be killed in
        self.last = time.perf_counter()
        if not self.ran:
            self.first = self.last
        self.ran += 1

    def report(self) -> None:
        """Print what ran."""
        print(json.dumps({"ran": self.ran, "seconds": self.last - self.first}), flush=True)

    def wait(self, jobs: int, quiet: float = 3.0, limit: float = 120.0) -> None:
        """Wait until that many ran, or none for a while."""
        until(lambda: self.ran >= jobs or self._quiet(quiet), limit)

    def _quiet(self, seconds: float) -> bool:
        return self.ran > 0 and time.perf_counter() - self.last > seconds


def until(condition: Callable[[], bool], limit: float) -> None:
    """Wait until something is so, at most ``limit`` seconds."""
    end = time.perf_counter() + limit
    while not condition() and time.perf_counter() < end:
        time.sleep(0.01)
