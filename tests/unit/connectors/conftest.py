"""A deployment in one process, without Rasa and without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.delivery.rooms import Rooms


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """Return intake, turns, sender and a platform that remembers what it was sent."""
    rooms = Rooms(f"sqlite:///{tmp_path}/ledger.db")
    yield rooms
    rooms.database.close()
