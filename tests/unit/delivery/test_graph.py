"""The Graph client against a real server: what is sent, and what each ending means."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from overture.accounts import Account
from overture.delivery import graph
from overture.delivery.graph import Accepted, Ambiguous, GraphClient, Rejected
from overture.meta.signature import appsecret_proof
from tests.unit.delivery.rooms import config

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def platform(handler: Handler, **account: Any) -> AsyncIterator[GraphClient]:
    """Serve the Graph API with one handler; yield a client for it."""
    app = web.Application()
    app.router.add_post("/{tail:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    page = Account(id="601", access_token="the-token", **account)
    settings = config("messenger", graph_url=f"http://127.0.0.1:{port}", accounts={"601": page})
    client = GraphClient({"messenger": settings})
    yield client
    await client.close()
    await runner.cleanup()


def json(body: Any, status: int = 200, **headers: str) -> web.Response:
    """Return an answer of the platform."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response(body, status=status, headers=named)


@pytest.mark.parametrize("own", [None, "another-secret"])
async def test_a_call_carries_the_proof_and_never_the_token_in_its_address(
    own: str | None,
) -> None:
    """An account of another app has a secret of its own."""
    seen: list[web.Request] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request)
        return json({"recipient_id": "u1", "message_id": "m_1"})

    async with platform(handler, app_secret=own) as client:
        answer = await client.send("messenger", "601", {"message": {}})
    assert answer == Accepted(message_id="m_1")
    assert seen[0].path == "/v26.0/601/messages"
    assert seen[0].headers["Authorization"] == "Bearer the-token"
    assert "the-token" not in seen[0].path_qs
    assert seen[0].query["appsecret_proof"] == appsecret_proof("the-token", own or "secret")


async def test_usage_and_waits_are_read_from_the_headers() -> None:
    """The platform tells before it refuses."""
    usage = '{"call_count": 96, "total_time": 3, "total_cputime": 1}'

    async def handler(request: web.Request) -> web.Response:
        return json({"message_id": "m"}, x_app_usage=usage, retry_after="7")

    async with platform(handler) as client:
        answer = await client.send("messenger", "601", {})
    assert answer == Accepted(message_id="m", used=96.0, wait=7.0)


@pytest.mark.parametrize(
    ("status", "body", "action"),
    [
        (400, {"error": {"code": 190}}, "alarm"),
        (400, {"error": {"code": 10, "error_subcode": 2018278}}, "window_closed"),
        (429, {}, "wait"),
        (503, "down", "retry"),
        (200, {"error": {"code": 551}}, "stop_person"),
        (302, {"message_id": "m"}, "give_up"),
    ],
)
async def test_a_refusal_is_classified(status: int, body: Any, action: str) -> None:
    """Whatever the status says, an error is an error."""

    async def handler(request: web.Request) -> web.Response:
        return json(body, status)

    async with platform(handler) as client:
        answer = await client.send("messenger", "601", {})
    assert isinstance(answer, Rejected)
    assert answer.failure.action == action


async def test_a_redirect_is_not_followed() -> None:
    """Nothing of a message goes elsewhere, and a page found there is no yes."""
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    async with platform(handler) as client:
        answer = await client.send("messenger", "601", {})
    assert isinstance(answer, Rejected)
    assert seen == ["/v26.0/601/messages"]


@pytest.mark.parametrize("body", ["<html>", '["odd"]', ""])
async def test_a_yes_that_cannot_be_read_may_have_been_one(body: str) -> None:
    """What the platform has taken is not called refused."""

    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=body)

    async with platform(handler) as client:
        assert isinstance(await client.send("messenger", "601", {}), Ambiguous)


async def test_a_connection_that_breaks_after_the_request_is_ambiguous() -> None:
    """The platform may have taken the message."""

    async def handler(request: web.Request) -> web.StreamResponse:
        await request.read()
        assert request.transport is not None
        request.transport.close()
        await asyncio.sleep(0)
        return web.Response()

    async with platform(handler) as client:
        answer = await client.send("messenger", "601", {})
    assert isinstance(answer, Ambiguous)


async def test_a_connection_that_is_refused_was_surely_not_taken() -> None:
    """Nothing listens: it may be tried again."""
    settings = config("messenger", graph_url="http://127.0.0.1:9")
    client = GraphClient({"messenger": settings})
    answer = await client.send("messenger", "601", {})
    await client.close()
    assert isinstance(answer, Rejected)
    assert answer.failure.action == "retry"


async def test_a_platform_that_does_not_take_the_connection_did_not_take_the_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its queue is full and the handshake gets no answer: nothing was written."""
    monkeypatch.setattr(graph, "_TIMEOUT", aiohttp.ClientTimeout(total=5, sock_connect=0.2))
    with socket.socket() as full, contextlib.ExitStack() as others:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            other = others.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(full.getsockname())
        port = full.getsockname()[1]
        client = GraphClient(
            {"messenger": config("messenger", graph_url=f"http://127.0.0.1:{port}")}
        )
        answer = await client.send("messenger", "601", {})
        await client.close()
    assert isinstance(answer, Rejected)
    assert answer.failure.action == "retry"


async def test_an_account_that_is_not_configured_sends_nothing() -> None:
    """It may have been taken out of the file with messages waiting."""
    client = GraphClient({})
    answer = await client.send("messenger", "601", {})
    assert isinstance(answer, Rejected)
    assert answer.failure.action == "config"


async def test_a_persona_is_made_and_its_id_returned() -> None:
    """Messenger's Personas API."""
    seen: list[Any] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append((request.path, await request.json()))
        return json({"id": "77"})

    async with platform(handler) as client:
        made = await client.make_persona("601", "The Maestro", None)
    assert made == "77"
    assert seen == [("/v26.0/601/personas", {"name": "The Maestro"})]


@pytest.mark.parametrize(("page_id", "expected"), [(None, "601"), ("5005", "5005")])
async def test_an_instagram_account_of_a_page_sends_under_the_pages_id(
    page_id: str | None, expected: str
) -> None:
    """Webhooks name the Instagram account, the Graph API the Page whose token is used."""
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.path)
        return json({"recipient_id": "u1", "message_id": "m_1"})

    async with platform(handler, page_id=page_id) as client:
        await client.send("messenger", "601", {"recipient": {"id": "u1"}})
    assert seen == [f"/v26.0/{expected}/messages"]
