"""A console on a free port over a ledger of its own, and a browser's worth of cookies."""

from __future__ import annotations

import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from overture.console.access import Access
from overture.console.app import create_app
from tests.unit.console.house import House

_KEY = re.compile(r'name="form_key" value="([0-9a-f]{64})"')


@dataclass
class Visitor:
    """Use a running console as a browser does."""

    url: str
    session: aiohttp.ClientSession
    #: Status and headers of the last answer.
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **options: Any) -> str:
        async with self.session.get(f"{self.url}{path}", **options) as response:
            self.status, self.headers = response.status, dict(response.headers)
            return await response.text()

    async def post(self, path: str, *, seen: str = "", **fields: str) -> str:
        """Send a form; ``seen`` is the page it was on, whose key it carries."""
        found = _KEY.search(seen)
        if found:
            fields["form_key"] = found[1]
        async with self.session.post(f"{self.url}{path}", data=fields) as response:
            self.status, self.headers = response.status, dict(response.headers)
            return await response.text()

    async def submit(self, page: str, act: str, **fields: str) -> str:
        """Open a page and send one of its forms."""
        seen = await self.get(page)
        assert f'action="{page}/{act}"' in seen, f"{page} offers no {act}"
        return await self.post(f"{page}/{act}", seen=seen, **fields)


@pytest.fixture
def house(tmp_path):
    made = House(f"sqlite:///{tmp_path}/overture.db")
    yield made
    made.database.close()


@pytest.fixture
async def visitor(house: House) -> AsyncIterator[Visitor]:
    async for one in visiting(house):
        yield one


async def visiting(house: House, **access: Any) -> AsyncIterator[Visitor]:
    """Run a console on a free port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        app = create_app(house.parts, Access(port=port, **access))
        server = await app.create_server(sock=listening, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        await server.start_serving()
        jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            yield Visitor(f"http://127.0.0.1:{port}", session)
        await server.before_stop()
        server.close()
        await server.wait_closed()
