"""A sandbox on a free port, a stub for Rasa that records, and a clock that a test moves."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from overture.clock import FakeClock
from overture.sandbox.app import create_app
from overture.sandbox.config import PersonaEntry, SandboxConfig, standalone_accounts

START = datetime(2026, 3, 2, 18, 0, tzinfo=timezone.utc)
PERSON = {
    "messenger": "24680000000001001",
    "instagram": "17840000000002001",
    "whatsapp": "12025550101",
}


@dataclass
class StubRasa:
    """Stand where Rasa stands: record what arrives, answer with what a test asks for."""

    #: Raw body, headers and parsed body of every webhook, in order.
    received: list[tuple[bytes, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    #: HTTP statuses of the next answers; 200 afterwards.
    answers: list[int] = field(default_factory=list)
    url: str = ""

    async def webhook(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.received.append((raw, dict(request.headers), json.loads(raw)))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, _, body in self.received]

    async def wait_for(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many webhooks have arrived."""
        await until(lambda: len(self.received) >= count)
        return self.bodies


@dataclass
class Driver:
    """Drive a running sandbox as the page and a bot would."""

    url: str
    session: aiohttp.ClientSession
    clock: FakeClock
    rasa: StubRasa
    config: SandboxConfig
    app: Any

    async def post(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(f"{self.url}/sandbox/{path}", json=body) as response:
            return response.status, await response.json()

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        async with self.session.get(f"{self.url}/sandbox/{path}", params=query) as response:
            return await response.json()

    async def say(self, channel: str, **wish: Any) -> dict[str, Any]:
        status, answer = await self.post("say", channel=channel, wait=True, **wish)
        assert status == 200, answer
        return answer

    async def graph(
        self, channel: str, body: dict[str, Any], *, path: str = "me/messages", token: str = ""
    ) -> tuple[int, dict[str, Any]]:
        account = self.config.account(channel)
        headers = {"Authorization": f"Bearer {token or account.access_token}"}
        url = f"{self.url}/v26.0/{path}"
        async with self.session.post(url, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def send(self, channel: str, text: str = "Hello") -> tuple[int, dict[str, Any]]:
        return await self.graph(channel, text_message(channel, text))

    async def transcript(self, channel: str, **query: str) -> list[dict[str, Any]]:
        return (await self.get("transcript", channel=channel, **query))["messages"]


async def until(condition: Any, seconds: float = 5.0) -> None:
    """Poll until something holds; fail when it does not within the deadline."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


def text_message(channel: str, text: str = "Hello", user_id: str = "") -> dict[str, Any]:
    to = user_id or PERSON[channel]
    if channel == "whatsapp":
        body = {"type": "text", "text": {"body": text}}
        return {"messaging_product": "whatsapp", "to": to, **body}
    return {"recipient": {"id": to}, "messaging_type": "RESPONSE", "message": {"text": text}}


def signature(raw: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


@pytest.fixture
async def rasa() -> AsyncIterator[StubRasa]:
    stub = StubRasa()
    app = web.Application()
    app.router.add_post("/webhooks/{channel}/webhook", stub.webhook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield stub
    await runner.cleanup()


@pytest.fixture
def config(rasa: StubRasa) -> SandboxConfig:
    return SandboxConfig(
        accounts=standalone_accounts(),
        personas=(
            PersonaEntry(id="maestro", name="The Maestro of Movie Magic", ref="maestro"),
            PersonaEntry(id="chef", name="The Patient Chef", ref="chef"),
        ),
        rasa_url=rasa.url,
        demo=True,
        status_delay=0.0,
        retry_after=(0.01, 0.01),
    )


@pytest.fixture
async def sandbox(config: SandboxConfig, rasa: StubRasa) -> AsyncIterator[Driver]:
    async for driver in running(config, rasa):
        yield driver


async def running(
    config: SandboxConfig, rasa: StubRasa, clock: Any = None, **ports: Any
) -> AsyncIterator[Driver]:
    """Run a sandbox on a free port."""
    numbers = itertools.count(1)
    clock = clock or FakeClock(START)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = replace(config, port=listening.getsockname()[1])
        app = create_app(config, clock, ids=lambda: f"{next(numbers):024x}", **ports)
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        await server.start_serving()
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{config.port}"
            yield Driver(url, session, clock, rasa, config, app)
        await server.before_stop()
        server.close()
        await server.wait_closed()
