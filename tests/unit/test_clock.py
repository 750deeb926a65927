"""Clocks: a demo's is shared and runs forward only; a production process keeps its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from overture.clock import DemoClock, FakeClock, SystemClock
from overture.errors import ClockLocked


def test_a_demo_clock_is_shared_by_all_its_processes(tmp_path: Path) -> None:
    """What one process winds, another sees."""
    mine, other = DemoClock(tmp_path / "clock.json"), DemoClock(tmp_path / "clock.json")
    before = other.now()
    mine.wind(timedelta(hours=20))
    assert timedelta(hours=20) <= other.now() - before < timedelta(hours=20, minutes=1)


@pytest.mark.parametrize("delta", [timedelta(), timedelta(seconds=-1)])
def test_a_demo_clock_runs_forward_only(tmp_path: Path, delta: timedelta) -> None:
    """Time that runs back would loosen limits."""
    with pytest.raises(ValueError, match="forward only"):
        DemoClock(tmp_path / "clock.json").wind(delta)


def test_the_clock_of_a_production_process_cannot_be_moved() -> None:
    """Not even by asking."""
    with pytest.raises(ClockLocked):
        SystemClock().wind(timedelta(hours=1))


def test_a_clock_refuses_a_time_without_zone() -> None:
    """Everything inside is aware."""
    with pytest.raises(ValueError, match="time zone"):
        FakeClock(datetime(2026, 3, 1))  # noqa: DTZ001 - this is what is refused
