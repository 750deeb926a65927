"""The JSON file that keeps the chats over a restart of the stand-in."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path

from overture.sandbox.threads import World

logger = logging.getLogger(__name__)

_GATHER = 0.5


class StateFile:
    """Write the chats at most twice a second; do nothing without a path."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._waiting = False

    def load(self) -> World | None:
        """Return what was kept; an unreadable file counts as none and is left for a look."""
        if self._path is None or not self._path.exists():
            return None
        try:
            return World.from_json(json.loads(self._path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError) as problem:
            logger.warning("sandbox_state_unreadable", extra={"problem": str(problem)})
            return None

    def due(self) -> bool:
        """Tell whether a save has to be planned; True at most once until it is done."""
        wanted = self._path is not None and not self._waiting
        self._waiting = self._waiting or wanted
        return wanted

    async def save_soon(self, world: Callable[[], World]) -> None:
        """Gather the changes of a moment, then save."""
        await asyncio.sleep(_GATHER)
        self.save(world())

    def save(self, world: World) -> None:
        """Replace the file in one step."""
        self._waiting = False
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".tmp")
        draft.write_text(json.dumps(world.to_json()), encoding="utf-8")
        draft.replace(self._path)
