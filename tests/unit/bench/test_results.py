"""What benchmarks work out from their measurements."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from bench import charts, tables
from bench.__main__ import store
from bench.results import Counted, Curve, Measured, Report, Row, at_least, at_most, number, ratio
from bench.running import Contender, Run, Unavailable

ROWS = (
    Row(name="ours", role="ours", values=(90.0, 100.0, 130.0)),
    Row(name="driver", role="raw", values=(200.0, 240.0)),
    Row(name="slow", role="peer", values=(10.0,)),
    Row(name="fast", role="peer", values=(25.0,)),
    Row(name="absent", role="peer", note="skipped: no Redis"),
)
RATES = Measured(title="Rates", unit="per second", rows=ROWS)


def test_the_median_stands_for_the_repeats() -> None:
    """One disturbed repeat does not decide."""
    assert [row.median for row in ROWS] == [100.0, 220.0, 10.0, 25.0, None]


def test_the_best_peer_is_the_fastest_or_the_one_that_takes_least() -> None:
    """What is best depends on the quantity."""
    delays = Measured(title="Delays", unit="ms", rows=ROWS, more_is_better=False)
    assert (RATES.best_peer(), delays.best_peer(), RATES.raw()) == (25.0, 10.0, 220.0)


def test_a_ratio_needs_both_sides() -> None:
    """What did not run is compared with nothing."""
    assert (ratio(100, 25), ratio(None, 25), ratio(100, None), ratio(1, 0)) == (4, None, None, None)


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (at_least("enough", 8_000, 8_000), True),
        (at_least("enough", 7_999, 8_000), False),
        (at_most("short", 15, 15), True),
        (at_most("short", 15.1, 15), False),
        (at_least("enough", None, 5), None),  # a peer is missing: nobody knows
    ],
)
def test_a_goal_is_reached_missed_or_open(goal: object, met: bool | None) -> None:
    """The bound itself counts as reached."""
    assert goal.met is met  # type: ignore[attr-defined]


def test_numbers_show_three_digits_that_count() -> None:
    """Noise is not printed."""
    assert [number(one) for one in (12345.6, 123.4, 1.2345, 0.012345, 0, None)] == [
        "12,346",
        "123",
        "1.23",
        "0.0123",
        "0",
        "-",
    ]


def test_repeats_are_interleaved_and_one_that_is_missing_is_not_asked_again() -> None:
    """A busy moment hits everybody; a skip gives its reason."""
    asked: list[str] = []

    def measured(name: str) -> float:
        asked.append(name)
        if name == "absent":
            raise Unavailable("no Redis")
        return float(len(asked))

    contenders = [
        Contender(name=name, role="peer", measure=lambda name=name: measured(name))  # type: ignore[misc]
        for name in ("one", "absent", "two")
    ]
    rows = Run(repeats=2).interleave("test", contenders)
    assert asked == ["one", "absent", "two", "one", "two"]
    assert [row.values for row in rows] == [(1.0, 4.0), (), (3.0, 5.0)]
    assert rows[1].note == "skipped: no Redis"


def test_a_table_tells_ratios_spread_and_what_was_skipped() -> None:
    """Ours is 100: 0.455 of the raw limit's 220 and four times the best peer's 25."""
    console = Console(width=140, record=True, file=io.StringIO())
    tables.show(console, RATES)
    text = console.export_text()
    assert "0.455 x" in text
    assert "4 x" in text
    assert "90 - 130" in text
    assert "skipped: no Redis" in text


def test_findings_are_kept_as_json_and_pictures(tmp_path: Path) -> None:
    """Counts have no picture; everything is in the JSON."""
    curve = Curve(title="Growth", x="n", y="ms", lines={"ours": [(10, 1.0), (100, 1.1)]})
    counts = Counted(title="Fates", columns=["lost"], rows={"Overture": (0,)})
    store(Report(name="test", findings=[RATES, curve, counts]), {"cores": 2}, tmp_path)
    kept = json.loads((tmp_path / "test.json").read_text())
    assert kept["machine"] == {"cores": 2}
    assert [one["title"] for one in kept["findings"]] == ["Rates", "Growth", "Fates"]
    assert sorted(path.name for path in tmp_path.glob("*.svg")) == ["test-1.svg", "test-2.svg"]
    assert "<svg" in (tmp_path / "test-1.svg").read_text()


def test_a_table_without_any_value_has_no_picture(tmp_path: Path) -> None:
    """Everything was skipped: there is nothing to draw."""
    empty = Measured(title="Rates", unit="per second", rows=ROWS[-1:])
    assert not charts.draw(empty, tmp_path / "none.svg")
