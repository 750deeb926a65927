"""How benchmarks run: sizes, interleaved repeats, progress, contenders that may be missing."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.results import Role, Row

T = TypeVar("T")


class Unavailable(Exception):
    """What a contender needs is not on this machine; the message says what."""


@dataclass(frozen=True, kw_only=True)
class Contender:
    """Measure one way to do the work, once."""

    name: str
    role: Role
    #: Return one measurement.
    measure: Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Run:
    """Hold how large this run is, and show how far it has come."""

    quick: bool = False
    full: bool = False
    repeats: int = 3
    progress: Progress = field(default_factory=lambda: progress_on(Console(quiet=True)))

    def size(self, quick: T, normal: T, full: T | None = None) -> T:
        """Choose a size."""
        if self.quick:
            return quick
        return full if self.full and full is not None else normal

    def interleave(self, title: str, contenders: Sequence[Contender]) -> list[Row]:
        """Measure all contenders in turn, several times, so that a busy moment hits each."""
        values: dict[str, list[float]] = {one.name: [] for one in contenders}
        notes: dict[str, str] = {}
        with self.task(title, len(contenders) * self.repeats) as step:
            for _ in range(self.repeats):
                for one in contenders:
                    step(one.name)
                    if one.name in notes:
                        continue
                    gc.collect()
                    try:
                        values[one.name].append(one.measure())
                    except Unavailable as missing:
                        notes[one.name] = f"skipped: {missing}"
        return [
            Row(
                name=one.name,
                role=one.role,
                values=tuple(values[one.name]),
                note=notes.get(one.name, ""),
            )
            for one in contenders
        ]

    @contextmanager
    def task(self, title: str, steps: int) -> Iterator[Callable[[str], None]]:
        """Show a bar; call what is given with the name of each step as it begins."""
        task = self.progress.add_task(title, total=steps, what="")
        begun = 0

        def step(what: str) -> None:
            nonlocal begun
            self.progress.update(task, completed=begun, what=what)
            begun += 1

        try:
            yield step
        finally:
            self.progress.remove_task(task)


def progress_on(console: Console) -> Progress:
    """Return the bars of a run."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} {task.fields[what]}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
