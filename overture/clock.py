"""The only place that reads the time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

from overture.errors import ClockLocked


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


class SystemClock:
    """Tell the time of the machine."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(timezone.utc)

    def wind(self, delta: timedelta) -> datetime:
        """Refuse: a production process does not have its clock moved.

        Raises:
            ClockLocked: always.
        """
        raise ClockLocked(
            f"the clock cannot be wound by {delta}: this is not a demo (`overture up --demo`)"
        )


class FakeClock:
    """Tell the time a test or a replay has set."""

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        """Return the instant that was set last."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Move to an instant, forwards or backwards."""
        self._now = _aware(instant)

    def wind(self, delta: timedelta) -> datetime:
        """Move by a span and return the new time."""
        self._now += delta
        return self._now


class DemoClock:
    """Tell the time of the machine plus an offset that all processes of a demo share.

    The offset lives in a small JSON file, so that winding the clock in the sandbox moves it
    in Rasa and in the action server too. It only ever grows.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the present instant of the demo, aware, in UTC."""
        return datetime.now(timezone.utc) + self._read()

    def wind(self, delta: timedelta) -> datetime:
        """Move the demo forward and return the new time.

        Raises:
            ValueError: the span is not positive.
        """
        if delta <= timedelta():
            raise ValueError(f"the demo clock runs forward only, not by {delta}")
        total = self._read() + delta
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps({"offset_seconds": total.total_seconds()}))
        draft.replace(self._path)
        return self.now()

    def _read(self) -> timedelta:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return timedelta()
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._stamp:
            seconds = json.loads(self._path.read_text())["offset_seconds"]
            self._offset, self._stamp = timedelta(seconds=seconds), stamp
        return self._offset


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant!r}")
    return instant.astimezone(timezone.utc)
