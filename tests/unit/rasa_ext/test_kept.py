"""Calls of the action server go over connections that stay open."""

from __future__ import annotations

import gc
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from overture.rasa_ext import slim
from overture.rasa_ext.kept import KeptEndpoint
from tests.integration.house import free_port
from tests.unit.rasa_ext.test_slim import talk


@asynccontextmanager
async def server(port: int, seen: list):
    """Answer on a port, and note over which connection each call came."""

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.transport)
        return web.json_response(dict(request.headers))

    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield
    await runner.cleanup()


def endpoint(port: int, **more: object) -> KeptEndpoint:
    return KeptEndpoint(EndpointConfig(f"http://127.0.0.1:{port}/webhook", **more))


async def test_two_calls_share_a_connection():
    port, seen = free_port(), []
    async with server(port, seen):
        actions = endpoint(port)
        for _ in range(3):
            assert await actions.request(json={})
    assert len(seen) == 3
    assert len(set(map(id, seen))) == 1


async def test_a_server_that_came_back_is_called_again():
    port, seen = free_port(), []
    actions = endpoint(port)
    for _ in range(2):
        async with server(port, seen):
            assert await actions.request(json={})
    assert len(set(map(id, seen))) == 2


async def test_headers_and_passwords_go_along():
    port = free_port()
    password = {"username": "u", "password": "p"}
    async with server(port, []):
        heard = await endpoint(port, headers={"X-One": "1"}, basic_auth=password).request(json={})
    assert heard["X-One"] == "1"
    assert heard["Authorization"] == "Basic dTpw"


async def test_the_end_of_a_process_brings_no_complaint(recwarn):
    port = free_port()
    async with server(port, []):
        actions = endpoint(port)
        await actions.request(json={})
        del actions
        gc.collect()
    assert [str(one.message) for one in recwarn if "Unclosed" in str(one.message)] == []


@pytest.mark.parametrize("given", [None, EndpointConfig("http://127.0.0.1:9/webhook")])
def test_rasa_calls_an_action_over_the_kept_connection(given):
    actions = [RemoteAction("action_x", given) for _ in range(2)]
    for action in actions:
        slim._call_format(action, talk(1), Domain.empty())
    one, other = (action.action_endpoint for action in actions)
    assert one is other
    assert one == given
    assert given is None or isinstance(one, KeptEndpoint)
