"""Run benchmarks, show tables, write JSON and pictures: ``python -m bench [NAMES]``."""

from __future__ import annotations

import json
import logging
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from bench import charts, machine, tables
from bench.results import Report
from bench.running import Run, progress_on

OUT = Path(__file__).parent / "out"

#: Every benchmark and what it answers, in the order they run.
BENCHMARKS: Mapping[str, str] = {
    "decide": "what a decision and a recorded message cost",
    "dispatch": "due follow-ups a second, beside other schedulers",
    "growth": "what waiting conversations cost as they become many",
    "kill": "what kill -9, and 1,000 due at one second, do to due work",
    "webhook": "webhooks verified and stored before the 200",
    "connector": "recorded bodies: understood, lost, doubled, beside Rasa's Facebook channel",
    "turn": "turns over REST with a durable tracker and an action server",
    "burst": "1,000 webhooks of 300 people while turns run",
    "extraction": "memory extraction and screening, texts a second",
    "replay": "100,000 messages through the simulated clock",
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option("--quick", is_flag=True, help="Small sizes, one pass: does everything run?")
@click.option("--full", is_flag=True, help="A million waiting conversations as well.")
@click.option("--repeats", type=click.IntRange(1), help="Passes over all contenders [3].")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=OUT)
@click.option("--list", "only_list", is_flag=True, help="Name the benchmarks.")
def main(
    names: Sequence[str],
    quick: bool,
    full: bool,
    repeats: int | None,
    out: Path,
    only_list: bool,
) -> None:
    """Measure NAMES, or everything."""
    if only_list:
        for name, words in BENCHMARKS.items():
            click.echo(f"{name:12} {words}")
        return
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")  # Rasa's libraries on their last versions
    console = Console(width=None if Console().is_terminal else 110)
    facts = machine.facts()
    console.print(" | ".join(f"{name}: {value}" for name, value in facts.items()), style="dim")
    with progress_on(Console(stderr=True)) as progress:
        plan = Run(
            quick=quick,
            full=full,
            repeats=repeats or (1 if quick else 3),
            progress=progress,
        )
        for name in names or BENCHMARKS:
            report = measure(name, plan)
            console.rule(f"{name} ({report.seconds:.0f} s)", align="left")
            for finding in report.findings:
                tables.show(console, finding)
            store(report, facts, out)
    console.print(f"JSON and pictures: {out}")


def measure(name: str, plan: Run) -> Report:
    """Run one benchmark."""
    begun = time.perf_counter()
    findings = import_module(f"bench.{name}").run(plan)
    return Report(name=name, findings=findings, seconds=time.perf_counter() - begun)


def store(report: Report, facts: Mapping[str, Any], out: Path) -> None:
    """Write what was found as JSON, and a picture of each table that can have one."""
    out.mkdir(parents=True, exist_ok=True)
    data = {"machine": facts, **asdict(report)}
    (out / f"{report.name}.json").write_text(json.dumps(data, indent=2, default=str) + "\n")
    for place, finding in enumerate(report.findings, start=1):
        charts.draw(finding, out / f"{report.name}-{place}.svg")


if __name__ == "__main__":
    main()
