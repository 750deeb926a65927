"""The real routes of a channel on a real server, with a runtime of one process behind them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
from sanic import Sanic

from connectors.instagram import InstagramInput
from connectors.messenger import MessengerInput
from connectors.whatsapp import WhatsAppInput
from overture.accounts import ChannelConfig
from overture.meta.signature import sign
from overture.settings import Settings
from tests.unit.delivery.rooms import Rooms, config

CLASSES = {"messenger": MessengerInput, "instagram": InstagramInput, "whatsapp": WhatsAppInput}
_names = count(1)


class FakeRuntime:
    """Offer the parts of a process that a connector uses."""

    def __init__(self, rooms: Rooms, variables: dict[str, str] | None = None) -> None:
        self.rooms = rooms
        self.settings = Settings.read(variables or {})
        self.clock, self.deployment = rooms.clock, rooms.deployment
        self.intake, self.turns, self.graph = rooms.intake, rooms.turns, rooms.graph
        self.proactive, self.trackers = None, None
        self.announced: list[str] = []

    def add_channel(self, config: ChannelConfig) -> None:
        """Take note of nothing."""

    async def announce(self, config: ChannelConfig) -> None:
        """Remember which channels began."""
        self.announced.append(config.channel)

    async def keep_working(self) -> None:
        """Have nothing else to do."""

    def drop_history(self, conversation_id: str) -> None:
        """Remember what was dropped."""
        self.rooms.dropped.append(conversation_id)

    async def write(self, work: Any) -> Any:
        """Change the ledger."""
        from overture.store.sql import SqlLedger

        return await self.rooms.database.write(lambda one: work(SqlLedger(one)))

    async def read(self, work: Any) -> Any:
        """Read the ledger."""
        from overture.store.sql import SqlLedger

        return await self.rooms.database.read(lambda one: work(SqlLedger(one)))


@dataclass
class Served:
    """Call the routes of one channel."""

    rooms: Rooms
    channel: str
    base: str
    session: aiohttp.ClientSession
    secret: str = "secret"

    async def post(self, raw: bytes, signed: str | None = "", path: str = "webhook") -> int:
        """Post a body and return the status; signed well unless told otherwise."""
        signature = sign(raw, self.secret) if signed == "" else signed
        headers = {"X-Hub-Signature-256": signature} if signature is not None else {}
        url = f"{self.base}/{path}"
        async with self.session.post(url, data=raw, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def get(self, path: str, **query: str) -> tuple[int, str]:
        """Get a page."""
        async with self.session.get(f"{self.base}/{path}", params=query) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def served(
    rooms: Rooms, channel: str, variables: dict[str, str] | None = None, **overrides: Any
) -> AsyncIterator[Served]:
    """Serve one channel as Rasa does."""
    runtime = FakeRuntime(rooms, variables)
    connector = CLASSES[channel](config(channel, **overrides), runtime)  # type: ignore[arg-type]

    async def no_rasa(message: Any) -> None:
        raise AssertionError("turns are played by the rooms")

    Sanic.test_mode = True  # lets a process start more than one server
    app = Sanic(f"served_{next(_names)}", configure_logging=False)
    app.blueprint(connector.blueprint(no_rasa), url_prefix=f"/webhooks/{channel}")
    listening = socket.create_server(("127.0.0.1", 0))  # Sanic would take port 0 for 8000
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    rooms.turns.run_turn[channel] = rooms.run_turn
    port = listening.getsockname()[1]
    async with aiohttp.ClientSession() as session:
        yield Served(rooms, channel, f"http://127.0.0.1:{port}/webhooks/{channel}", session)
    server.close()
    await asyncio.wait_for(server.wait_closed(), 5)
