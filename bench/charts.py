"""Findings as pictures: bars for what is compared, lines for what grows."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from bench.results import Counted, Curve, Finding, Measured, Row, number

_COLOURS = {"ours": "#b4451f", "raw": "#5b7f95", "peer": "#a9a9a9", "other": "#d3d3d3"}


def draw(finding: Finding, path: Path) -> bool:
    """Write one finding as SVG; False if there is nothing to draw."""
    if isinstance(finding, Counted):
        return False
    if isinstance(finding, Measured) and not any(row.values for row in finding.rows):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an old matplotlib with new neighbours
        _draw(finding, path)
    return True


def _draw(finding: Measured | Curve, path: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.42 * _height(finding)))
    if isinstance(finding, Curve):
        _lines(axes, finding)
    else:
        _bars(axes, finding)
    axes.set_title(finding.title, loc="left", fontsize=11)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def _height(finding: Measured | Curve) -> float:
    return 8 if isinstance(finding, Curve) else max(3, len(finding.rows))


def _bars(axes: Any, found: Measured) -> None:
    rows: list[Row] = [row for row in reversed(found.rows) if row.values]
    middles = [row.median or 0.0 for row in rows]
    below = [middle - min(row.values) for row, middle in zip(rows, middles, strict=True)]
    above = [max(row.values) - middle for row, middle in zip(rows, middles, strict=True)]
    axes.barh(
        [row.name for row in rows],
        middles,
        xerr=[below, above],
        color=[_COLOURS[row.role] for row in rows],
        ecolor="#444444",
        capsize=2,
    )
    for place, middle in enumerate(middles):
        axes.annotate(
            number(middle),
            (middle, place),
            xytext=(6, 3),
            textcoords="offset points",
            fontsize=8,
        )
    if min(middles) > 0 and max(middles) / min(middles) > 100:
        axes.set_xscale("log")
    axes.set_xlabel(found.unit)


def _lines(axes: Any, curve: Curve) -> None:
    for name, points in curve.lines.items():
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", label=name)
    if curve.log_x:
        axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel(curve.x)
    axes.set_ylabel(curve.y)
    axes.legend(frameon=False)
