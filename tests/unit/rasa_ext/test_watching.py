"""An action that failed is noticed, though Rasa goes on as if it had said nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import ClientError, web
from rasa.utils.endpoints import EndpointConfig

from overture.rasa_ext.watching import WatchedActions


@asynccontextmanager
async def answering(status: int) -> AsyncIterator[EndpointConfig]:
    """Serve an action server that always answers the same."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"events": [], "responses": []}, status=status)

    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield EndpointConfig(f"http://127.0.0.1:{port}/webhook")
    finally:
        await runner.cleanup()


async def call(endpoint: EndpointConfig) -> None:
    """Call an action as Rasa does, which goes on after an error."""
    with suppress(ClientError):
        await endpoint.request(json={}, method="post")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, []),
        (400, []),  # the action says no
        (404, []),  # there is no such action
        (500, ["ClientResponseError"]),
    ],
)
async def test_an_error_of_the_action_server_is_noted(status: int, expected: list[str]) -> None:
    """An answer is none, whatever it says."""
    actions = WatchedActions()
    async with answering(status) as endpoint:
        actions.watch(endpoint)
        actions.watch(endpoint)
        failed = actions.begin()
        await call(endpoint)
        assert failed == expected


async def test_a_server_that_is_gone_is_noted_for_each_turn_alone() -> None:
    """Turns run side by side, each with a list of its own."""
    actions = WatchedActions()
    async with answering(200) as endpoint:
        actions.watch(endpoint)
    first = actions.begin()
    await call(endpoint)
    second = actions.begin()
    assert (first, second) == (["ClientConnectorError"], [])
