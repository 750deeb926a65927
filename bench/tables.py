"""Findings as tables on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.results import Counted, Curve, Finding, Goal, Measured, Row, number, ratio

_STYLES = {"ours": "bold", "raw": "cyan", "peer": "", "other": "dim"}


def show(console: Console, finding: Finding) -> None:
    """Print one finding and its goals."""
    if isinstance(finding, Curve):
        return  # a picture only; its points are in the JSON
    console.print(_measured(finding) if isinstance(finding, Measured) else _counted(finding))
    if finding.how:
        console.print(f"[dim]{finding.how}[/]")
    for goal in finding.goals:
        console.print(_goal(goal))
    console.print()


def _measured(found: Measured) -> Table:
    table = Table(title=f"{found.title} ({found.unit})", title_justify="left")
    table.add_column("")
    for name in ("median", "min-max", "to raw limit", "to best peer"):
        table.add_column(name, justify="right")
    table.add_column("note")
    for row in found.rows:
        table.add_row(*_cells(found, row), style=_STYLES[row.role])
    return table


def _cells(found: Measured, row: Row) -> Sequence[str]:
    label = row.name if row.role in ("ours", "other") else f"{row.name} [{row.role}]"
    if not row.values:
        return label.replace("[", "\\["), "-", "", "", "", row.note
    spread = f"{number(min(row.values))} - {number(max(row.values))}"
    return (
        label.replace("[", "\\["),
        number(row.median),
        spread,
        _times(row.median, found.raw()),
        _times(row.median, found.best_peer()),
        row.note,
    )


def _times(one: float | None, other: float | None) -> str:
    quotient = ratio(one, other)
    return "" if quotient is None else f"{number(quotient)} x"


def _counted(found: Counted) -> Table:
    table = Table(title=found.title, title_justify="left")
    table.add_column("")
    for name in found.columns:
        table.add_column(name, justify="right")
    for name, cells in found.rows.items():
        shown = [number(cell) if isinstance(cell, float) else str(cell) for cell in cells]
        table.add_row(name, *shown, style="bold" if name.startswith("Overture") else "")
    return table


def _goal(goal: Goal) -> str:
    mark = {True: "[green]reached[/]", False: "[red]missed[/]", None: "[yellow]open[/]"}[goal.met]
    return f"  {mark}  {goal.words}: {goal.measured}"
