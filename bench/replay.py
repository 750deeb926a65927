"""A long history through the simulated clock: seconds, and memory that must not grow."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

from bench.peering import ROOT
from bench.results import Counted, Finding, Measured, at_most, ratio
from bench.running import Contender, Run

_START = datetime(2026, 1, 5, 8, 0, tzinfo=timezone.utc)
_PEOPLE = 500
#: What people say next; the number before it makes every text a new one.
_TALK = (
    "my sister cried at the end",
    "I really love Vertigo but I can't stand musicals",
    "who wrote the music?",
    "we have a movie night on Friday",
    "not in the mood for anything long",
    "haha yes that one was great",
    "I work nights, so tomorrow evening then",
    "do you remember what I said about Herrmann?",
    "the book was better, honestly",
    "what should we watch next weekend?",
    "my brother's name is Tom, he is the fan",
)


@dataclass(frozen=True, kw_only=True)
class Pass:
    """Hold what one replay took."""

    seconds: float
    resident_mb: float
    sent: int


def run(run: Run) -> list[Finding]:
    """Replay a history, and a quarter of it for the memory."""
    count = run.size(1_000, 100_000)
    passes: dict[int, list[Pass]] = {count // 4: [], count: []}
    with tempfile.TemporaryDirectory(prefix="overture-bench-") as folder:
        paths = {size: write_history(Path(folder) / f"{size}.jsonl", size) for size in passes}

        def measure(size: int) -> float:
            passes[size].append(replay(paths[size]))
            return passes[size][-1].seconds

        names = {size: f"overture replay, {size:,} messages" for size in passes}
        contenders = [
            Contender(name=name, role="ours", measure=partial(measure, size))
            for size, name in names.items()
        ]
        reading = partial(_reading_seconds, paths[count])
        contenders.append(
            Contender(name=f"json.loads, {count:,} lines", role="raw", measure=reading)
        )
        rows = Run(**{**vars(run), "repeats": 1}).interleave("replay", contenders)
    bound = 60 * count / 100_000 + 2
    return [
        Measured(
            title="A history replayed",
            unit="seconds",
            rows=rows,
            more_is_better=False,
            goals=[at_most(f"{count:,} messages", rows[1].median, bound, "s")],
            how=f"{_PEOPLE} people over weeks, no text twice; the start of Python included.",
        ),
        _memory(passes),
    ]


def write_history(path: Path, count: int) -> Path:
    """Write a history of people who come in turn, say six things, and come back days later."""
    with path.open("w", encoding="utf-8") as file:
        for line in _lines(count):
            file.write(json.dumps(line) + "\n")
    return path


def _lines(count: int) -> Iterator[dict[str, object]]:
    at = _START
    for number in range(count):
        at = _START + timedelta(seconds=45 * number)
        yield {
            "at": at.isoformat(),
            "type": "user_message",
            "conversation": f"messenger:1001:p{number // 6 % _PEOPLE}:maestro",
            "id": f"m{number}",
            "text": f"We watched part {number} last night. {_TALK[number % len(_TALK)]}",
        }
    yield {"at": (at + timedelta(days=1)).isoformat(), "type": "end"}


def replay(path: Path) -> Pass:
    """Replay one file in a process of its own."""
    script = (
        "import pathlib, runpy, sys; sys.argv[0] = 'overture'\n"
        "try: runpy.run_module('overture', run_name='__main__')\n"
        "finally: print(pathlib.Path('/proc/self/status').read_text(), file=sys.stderr)"
    )
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, "replay", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    return Pass(
        seconds=time.perf_counter() - begun,
        resident_mb=int(done.stderr.partition("VmHWM:")[2].split()[0]) / 1024,
        sent=done.stdout.count('"follow_up_sent"'),
    )


def _reading_seconds(path: Path) -> float:
    begun = time.perf_counter()
    with path.open(encoding="utf-8") as file:
        for line in file:
            json.loads(line)
    return time.perf_counter() - begun


def _memory(passes: dict[int, list[Pass]]) -> Counted:
    small, large = (found[0] for found in passes.values())
    rows = {
        f"Overture, {size:,} messages": (f"{one.resident_mb:,.0f}", one.sent)
        for size, (one,) in passes.items()
    }
    growth = ratio(large.resident_mb, small.resident_mb)
    return Counted(
        title="Memory of a replay",
        columns=["MB at most", "follow-ups sent"],
        rows=rows,
        goals=[at_most("four times the messages, the same memory within 1.3", growth, 1.3, "x")],
    )
