"""Overture's dispatcher with a speaker that spends each permit before an empty send."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from sqlalchemy.engine import Connection

from bench.seeding import NOW
from overture.clock import FakeClock
from overture.dispatcher import BATCH, CONCURRENT, Dispatcher, Outcome
from overture.services.deployment import Deployment
from overture.services.follow_up import Refused, Spending, Spent, Ticket, spend
from overture.store.database import Database
from overture.store.sql import SqlLedger
from overture.workers import name_worker

LEASE = timedelta(seconds=60)
#: Deliver one message; nothing for an empty send.
Send = Callable[[str], Awaitable[None]]

_TEXT = "How did the movie night go?"
_REQUEST = {"messaging_type": "UPDATE", "message": {"text": _TEXT}}


class Speaker:
    """Play Rasa and the channel: no dialogue, but the permit spent and durable."""

    def __init__(self, database: Database, send: Send | None = None) -> None:
        self._database = database
        self._send = send
        self._deployment = Deployment()
        self.sent = 0

    async def say(self, ticket: Ticket) -> Outcome:
        """Spend the permit of a ticket, then send."""
        request = Spending(
            conversation_id=ticket.conversation_id, now=NOW, text=_TEXT, request=_REQUEST
        )
        answer = await self._database.write_bulk(self._spend, request)
        if isinstance(answer, Spent):
            self.sent += 1
            if self._send is not None:
                await self._send(ticket.conversation_id)
        return Outcome(what="said")

    def _spend(
        self, connection: Connection, requests: Sequence[Spending]
    ) -> Sequence[Spent | Refused]:
        return spend(
            SqlLedger(connection),
            requests,
            self._deployment,
            owner="bench",
            lease_until=NOW + LEASE,
        )


async def dispatch_all(
    database: Database,
    send: Send | None = None,
    *,
    rasa: Database | None = None,
    batch: int = BATCH,
    concurrent: int = CONCURRENT,
) -> int:
    """Dispatch until nothing is due; return how many were sent.

    Args:
        rasa: the connections of the process that spends the permits, if they are its own.
    """
    speaker = Speaker(rasa or database, send)
    working = Dispatcher(
        database,
        FakeClock(NOW),
        Deployment(),
        speaker,
        owner=name_worker("bench"),
        lease=LEASE,
        batch=batch,
        concurrent=concurrent,
    )
    await working.rescue()
    await working.dispatch_all()
    return speaker.sent


def main() -> None:
    """Dispatch what is due in a database and append every id that is sent to a file."""
    url, path = sys.argv[1:]
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    database = Database(url)

    async def note(conversation_id: str) -> None:
        await asyncio.sleep(0.001)  # something to be killed in
        os.write(file, f"{conversation_id}\n".encode())

    asyncio.run(dispatch_all(database, note))
    database.close()


if __name__ == "__main__":
    main()
