"""Webhooks on their way to the bot: signed, in order for each person, tried again when refused."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from overture.clock import Clock
from overture.sandbox.config import Account, SandboxConfig
from overture.sandbox.faults import Faults
from overture.sandbox.journal import Journal

logger = logging.getLogger(__name__)

_LONGEST_SHOWN = 2000


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One webhook to deliver."""

    account: Account
    #: Letters of one line are delivered one after the other.
    line: str
    #: What it is about, for the panel.
    kind: str
    user_id: str
    body: Mapping[str, Any]
    message_id: str = ""


class Postman:
    """Deliver webhooks to Rasa as Meta does."""

    def __init__(
        self, config: SandboxConfig, journal: Journal, faults: Faults, clock: Clock
    ) -> None:
        self._config = config
        self._journal = journal
        self._faults = faults
        self._clock = clock
        self._lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the connections."""
        timeout = aiohttp.ClientTimeout(total=self._config.webhook_timeout)
        self._session = aiohttp.ClientSession(timeout=timeout)

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def deliver(self, letter: Letter) -> bool:
        """Deliver a letter after those before it in its line; tell whether it got its 200."""
        raw = wire_bytes(letter.body)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": sign(raw, letter.account.app_secret),
        }
        async with self._lines[letter.line]:
            delivered = await self._try_often(letter, raw, headers)
            if delivered and self._faults.take("duplicate_webhooks", letter.account.channel):
                await self._post(letter, raw, headers, attempt=2)
        return delivered

    async def _try_often(self, letter: Letter, raw: bytes, headers: Mapping[str, str]) -> bool:
        for attempt, pause in enumerate((0.0, *self._config.retry_after), start=1):
            await asyncio.sleep(pause)
            if await self._post(letter, raw, headers, attempt) == 200:
                return True
        logger.warning(
            "webhook_given_up", extra={"channel": letter.account.channel, "kind": letter.kind}
        )
        return False

    async def _post(
        self, letter: Letter, raw: bytes, headers: Mapping[str, str], attempt: int
    ) -> int | None:
        path = f"/webhooks/{letter.account.channel}/webhook"
        status, answer, began = None, "", time.perf_counter()
        try:
            if self._session is None:
                return None
            url = self._config.rasa_url.rstrip("/") + path
            async with self._session.post(url, data=raw, headers=headers) as response:
                status, answer = response.status, await response.text()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as problem:
            answer = f"no answer: {type(problem).__name__}"
        self._journal.record(
            at=self._clock.now().isoformat(),
            direction="webhook",
            channel=letter.account.channel,
            kind=letter.kind,
            method="POST",
            path=path,
            status=status,
            milliseconds=round((time.perf_counter() - began) * 1000),
            user_id=letter.user_id,
            account_id=letter.account.id,
            message_id=letter.message_id,
            attempt=attempt,
            headers=headers,
            request=letter.body,
            response=answer[:_LONGEST_SHOWN],
        )
        return status


def wire_bytes(body: Mapping[str, Any]) -> bytes:
    r"""Return a body as Meta writes it: ASCII only, ``ä`` as ``\u00e4`` and ``/`` as ``\/``."""
    text = json.dumps(body, ensure_ascii=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode("ascii")


def sign(raw: bytes, app_secret: str) -> str:
    """Return the value of ``X-Hub-Signature-256`` for these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()
