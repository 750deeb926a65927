"""Processes that end are started again; one that never stays up is given up, with its log."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from overture import supervisor
from overture.supervisor import ProcessFailedError, Program, Supervisor

#: Stays up in the runs that are named, and ends at once in all others.
_SCRIPT = """
import pathlib, sys, time
runs = pathlib.Path(sys.argv[1])
count = len(runs.read_text()) if runs.exists() else 0
runs.write_text("x" * (count + 1))
print("run", count + 1)
time.sleep(1.7 if str(count + 1) in sys.argv[2:] else 0)
"""


def run(folder: Path, *stays_up_in: str, runs: int) -> None:
    """Look after a program until it has been started so often."""
    log = folder / "runs"
    command = [sys.executable, "-c", _SCRIPT, str(log), *stays_up_in]
    program = Program(name="shaky", command=command)
    looking = Supervisor([program], folder, lambda words: None)
    looking._start(program)
    deadline = time.monotonic() + 30
    while not log.exists() or len(log.read_text()) < runs:
        assert time.monotonic() < deadline, "it was not started again"
        looking._look_after()
        time.sleep(0.02)
    looking._end()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_TOO_SOON", 1.5)


def test_a_process_that_never_stays_up_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ProcessFailedError, match=r"shaky does not stay up[\s\S]*run 3"):
        run(tmp_path, runs=9)


def test_a_process_that_stayed_up_in_between_gets_all_its_tries_again(tmp_path: Path) -> None:
    """Two early deaths today and one in a month are no three in a row."""
    run(tmp_path, "3", runs=5)
