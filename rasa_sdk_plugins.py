"""Found by ``rasa run actions``: starts the dispatcher, and the alarm, inside the action server."""

from __future__ import annotations

import asyncio
from typing import Any

import pluggy
from sanic import Sanic

from overture.framing import SoundRequest

hookimpl = pluggy.HookimplMarker("rasa_sdk")


def init_hooks(manager: pluggy.PluginManager) -> None:
    """Register with the action server."""
    manager.register(DispatcherPlugin())


class DispatcherPlugin:
    """Run a dispatcher and an alarm for as long as the action server runs."""

    @hookimpl
    def attach_sanic_app_extensions(self, app: Sanic) -> None:
        """Start and stop them with the server."""
        app.request_class = SoundRequest
        app.register_listener(_start, "after_server_start")
        app.register_listener(_stop, "before_server_stop")


async def _start(app: Sanic, _: Any) -> None:
    from overture.bootstrap import make_alarm, make_dispatcher, runtime  # not at import: it builds
    from overture.workers import settle_down

    parts = runtime()
    parts.warm_up()
    settle_down()
    dispatcher = make_dispatcher(parts, parts.settings)
    app.ctx.overture_dispatcher = asyncio.ensure_future(dispatcher.run())
    app.ctx.overture_alarm = asyncio.ensure_future(make_alarm(parts, parts.settings).run())


async def _stop(app: Sanic, _: Any) -> None:
    app.ctx.overture_dispatcher.cancel()
    app.ctx.overture_alarm.cancel()
