"""The Sanic application of the console, put together from its parts."""

from __future__ import annotations

from collections.abc import Sequence

from sanic import Blueprint, Sanic
from sanic.config import Config
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from overture.clock import Clock, SystemClock
from overture.console import accounts, conversation, follow_ups, guard, inbox, metrics
from overture.console.access import Access
from overture.console.desk import Desk, Lint
from overture.console.rendering import Templates, file
from overture.framing import SoundRequest
from overture.use_cases import UseCases

#: Forms are small.
_LARGEST_BODY = 64_000


def create_app(
    parts: UseCases,
    access: Access,
    *,
    lint: Lint = lambda persona_id: None,
    intents: Sequence[str] = (),
    wall: Clock | None = None,
) -> Sanic:
    """Return the application; nothing runs before its server starts.

    Args:
        parts: the use cases of the deployment.
        access: where it listens and who may use it.
        lint: counts the findings about a persona.
        intents: what a message can be said to mean.
        wall: tells how old a session is; the machine's clock unless a test brings its own.
    """
    app = Sanic(
        "overture_console",
        config=_sanic_config(),
        configure_logging=False,
        request_class=SoundRequest,
    )
    desk = Desk(parts=parts, access=access, templates=Templates(), lint=lint, intents=intents)
    clock = wall or SystemClock()
    guard.install(app, desk, clock)
    app.blueprint(_files())
    app.blueprint(guard.sign_in(desk, clock))
    for routes in (inbox, conversation, follow_ups, accounts, metrics):
        app.blueprint(routes.blueprint(desk))
    return app


def serve(app: Sanic, access: Access) -> None:
    """Serve until SIGINT or SIGTERM."""
    app.run(host=access.host.strip("[]"), port=access.port, access_log=False, motd=False)


def _files() -> Blueprint:
    routes = Blueprint("console_files")

    async def static(request: Request, name: str) -> HTTPResponse:
        return file(name)

    async def health(request: Request) -> HTTPResponse:
        return json_response({"status": "ok"})

    routes.add_route(static, r"/static/<name:[a-z_]+\.(?:css|js|svg)>")
    routes.add_route(health, "/health")
    return routes


def _sanic_config() -> Config:
    settings: dict[str, str | bool | int | float | None] = {
        "REGISTER": False,
        "MOTD": False,
        "ACCESS_LOG": False,
        "GRACEFUL_SHUTDOWN_TIMEOUT": 1.0,
        "KEEP_ALIVE_TIMEOUT": 75,
        "REQUEST_MAX_SIZE": _LARGEST_BODY,
        "FALLBACK_ERROR_FORMAT": "text",
    }
    return Config(defaults=settings, env_prefix=None)
