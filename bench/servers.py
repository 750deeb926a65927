"""The servers webhooks are sent to, each started as a process: ``python -m bench.servers``."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bench.bodies import SECRET
from bench.models import quiet_environment
from bench.peering import ROOT
from overture.workers import settle_down
from tests.integration.house import ACCOUNTS, free_port, until


def bare() -> Sanic:
    """Return a server that only checks the signature: the raw limit."""
    app = Sanic("bare")

    @app.post("/webhooks/messenger/webhook")
    async def receive(request: Request) -> HTTPResponse:
        return response.text("ok", status=200 if _is_signed(request) else 403)

    return app


def rows(url: str) -> Sanic:
    """Return a server that checks the signature and stores the row of the message: the floor."""
    from bench.storing import Writer, row_of

    app = Sanic("rows")

    @app.listener("after_server_start")
    async def start(app: Sanic, _: object) -> None:
        app.ctx.writer = Writer(url)

    @app.post("/webhooks/messenger/webhook")
    async def receive(request: Request) -> HTTPResponse:
        if not _is_signed(request):
            return response.text("no", status=403)
        await request.app.ctx.writer.store(row_of(request.body))
        return response.text("ok")

    return app


def _is_signed(request: Request) -> bool:
    digest = hmac.new(SECRET.encode(), request.body, hashlib.sha256).hexdigest()
    given = request.headers.get("x-hub-signature-256", "").removeprefix("sha256=")
    return hmac.compare_digest(digest, given)


def overture(url: str) -> Sanic:
    """Return Overture's connector, storing what it accepts and running no turn."""
    from connectors.messenger import MessengerInput
    from overture.accounts import read_channel
    from overture.bootstrap import Runtime
    from overture.settings import Settings

    parts = Runtime(Settings.read({**os.environ, "OVERTURE_DATABASE_URL": url}))
    values = {
        "app_secrets": [SECRET],
        "verify_token": "verify",
        "accounts": [{"id": ACCOUNTS["messenger"], "access_token": "t", "persona": "maestro"}],
    }
    config = read_channel("messenger", values, file="bench", path="messenger")

    class Storing(MessengerInput):
        async def start(self, app: Sanic, on_new_message: Callable[..., Awaitable[Any]]) -> None:
            """Run no turns; what was loaded is kept out of collections, as in the product."""
            settle_down()

    async def nobody(_: Any) -> None:
        """Take a message that never comes."""

    app = Sanic("overture")
    routes = Storing(config, parts).blueprint(nobody)
    app.blueprint(routes, url_prefix="/webhooks/messenger")
    return app


def facebook(model: str, graph: str) -> Sanic:
    """Return Rasa's own channel for Messenger with a stock agent behind it."""
    from rasa.core.agent import Agent
    from rasa.core.channels import facebook as channel

    client = channel.MessengerClient

    def local_client(token: str) -> Any:
        made = client(token)
        made.graph_url = f"{graph}/v2.12"
        return made

    channel.MessengerClient = local_client
    agent = Agent.load(model)
    app = Sanic("facebook")
    routes = channel.FacebookInput("verify", SECRET, "t").blueprint(agent.handle_message)
    app.blueprint(routes, url_prefix="/webhooks/facebook")
    return app


def graph(milliseconds: str) -> Sanic:
    """Return a stand-in for the Graph API that takes its time."""
    app = Sanic("graph")

    @app.post("/<path:path>")
    async def take(_: Request, path: str) -> HTTPResponse:
        await asyncio.sleep(float(milliseconds) / 1e3)
        return response.json({"recipient_id": "1", "message_id": "m_1"})

    return app


_SERVERS = {"bare": bare, "rows": rows, "overture": overture, "facebook": facebook, "graph": graph}


@contextmanager
def started(name: str, *arguments: object) -> Iterator[int]:
    """Start a server and give the port it listens on."""
    port = free_port()
    command = [sys.executable, "-m", "bench.servers", name, str(port), *map(str, arguments)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=quiet_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: _listens(port, process), f"server {name}", 90)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        raise RuntimeError("the server ended before it listened")
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def main() -> None:
    """Serve until killed."""
    logging.disable(logging.ERROR)
    name, port, *arguments = sys.argv[1:]
    app = _SERVERS[name](*arguments)  # type: ignore[operator]
    app.run("127.0.0.1", int(port), access_log=False, debug=False)


if __name__ == "__main__":
    main()
