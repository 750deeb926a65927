"""What happens before a page: the right host, a session, and forms that we made ourselves."""

from __future__ import annotations

import asyncio
import logging
import traceback
from urllib.parse import urlsplit

from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, text

from overture.clock import Clock
from overture.console.desk import Desk, go_to
from overture.errors import StoreUnavailable

logger = logging.getLogger(__name__)

#: Reached without signing in.
_OPEN = ("/health", "/sign-in")
#: Seconds a wrong token costs.
_PENALTY = 1.0

_PROBLEMS = {
    403: "This form is too old or was not made here. Go back, load the page again and retry.",
    404: "There is nothing at this address. It may have been erased.",
    503: "The database does not answer. Nothing was changed.",
}


def install(app: Sanic, desk: Desk, clock: Clock) -> None:
    """Put the guard before and behind every route.

    Args:
        clock: tells how old a session is; the machine's, also in a demo.
    """
    access = desk.access

    async def admit(request: Request) -> HTTPResponse | None:
        if not access.is_host(request.host):
            return text("This console is for the machine it runs on.", status=421)
        if request.path in _OPEN[:1] or request.path.startswith("/static/"):
            return None
        cookie = request.cookies.get(access.cookie, "")
        request.ctx.session = cookie if access.is_session(cookie, clock.now()) else None
        if request.ctx.session is None and not _bears_token(request, desk):
            return _admit_newcomer(request, desk, clock)
        return _check_form(request, desk)

    async def keep(request: Request, response: BaseHTTPResponse) -> HTTPResponse | None:
        fresh = getattr(request.ctx, "fresh", None)
        if fresh is not None:
            _set_cookie(request, response, access.cookie, fresh)
        return None

    app.register_middleware(admit, "request")
    app.register_middleware(keep, "response")
    app.error_handler.add(Exception, lambda request, problem: _problem(request, problem, desk))


def _bears_token(request: Request, desk: Desk) -> bool:
    """Return whether a script shows the token; it has no cookie that others could use."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return kind == "Bearer" and desk.access.is_token(token)


def _admit_newcomer(request: Request, desk: Desk, clock: Clock) -> HTTPResponse | None:
    if request.path in _OPEN:
        return None if _is_ours(request) else _refused(request, desk)
    if desk.access.token:
        return go_to("/sign-in")
    if request.method == "POST":
        return _refused(request, desk)
    request.ctx.session = request.ctx.fresh = desk.access.open_session(clock.now())
    return None


def _check_form(request: Request, desk: Desk) -> HTTPResponse | None:
    if request.method in {"GET", "HEAD"} or request.ctx.session is None:
        return None
    key = (request.form.get("form_key") if request.form else None) or ""
    if _is_ours(request) and desk.access.is_form_key(request.ctx.session, key):
        return None
    return _refused(request, desk)


def _is_ours(request: Request) -> bool:
    """Return whether a browser says that a request comes from a page of ours, or says nothing."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _refused(request: Request, desk: Desk) -> HTTPResponse:
    return desk.page(request, "problem.html", 403, status_code=403, problem=_PROBLEMS[403])


def _set_cookie(request: Request, response: BaseHTTPResponse, name: str, value: str) -> None:
    response.cookies[name] = value
    response.cookies[name]["path"] = "/"
    response.cookies[name]["httponly"] = True
    response.cookies[name]["samesite"] = "Lax"
    if request.scheme == "https":
        response.cookies[name]["secure"] = True


def _problem(request: Request, problem: Exception, desk: Desk) -> HTTPResponse:
    """Answer with what went wrong; log where, never the values, which may hold people's words."""
    status = 503 if isinstance(problem, StoreUnavailable) else 500
    if isinstance(problem, SanicException):
        status = getattr(problem, "status_code", 500)
    if status >= 500:
        where = "".join(traceback.format_tb(problem.__traceback__)[-4:])
        logger.error("console.failed error=%s\n%s", type(problem).__name__, where)
    words = _PROBLEMS.get(status, "Something went wrong here. Nothing was changed.")
    return desk.page(request, "problem.html", status, status_code=status, problem=words)


def sign_in(desk: Desk, clock: Clock) -> Blueprint:
    """Return the routes to sign in and out."""
    routes = Blueprint("console_sign_in")

    async def form(request: Request) -> HTTPResponse:
        return desk.page(request, "sign_in.html", wrong=False)

    async def check(request: Request) -> HTTPResponse:
        if not desk.access.is_token((request.form.get("token") or "").strip()):
            await asyncio.sleep(_PENALTY)
            return desk.page(request, "sign_in.html", 401, wrong=True)
        request.ctx.fresh = desk.access.open_session(clock.now())
        return go_to("/")

    async def leave(request: Request) -> HTTPResponse:
        request.ctx.fresh = ""
        return go_to("/sign-in?done=signed-out")

    routes.add_route(form, "/sign-in", methods=["GET"])
    routes.add_route(check, "/sign-in", methods=["POST"], name="check")
    routes.add_route(leave, "/sign-out", methods=["POST"])
    return routes
