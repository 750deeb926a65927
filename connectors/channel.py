"""The base of the three channels: bytes, verify, parse everything, store, 200, then work.

A channel is a subclass with a name. What differs on the wire is in ``overture.meta``; what
is done with it is in ``overture.delivery``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from connectors.bodies import decode, read_body
from connectors.deletion import add_routes
from overture.accounts import ChannelConfig, read_channel
from overture.bootstrap import Runtime, runtime
from overture.errors import StoreUnavailable
from overture.framing import SoundRequest
from overture.meta import inbound, signature, verification, wire
from overture.rasa_ext.outputs import ProactiveOutput
from overture.rasa_ext.turn import RasaTurn

logger = logging.getLogger(__name__)

#: Bytes of a webhook body; Meta sends at most 3 MB.
MAX_BODY = 4 * 1024 * 1024


class MetaInput(InputChannel):
    """Receive the webhooks of one app."""

    #: Name of the channel, in its URL and in conversation ids.
    channel = ""

    def __init__(self, config: ChannelConfig, parts: Runtime | None = None) -> None:
        self.config = config
        self._secrets = config.secrets
        self.runtime = parts or runtime()
        self.runtime.add_channel(config)

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return cls.channel

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> MetaInput:
        """Build the channel from its block in ``credentials.yml``.

        Raises:
            ConfigurationError: names the full path of a wrong or missing key.
        """
        path = f"{cls.__module__}.{cls.__qualname__}"
        config = read_channel(cls.channel, credentials, file="credentials.yml", path=path)
        return cls(config)

    def get_output_channel(self) -> OutputChannel:
        """Return the way out for what nobody asked for: nothing leaves without a permit."""
        return ProactiveOutput(self.channel, self.runtime.proactive)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes of this channel."""
        routes = Blueprint(f"overture_{self.channel}", __name__)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            return self.verify(request)

        @routes.post("/webhook", stream=True)
        async def receive(request: Request) -> HTTPResponse:
            return await self.receive(request)

        add_routes(routes, self)

        @routes.listener("before_server_start")
        async def refuse_unsound(app: Sanic, _: Any) -> None:
            app.request_class = SoundRequest

        @routes.listener("after_server_start")
        async def start(app: Sanic, _: Any) -> None:
            await self.start(app, on_new_message)

        return routes

    def verify(self, request: Request) -> HTTPResponse:
        """Answer the handshake: the challenge for the right token, else 403."""
        query = {name: request.args.get(name) for name in request.args}
        answer = verification.challenge_answer(query, self.config.verify_token)
        return response.text(answer) if answer is not None else response.text("", status=403)

    async def receive(self, request: Request) -> HTTPResponse:
        """Store one webhook; what is skipped is acknowledged too.

        Raises:
            PayloadTooLarge: Sanic answers 413, without reading the rest.
        """
        raw = await read_body(request, MAX_BODY)
        signed = request.headers.get("x-hub-signature-256")
        if not signature.verify(raw, signed, self._secrets):
            logger.warning("webhook.refused channel=%s", self.channel)
            return response.text("", status=403)
        try:
            body = decode(raw)
        except wire.Unreadable:
            logger.warning("webhook.unreadable channel=%s", self.channel)
            return response.text("EVENT_RECEIVED")
        try:
            await self.runtime.intake.accept(self.config, inbound.parse(self.channel, body))
        except StoreUnavailable:
            return response.text("", status=503)
        return response.text("EVENT_RECEIVED")

    async def start(
        self, app: Sanic, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> None:
        """Begin to work off messages, with those a process before us has left."""
        turn = RasaTurn(self.runtime, self.config, on_new_message, app)
        self.runtime.turns.run_turn[self.channel] = turn.run
        self.runtime.turns.drop_history = self.runtime.drop_history
        await self.runtime.announce(self.config)
        if not hasattr(app.ctx, "overture_keeper"):
            app.ctx.overture_keeper = asyncio.ensure_future(self.runtime.keep_working())
