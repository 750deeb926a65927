"""The page itself: files of the package, served with a strict content policy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sanic import Blueprint
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, raw, redirect
from sanic.response import json as json_response

from overture.sandbox.config import CHANNELS
from overture.sandbox.exchange import Exchange

STATIC = Path(__file__).parent / "static"
MEDIA = STATIC / "media"
TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".wav": "audio/wav",
}
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data: http://127.0.0.1:* http://localhost:*; "
        "media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def blueprint(exchange: Exchange) -> Blueprint:
    """Return the routes of the page, its files and the liveness check."""
    routes = Blueprint("sandbox_page")

    async def index(request: Request) -> HTTPResponse:
        return _file(STATIC / "index.html")

    async def static(request: Request, name: str) -> HTTPResponse:
        return _file(STATIC / name)

    async def media(request: Request, name: str) -> HTTPResponse:
        return _file(MEDIA / name)

    async def open_link(request: Request, channel: str, ref: str) -> HTTPResponse:
        if channel not in CHANNELS or exchange.config.persona_of_ref(ref) is None:
            raise NotFound("no such link")
        return redirect(f"/#open={channel}:{ref}")

    async def health(request: Request) -> HTTPResponse:
        return json_response({"status": "ok", "now": exchange.clock.now().isoformat()})

    routes.add_route(index, "/")
    routes.add_route(static, r"/static/<name:[a-z_]+\.(?:css|js|svg)>")
    routes.add_route(media, r"/sandbox/media/<name:[a-z]+\.(?:jpg|svg|wav)>")
    routes.add_route(open_link, "/open/<channel:str>/<ref:str>")
    routes.add_route(health, "/health")
    return routes


def _file(path: Path) -> HTTPResponse:
    if not path.is_file():
        raise NotFound("no such file")
    return raw(path.read_bytes(), content_type=TYPES[path.suffix], headers=dict(HEADERS))
