"""The Sanic application of the stand-in, put together from its parts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sanic import Sanic
from sanic.config import Config

from overture.sandbox import control, graph, page
from overture.sandbox.config import SandboxConfig
from overture.sandbox.exchange import Exchange, Why, WindableClock

#: The platform takes 3 MB; a bot that sends more is told so by the stand-in too.
_LARGEST_BODY = 3_000_000


def create_app(
    config: SandboxConfig,
    clock: WindableClock,
    *,
    why: Why | None = None,
    ids: Callable[[], str] = lambda: secrets.token_hex(12),
) -> Sanic:
    """Return the application; nothing runs before its server starts.

    Args:
        config: accounts, personas, addresses.
        clock: the clock of the windows and of all timestamps.
        why: answers the page's "Why?"; None when the sandbox runs alone.
        ids: makes the part of message ids and trace ids that differs.
    """
    app = Sanic("overture_sandbox", config=_sanic_config(), configure_logging=False)
    exchange = Exchange(config, clock, ids=ids, why=why)
    app.ctx.exchange = exchange
    for routes in (page, control, graph):
        app.blueprint(routes.blueprint(exchange))

    async def start(app: Sanic, loop: Any) -> None:
        await exchange.start()

    async def stop(app: Sanic, loop: Any) -> None:
        await exchange.stop()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "before_server_stop")
    return app


def serve(app: Sanic, config: SandboxConfig) -> None:
    """Serve until SIGINT or SIGTERM."""
    app.run(host=config.host, port=config.port, access_log=False, motd=False)


def _sanic_config() -> Config:
    settings: dict[str, str | bool | int | float | None] = {
        "REGISTER": False,
        "MOTD": False,
        "ACCESS_LOG": False,
        "GRACEFUL_SHUTDOWN_TIMEOUT": 1.0,
        "KEEP_ALIVE_TIMEOUT": 75,
        "REQUEST_MAX_SIZE": _LARGEST_BODY,
        "FALLBACK_ERROR_FORMAT": "json",
    }
    return Config(defaults=settings, env_prefix=None)
