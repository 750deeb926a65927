"""Have Rasa say a follow-up: a turn of the same conversation, so that the bot knows of it."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import aiohttp

from overture.dispatcher import Outcome
from overture.services.follow_up import Ticket

#: Intent that every kind of follow-up triggers.
INTENT = "EXTERNAL_follow_up"
#: Channels that answer requests and reach nobody outside of one.
_ANSWERING = frozenset({"rest", "cmdline"})
_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)


class RasaSpeaker:
    """Trigger the follow-up intent over Rasa's HTTP API."""

    def __init__(self, url: str, token: str = "") -> None:
        self._url = url
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def say(self, ticket: Ticket) -> Outcome:
        """Run the turn of one ticket; never raises."""
        if ticket.channel in _ANSWERING:
            return Outcome(what="silent", because=f"{ticket.channel} only answers requests")
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        conversation = quote(ticket.conversation_id, safe="")
        query = {"output_channel": ticket.channel}
        if self._token:
            query["token"] = self._token
        try:
            async with self._session.post(
                f"{self._url}/conversations/{conversation}/trigger_intent",
                params=query,
                json={"name": INTENT, "entities": {"kind": ticket.kind}},
            ) as response:
                return _outcome(response.status, await _body(response))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            return Outcome(what="later", because=type(error).__name__)

    async def close(self) -> None:
        """Close the kept connections."""
        if self._session is not None:
            await self._session.close()


async def _body(response: aiohttp.ClientResponse) -> Any:
    try:
        return await response.json(content_type=None)
    except ValueError:
        return None


def _outcome(status: int, body: Any) -> Outcome:
    if status == 200 and isinstance(body, dict):
        if "messages" in body:  # a collecting channel took it: nobody got it
            return Outcome(what="silent", because="Rasa has no channel of that name")
        return Outcome(what="said")
    if status == 404:
        return Outcome(what="silent", because=f"Rasa does not know {INTENT}")
    return Outcome(what="later", because=f"Rasa answered {status}")
