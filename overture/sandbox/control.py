"""The JSON interface under ``/sandbox``: what the page and tests drive the stand-in with."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import urlsplit

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from overture.errors import ClockLocked
from overture.sandbox import phone
from overture.sandbox.config import CHANNELS, Account
from overture.sandbox.exchange import Exchange
from overture.sandbox.faults import FAULTS, Fault
from overture.sandbox.listing import links, overview, transcript
from overture.sandbox.span import read_span
from overture.sandbox.threads import Thread

logger = logging.getLogger(__name__)

Handler = Callable[[Exchange, Mapping[str, Any]], Awaitable[Any]]
Route = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]
_PING = 15.0
_UNKNOWN = "The bot does not know this conversation yet."


class BadWish(Exception):
    """Say what is wrong with a request to the control interface."""


def blueprint(exchange: Exchange) -> Blueprint:
    """Return the routes of the control interface."""
    routes = Blueprint("sandbox_control", url_prefix="/sandbox")
    for path, handler in _POSTS.items():
        routes.add_route(_post(exchange, handler), path, methods=["POST"], name=path.strip("/"))
    for path, handler in _GETS.items():
        name = "get_" + path.strip("/")
        routes.add_route(_get(exchange, handler), path, methods=["GET"], name=name)

    async def events(request: Request) -> None:
        await _stream(exchange, request)

    routes.add_route(events, "/events", methods=["GET"])
    return routes


def _post(exchange: Exchange, handler: Handler) -> Route:
    async def handle(request: Request) -> HTTPResponse:
        if not _same_origin(request):
            return _problem("another site may not drive the sandbox", 403)
        try:
            wish = json.loads(request.body or b"{}")
        except ValueError:
            return _problem("the body is not JSON", 400)
        if not isinstance(wish, dict):
            return _problem("the body is not a JSON object", 400)
        return await _run(exchange, handler, wish)

    return handle


def _get(exchange: Exchange, handler: Handler) -> Route:
    async def handle(request: Request) -> HTTPResponse:
        return await _run(exchange, handler, dict(request.query_args))

    return handle


async def _run(exchange: Exchange, handler: Handler, wish: Mapping[str, Any]) -> HTTPResponse:
    try:
        return json_response(await handler(exchange, wish))
    except (BadWish, phone.CannotSay, ValueError) as problem:
        return _problem(str(problem), 400)
    except ClockLocked as problem:
        return _problem(str(problem), 409)


def _same_origin(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _problem(text: str, status: int) -> HTTPResponse:
    return json_response({"error": text}, status=status)


async def _stream(exchange: Exchange, request: Request) -> None:
    response = await request.respond(
        content_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )
    with exchange.broadcast.listening() as queue:
        await response.send(_event("hello", {"now": exchange.clock.now().isoformat()}))
        while True:
            try:
                item = await asyncio.wait_for(queue.get(), timeout=_PING)
            except asyncio.TimeoutError:
                await response.send(": still here\n\n")
                continue
            if item is None:
                break
            await response.send(_event(*item))
    await response.eof()


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


async def _say(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    account, user_id = _whom(exchange, wish)
    said = phone.say(exchange, account, user_id, wish)
    return await _told(said, wish)


async def _inbox(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    account, user_id = _whom(exchange, wish)
    said = phone.write_from_inbox(exchange, account, user_id, str(wish.get("text") or ""))
    return await _told(said, wish)


async def _told(said: phone.Said | None, wish: Mapping[str, Any]) -> dict[str, Any]:
    if said is None:
        return {"message_id": None, "note": "the account is told with the first message"}
    if not wish.get("wait"):
        return {"message_id": said.message_id}
    return {"message_id": said.message_id, "delivered": await said.delivery}


async def _read(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    account, user_id = _whom(exchange, wish)
    return {"read": phone.look(exchange, account, user_id)}


async def _block(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    thread = exchange.thread(*_whom(exchange, wish))
    thread.blocked = bool(wish.get("blocked", True))
    exchange.publish_thread("blocked", thread)
    exchange.save()
    return {"blocked": thread.blocked}


async def _clock(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    now = exchange.clock.wind(read_span(wish.get("forward")))
    exchange.broadcast.publish("clock", {"now": now.isoformat()})
    return {"now": now.isoformat()}


async def _faults(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    kind, channel = wish.get("kind"), str(wish.get("channel") or "*")
    if kind in (None, "none"):
        exchange.faults.switch_off()
    elif wish.get("off"):
        exchange.faults.switch_off(str(kind), channel)
    else:
        exchange.faults.switch_on(_fault(str(kind), channel, wish))
    active = exchange.faults.to_json()
    exchange.broadcast.publish("faults", active)
    return {"active": active, "known": FAULTS}


def _fault(kind: str, channel: str, wish: Mapping[str, Any]) -> Fault:
    if channel not in (*CHANNELS, "*"):
        raise BadWish(f"channel {channel!r} is none of {', '.join(CHANNELS)}, *")
    times = wish.get("times")
    return Fault(
        kind=kind,
        channel=channel,
        seconds=float(wish.get("seconds") or 5.0),
        times=int(times) if times is not None else None,
    )


async def _known_faults(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    return {"active": exchange.faults.to_json(), "known": FAULTS}


async def _reset(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    exchange.reset()
    return {"reset": True}


async def _people(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    person = exchange.world.add_person()
    exchange.publish_people()
    exchange.save()
    return {"number": person.number, "ids": person.ids}


async def _transcript(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    account, user_id = _whom(exchange, wish)
    return transcript(exchange, account, user_id)


async def _calls(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("direction", "channel", "kind", "user_id", "account_id", "message_id")
    wanted = {name: str(wish[name]) for name in fields if wish.get(name)}
    calls = exchange.journal.calls(**wanted)[-int(wish.get("limit") or 1000) :]
    return {"calls": [call.to_json() for call in calls], "counts": exchange.journal.counts()}


async def _state(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    return overview(exchange)


async def _links(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    return {"links": links(exchange)}


async def _why(exchange: Exchange, wish: Mapping[str, Any]) -> dict[str, Any]:
    account, user_id = _whom(exchange, wish)
    thread = exchange.world.find(account.channel, account.id, user_id)
    if thread is None:
        return {"conversation": None, "problem": "Nothing has been said here yet."}
    return await _asked(exchange, thread)


async def _asked(exchange: Exchange, thread: Thread) -> dict[str, Any]:
    conversation = thread.conversation
    if exchange.why is None:
        problem = "This sandbox runs alone: nobody here can answer why."
        return {"conversation": conversation, "problem": problem}
    try:
        answer = await exchange.why(conversation)
    except Exception as problem:  # the page shows it, the sandbox goes on
        logger.warning("why_failed", exc_info=True)
        return {"conversation": conversation, "problem": f"{type(problem).__name__}: {problem}"}
    if answer is None:
        return {"conversation": conversation, "problem": _UNKNOWN}
    return {"conversation": conversation, "why": answer}


def _whom(exchange: Exchange, wish: Mapping[str, Any]) -> tuple[Account, str]:
    channel = str(wish.get("channel") or "")
    account_id = str(wish["account_id"]) if wish.get("account_id") else None
    account = exchange.config.account(channel, account_id)
    if account is None:
        raise BadWish(f"no account {account_id or ''} of channel {channel!r} is known here")
    return account, str(wish.get("user_id") or exchange.world.people[0].ids[channel])


_POSTS: dict[str, Handler] = {
    "/say": _say,
    "/inbox": _inbox,
    "/read": _read,
    "/block": _block,
    "/clock": _clock,
    "/faults": _faults,
    "/people": _people,
    "/reset": _reset,
}
_GETS: dict[str, Handler] = {
    "/transcript": _transcript,
    "/calls": _calls,
    "/state": _state,
    "/faults": _known_faults,
    "/links": _links,
    "/why": _why,
}
