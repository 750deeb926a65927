"""The stand-in for the Graph API: who calls, what for, and the answer in Meta's form."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from overture.sandbox.config import Account
from overture.sandbox.exchange import Exchange
from overture.sandbox.graph_objects import delete_node, get_node, make_persona, set_profile
from overture.sandbox.journal import redacted_path
from overture.sandbox.refusals import (
    Refusal,
    bad_parameter,
    bad_proof,
    bad_token,
    expired_token,
    no_token,
    server_error,
    unknown_object,
    unknown_path,
)
from overture.sandbox.sending import Taken, send

METHODS = ("GET", "POST", "DELETE")
_NO_ANSWER = "the connection was cut before any answer"


@dataclass(frozen=True, kw_only=True)
class GraphCall:
    """One call, read: query and body merged as the Graph API merges them."""

    method: str
    node: str
    edge: str
    parameters: Mapping[str, Any]
    token: str


@dataclass(kw_only=True)
class Outcome:
    """What is known of a call so far; it goes into the journal whatever happens."""

    account: Account | None = None
    parameters: Mapping[str, Any] | None = None
    taken: Taken | None = None
    refusal: Refusal | None = None
    #: The connection is cut and nothing is answered.
    cut: bool = False

    @property
    def channel(self) -> str:
        """Channel of the account, as far as it is known."""
        return self.account.channel if self.account else "unknown"

    def body(self, trace: str) -> Mapping[str, Any]:
        """Return what is answered."""
        if self.refusal is not None:
            return self.refusal.body(trace)
        return self.taken.answer if self.taken else {}

    @property
    def status(self) -> int | None:
        """HTTP status of the answer, None when there is none."""
        if self.cut:
            return None
        return self.refusal.status if self.refusal else 200


def blueprint(exchange: Exchange) -> Blueprint:
    """Return the routes of the Graph API."""
    routes = Blueprint("sandbox_graph")

    async def graph(request: Request, version: str, path: str) -> HTTPResponse:
        began, trace = time.perf_counter(), "A" + exchange.ids()[:22]
        outcome = await _work(exchange, request, path)
        _record(exchange, request, path, outcome, trace, time.perf_counter() - began)
        if outcome.cut:
            _cut(request)
        headers = {"facebook-api-version": version, "x-fb-trace-id": trace}
        if outcome.refusal is not None:
            headers.update(outcome.refusal.headers)
        return json_response(outcome.body(trace), status=outcome.status or 500, headers=headers)

    routes.add_route(graph, r"/<version:v\d+\.\d+>/<path:path>", methods=METHODS)
    return routes


async def _work(exchange: Exchange, request: Request, path: str) -> Outcome:
    outcome = Outcome()
    try:
        call = _read(request, path)
        outcome.parameters = call.parameters
        outcome.account = _account_of(exchange, call)
        await _misbehave(exchange, outcome)
        if not outcome.cut:
            outcome.taken = _act(exchange, outcome.account, call)
            outcome.cut = exchange.faults.take("drop", outcome.channel) is not None
    except Refusal as refusal:
        outcome.refusal = refusal
    return outcome


def _read(request: Request, path: str) -> GraphCall:
    node, _, edge = path.strip("/").partition("/")
    parameters = {**dict(parse_qsl(request.query_string)), **_body_of(request)}
    header = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() not in ("bearer", "oauth") or not token:
        token = str(parameters.get("access_token") or "")
    return GraphCall(
        method=request.method, node=node, edge=edge, parameters=parameters, token=token.strip()
    )


def _body_of(request: Request) -> dict[str, Any]:
    raw = request.body
    if not raw:
        return {}
    if "json" not in request.headers.get("content-type", "json"):
        return {key: _form_value(value) for key, value in parse_qsl(raw.decode(errors="replace"))}
    try:
        body = json.loads(raw)
    except ValueError as problem:
        raise bad_parameter("Invalid JSON in the body of the request") from problem
    if not isinstance(body, dict):
        raise bad_parameter("The body of the request must be a JSON object")
    return body


def _form_value(value: str) -> Any:
    try:
        return json.loads(value) if value[:1] in "{[" else value
    except ValueError:
        return value


def _account_of(exchange: Exchange, call: GraphCall) -> Account:
    if not call.token:
        raise no_token()
    owned = [entry for entry in exchange.config.accounts if _same(entry.access_token, call.token)]
    if not owned:
        raise bad_token()
    account = next((entry for entry in owned if call.node in ("me", entry.id)), owned[0])
    proof = call.parameters.get("appsecret_proof")
    if proof is not None and not _same(str(proof), _proof(account)):
        raise bad_proof()
    return account


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _proof(account: Account) -> str:
    key, text = account.app_secret.encode(), account.access_token.encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()


async def _misbehave(exchange: Exchange, outcome: Outcome) -> None:
    faults, channel = exchange.faults, outcome.channel
    if slow := faults.take("slow", channel):
        await asyncio.sleep(slow.seconds)
    if faults.take("expired_token", channel):
        raise expired_token()
    if faults.take("server_error", channel):
        raise server_error()
    outcome.cut = faults.take("refuse_connection", channel) is not None


def _act(exchange: Exchange, account: Account, call: GraphCall) -> Taken:
    is_own = call.node in ("me", account.id)
    if not call.edge and call.method == "GET":
        return get_node(exchange, account, account.id if is_own else call.node)
    if not call.edge and call.method == "DELETE":
        return delete_node(exchange, call.node)
    if not is_own:
        raise unknown_object(call.node)
    if call.method == "POST" and call.edge == "messages":
        return send(exchange, account, call.parameters)
    if call.edge == "personas" and account.channel == "messenger":
        return make_persona(exchange, call.parameters, listing=call.method == "GET")
    if call.edge == "messenger_profile" and account.channel != "whatsapp":
        return set_profile(call.parameters)
    raise unknown_path(f"/{call.edge}")


def _record(
    exchange: Exchange, request: Request, path: str, outcome: Outcome, trace: str, seconds: float
) -> None:
    taken, parameters = outcome.taken, outcome.parameters or {}
    query = f"?{request.query_string}" if request.query_string else ""
    exchange.journal.record(
        at=exchange.clock.now().isoformat(),
        direction="graph",
        channel=outcome.channel,
        kind=taken.kind if taken else _kind(path, parameters),
        method=request.method,
        path=redacted_path(request.path + query),
        status=outcome.status,
        milliseconds=round(seconds * 1000),
        user_id=taken.user_id if taken else _recipient(parameters),
        account_id=outcome.account.id if outcome.account else "",
        message_id=taken.message_id if taken else "",
        headers=dict(request.headers),
        request=parameters,
        response=_NO_ANSWER if outcome.cut else outcome.body(trace),
        note=taken.note if taken else "",
    )


def _kind(path: str, parameters: Mapping[str, Any]) -> str:
    edge = path.strip("/").partition("/")[2]
    if edge != "messages":
        return edge or "object"
    action = parameters.get("sender_action") or ("mark_seen" if parameters.get("status") else None)
    return str(action or "message")


def _recipient(parameters: Mapping[str, Any]) -> str:
    recipient = parameters.get("recipient")
    if isinstance(recipient, Mapping):
        return str(recipient.get("id") or "")
    return str(recipient or parameters.get("to") or "")


def _cut(request: Request) -> None:
    transport: Any = request.transport
    if transport is not None:
        transport.abort()
