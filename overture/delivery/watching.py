"""Take up what other processes have stored for this one to send."""

from __future__ import annotations

import asyncio
import logging

from overture.delivery.sender import Sender
from overture.delivery.turns import Worker
from overture.errors import StoreUnavailable
from overture.store.database import Database
from overture.store.sql import SqlLedger

logger = logging.getLogger(__name__)

#: Seconds between two looks.
_LOOK = 1.0


class Watch:
    """Look once a second for answers that were typed in the console, in another process."""

    def __init__(self, database: Database, sender: Sender, worker: Worker) -> None:
        self._database = database
        self._sender = sender
        self._worker = worker

    async def run(self) -> None:
        """Look, for ever; a database that is away is looked at again."""
        while True:
            try:
                await self.look()
            except StoreUnavailable as error:
                logger.warning("watch.waiting error=%s", error)
            except Exception as error:  # noqa: BLE001 - without this task, answers would wait
                logger.error("watch.failed error=%s", type(error).__name__)
            await asyncio.sleep(_LOOK)

    async def look(self) -> None:
        """Take up what nobody sends, and send it."""
        waits = await self._database.read(lambda one: SqlLedger(one).typed.waits())
        if not waits:
            return
        people = await self._database.write(
            lambda one: SqlLedger(one).typed.take(self._worker.owner, self._worker.until())
        )
        for contact_id in people:
            self._sender.wake(contact_id)
