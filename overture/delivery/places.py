"""How many turns run at once: few, so that a webhook never waits behind those of hundreds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

#: Turns that compute at the same time; they share one event loop and one writer with webhooks.
AT_ONCE = 8
#: Seconds after which a turn is taken to wait for something else, and its place is free.
_PATIENCE = 2.0


class Places:
    """Hand out places; who only waits keeps nobody from theirs."""

    def __init__(self, places: int = AT_ONCE, patience: float = _PATIENCE) -> None:
        self._free = asyncio.Semaphore(places)
        self._patience = patience

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a place and hold it, for a while at most."""
        await self._free.acquire()
        held = True

        def give_back() -> None:
            nonlocal held
            if held:
                held = False
                self._free.release()

        timer = asyncio.get_running_loop().call_later(self._patience, give_back)
        try:
            yield
        finally:
            timer.cancel()
            give_back()
