"""Let go of what is too old, once an hour and a little at a time."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from overture.clock import Clock
from overture.services.keeping import Keeping, let_go
from overture.store.database import Database
from overture.store.sql import SqlLedger

logger = logging.getLogger(__name__)

_EVERY = timedelta(hours=1)


class TidyUp:
    """Run ``services.keeping`` for one process."""

    def __init__(self, database: Database, clock: Clock, keeping: Keeping) -> None:
        self._database = database
        self._clock = clock
        self._keeping = keeping
        self._next: datetime | None = None

    async def when_due(self) -> int:
        """Let go of everything that is too old if an hour has passed; return how many rows."""
        now = self._clock.now()
        if self._next is not None and now < self._next:
            return 0
        self._next = now + _EVERY
        total = 0
        while gone := await self._database.write(
            lambda connection: let_go(SqlLedger(connection), now, self._keeping)
        ):
            total += gone
        if total:
            logger.info("ledger.tidied rows=%d", total)
        return total
