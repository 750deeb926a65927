"""Start the processes of a deployment, wait until they answer, start again what dies."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

from overture.errors import OvertureError

#: Seconds a process gets to end by itself before it is killed.
GRACE = 10.0
#: Seconds between two looks at the processes.
_LOOK = 0.25
#: A process that ends sooner than this after its start, this often in a row, is given up.
_TOO_SOON = 5.0
_TOO_OFTEN = 3


@dataclass(frozen=True, kw_only=True)
class Program:
    """Describe one process."""

    name: str
    command: Sequence[str]
    #: Address that answers once the process is ready.
    health: str | None = None
    #: Address to show people; empty for one they do not open.
    address: str = ""
    env: Mapping[str, str] | None = None


class ProcessFailedError(OvertureError):
    """A process ends at once, again and again."""


class Supervisor:
    """Keep programs running until told to stop."""

    def __init__(self, programs: Sequence[Program], logs: Path, say: Callable[[str], None]) -> None:
        self._programs = programs
        self._logs = logs
        self._say = say
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        self._early: dict[str, int] = {}
        self._stop = threading.Event()

    def run(self, on_ready: Callable[[], None]) -> None:
        """Start everything, call ``on_ready`` when all answer, and stay until stopped.

        Raises:
            ProcessFailedError: a process does not stay up; names its log.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        self._logs.mkdir(parents=True, exist_ok=True)
        try:
            for program in self._programs:
                self._start(program)
            if self._wait_until_ready():
                on_ready()
            while not self._stop.wait(_LOOK):
                self._look_after()
        finally:
            self._end()

    def _start(self, program: Program) -> None:
        with (self._logs / f"{program.name}.log").open("ab") as log:
            self._running[program.name] = subprocess.Popen(  # noqa: S603 - our own programs
                list(program.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(program.env or {})},
                start_new_session=True,
            )
        self._started[program.name] = time.monotonic()

    def _wait_until_ready(self) -> bool:
        waiting = [program for program in self._programs if program.health]
        while waiting and not self._stop.wait(_LOOK):
            self._look_after()
            waiting = [program for program in waiting if not _answers(program.health or "")]
        return not self._stop.is_set()

    def _look_after(self) -> None:
        for program in self._programs:
            code = self._running[program.name].poll()
            if code is None:
                continue
            too_soon = time.monotonic() - self._started[program.name] < _TOO_SOON
            early = self._early.get(program.name, 0) + 1 if too_soon else 0
            self._early[program.name] = early
            log = self._logs / f"{program.name}.log"
            if early >= _TOO_OFTEN:
                raise ProcessFailedError(
                    f"{program.name} does not stay up (exit {code}); see {log}:\n{_tail(log)}"
                )
            self._say(f"{program.name} ended with {code}; starting it again")
            self._start(program)

    def _end(self) -> None:
        for process in self._running.values():
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    """Signal a process with everything it has started."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=1).status_code < 500
    except requests.RequestException:
        return False


def _tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
