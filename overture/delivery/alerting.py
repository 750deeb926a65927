"""Tell a web address what happened, signed, until it takes it or there is no use any more."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from datetime import datetime, timedelta

import aiohttp

from overture.clock import Clock
from overture.errors import StoreUnavailable
from overture.store.database import Database
from overture.store.rooms import Alert
from overture.store.sql import SqlLedger

logger = logging.getLogger(__name__)

#: Header with the signature of the body, in the form in which Meta signs webhooks.
SIGNATURE = "X-Overture-Signature-256"
#: Seconds between two looks at what is to be told; the dispatcher of the same process reads too.
_LOOK = 5.0
#: How many are told at once.
_AT_ONCE = 20
_TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=5)
#: How long one that is being told is left alone by others.
_LEASE = timedelta(seconds=60)
#: Wait after the first failure; it doubles with each, up to the longest.
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
#: How often one is tried: for more than four hours.
_TRIES = 14


class Alarm:
    """Post what is to be told to one address."""

    def __init__(self, database: Database, clock: Clock, address: str, secret: str) -> None:
        """Post nothing yet.

        Args:
            clock: the machine's, also in a demo.
            address: http or https; empty: nobody is told.
            secret: what bodies are signed with.
        """
        self._database = database
        self._clock = clock
        self._address = address
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None

    async def run(self) -> None:
        """Look, for ever; return at once if nobody is told."""
        while self._address:
            try:
                await self.look()
            except StoreUnavailable as error:
                logger.warning("alert.waiting error=%s", error)
            except Exception as error:  # noqa: BLE001 - without this task, nobody would be told
                logger.error("alert.stumbled error=%s", type(error).__name__)
            await asyncio.sleep(_LOOK)

    async def look(self) -> int:
        """Tell what is due; return how many were."""
        if not await self._database.read(lambda one: SqlLedger(one).alerts.waits(self._now())):
            return 0
        due = await self._database.write(
            lambda one: SqlLedger(one).alerts.claim(self._now(), self._now() + _LEASE, _AT_ONCE)
        )
        await asyncio.gather(*(self._tell(alert) for alert in due))
        return len(due)

    async def _tell(self, alert: Alert) -> None:
        problem = await self._post(alert)
        if problem is None:
            logger.info("alert.told event=%s id=%d", alert.event, alert.id)
        elif alert.attempts + 1 < _TRIES:
            logger.warning("alert.failed event=%s id=%d because=%s", alert.event, alert.id, problem)
            until = self._now() + min(_LONGEST_WAIT, _FIRST_WAIT * 2**alert.attempts)
            await self._database.write(lambda one: SqlLedger(one).alerts.put_off(alert.id, until))
            return
        else:
            logger.error("alert.given_up event=%s id=%d because=%s", alert.event, alert.id, problem)
        await self._database.write(lambda one: SqlLedger(one).alerts.drop(alert.id))

    async def _post(self, alert: Alert) -> str | None:
        """Post one; return what went wrong, if anything did."""
        body = body_of(alert)
        headers = {"Content-Type": "application/json", SIGNATURE: signed(body, self._secret)}
        try:
            async with self._open().post(
                self._address, data=body, headers=headers, allow_redirects=False
            ) as response:
                return None if response.status // 100 == 2 else str(response.status)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            return type(error).__name__

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        return self._session

    def _now(self) -> datetime:
        return self._clock.now()

    async def close(self) -> None:
        """Close the kept connection."""
        if self._session is not None:
            await self._session.close()


def body_of(alert: Alert) -> bytes:
    """Return what is posted: ids, times and words of ours, never what people wrote."""
    told = {
        "id": alert.id,
        "event": alert.event,
        "because": alert.because,
        "since": alert.since.isoformat().replace("+00:00", "Z"),
        "account": f"{alert.channel}:{alert.account_id}",
        "contact": alert.contact_id,
        "conversation": alert.conversation_id,
    }
    return json.dumps(told).encode()


def signed(body: bytes, secret: str) -> str:
    """Return the signature of a body: ``sha256=`` and the HMAC in hexadecimal digits."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
