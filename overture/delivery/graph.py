"""The client of the Graph API: one kept session for each process, timeouts on every call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from overture.accounts import ChannelConfig
from overture.meta import errors, outbound, signature, usage, wire

#: Seconds for a whole call, with the wait for a free connection; and to connect.
_TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5)


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """Say that the platform took a message; not yet that it arrived."""

    message_id: str | None
    #: Highest share of an allowance that is used, in percent, if the platform told.
    used: float | None = None
    #: Seconds the platform asked to wait before the next call, if it did.
    wait: float | None = None


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """Say that the platform surely did not take a message."""

    failure: errors.Failure


@dataclass(frozen=True, kw_only=True)
class Ambiguous:
    """Say that nobody knows whether the platform took a message."""

    because: str


Answer = Accepted | Rejected | Ambiguous


@dataclass(frozen=True)
class _Reply:
    """Hold what came back from the Graph API."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass
class _Attempt:
    """Know whether anything of a call may have reached the platform."""

    written: bool = False


class GraphClient:
    """Call the Graph API for the accounts of all channels."""

    def __init__(self, channels: Mapping[str, ChannelConfig]) -> None:
        self._channels = channels
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def send(self, channel: str, account_id: str, body: Mapping[str, Any]) -> Answer:
        """Post one body to an account's messages.

        A call that failed before anything was written is rejected; one that failed later is
        ambiguous.
        """
        reply = await self._post(channel, account_id, "messages", body)
        return _answer(channel, reply) if isinstance(reply, _Reply) else reply

    async def make_persona(
        self, account_id: str, name: str, picture: str | None
    ) -> str | Rejected | Ambiguous:
        """Make a name, with a picture, under which a page can speak; return its id."""
        body = {"name": name} | ({"profile_picture_url": picture} if picture else {})
        reply = await self._post("messenger", account_id, "personas", body)
        if not isinstance(reply, _Reply):
            return reply
        made = wire.identifier(wire.mapping(reply.body).get("id"))
        return made or Rejected(failure=_failure("messenger", reply))

    async def _post(
        self, channel: str, account_id: str, edge: str, body: Mapping[str, Any]
    ) -> _Reply | Rejected | Ambiguous:
        config = self._channels.get(channel)
        account = config.accounts.get(account_id) if config else None
        if config is None or account is None:
            return Rejected(failure=_not_sent("config", "no such account in credentials.yml"))
        attempt = _Attempt()
        node = account.page_id or account_id
        proof = signature.appsecret_proof(account.access_token, config.secret_of(account))
        try:
            async with self._open().post(
                f"{config.graph_url}/{config.graph_version}/{node}/{edge}",
                json=dict(body),
                params={"appsecret_proof": proof},
                headers={"Authorization": f"Bearer {account.access_token}"},
                trace_request_ctx=attempt,
                allow_redirects=False,  # a message followed elsewhere would be no message
            ) as response:
                raw = await response.read()
                return _Reply(response.status, response.headers, _decoded(raw))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            if not attempt.written:
                return Rejected(failure=_not_sent("retry", type(error).__name__))
            return Ambiguous(because=type(error).__name__)

    def _open(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.closed or self._loop is not loop:
            trace = aiohttp.TraceConfig()
            # aiohttp 3.9 asks for a function of functions here; its own examples pass this one.
            trace.on_request_headers_sent.append(_note_writing)  # type: ignore[arg-type]
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT, trace_configs=[trace])
            self._loop = loop
        return self._session

    async def close(self) -> None:
        """Close the kept connections."""
        if self._session is not None:
            await self._session.close()


async def _note_writing(session: Any, context: Any, params: Any) -> None:
    """Note that a call is about to be written: whatever happens now, it may have arrived."""
    context.trace_request_ctx.written = True


def _decoded(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _answer(channel: str, reply: _Reply) -> Answer:
    if reply.status < 300 and not isinstance(reply.body, dict):
        return Ambiguous(because="taken, with an answer that cannot be read")
    if reply.status < 300 and "error" not in reply.body:
        return Accepted(
            message_id=outbound.sent_from(reply.body).message_id,
            used=usage.usage_percent(reply.headers),
            wait=usage.wait_named_in(reply.headers),
        )
    return Rejected(failure=_failure(channel, reply))


def _failure(channel: str, reply: _Reply) -> errors.Failure:
    return errors.classify(channel, reply.status, reply.body, reply.headers)


def _not_sent(action: str, meaning: str) -> errors.Failure:
    """Describe a call that never reached the platform."""
    return errors.Failure(
        code=None,
        subcode=None,
        trace_id=None,
        action=action,
        meaning=meaning,
        retry_after=2.0,
        tries=8,
        grows=2,
    )
