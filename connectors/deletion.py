"""Callbacks of people who leave: data deletion with its status page, and deauthorising."""

from __future__ import annotations

import html
import logging
import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from connectors.bodies import read_body
from overture.errors import StoreUnavailable
from overture.meta.deletion import deletion_answer
from overture.meta.signature import parse_signed_request
from overture.services import deleting
from overture.store.rooms import Deletion

if TYPE_CHECKING:
    from connectors.channel import MetaInput

logger = logging.getLogger(__name__)

#: Bytes of a form with a signed request.
_MAX_FORM = 64 * 1024
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deletion {code}</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; }}</style>
<body><h1>Your data</h1><p>{words}</p><p>Code: <code>{code}</code></p></body></html>
"""


def add_routes(routes: Blueprint, channel: MetaInput) -> None:
    """Add the callbacks of one channel."""

    @routes.post("/data-deletion", stream=True)
    async def delete(request: Request) -> HTTPResponse:
        return await _delete(request, channel)

    @routes.post("/deauthorize", stream=True)
    async def deauthorise(request: Request) -> HTTPResponse:
        return await _deauthorise(request, channel)

    @routes.get("/data-deletion")
    async def status_by_query(request: Request) -> HTTPResponse:
        return await _status(request.args.get("id", ""), channel)

    @routes.get("/data-deletion/<code:str>")
    async def status(request: Request, code: str) -> HTTPResponse:
        return await _status(code, channel)


async def _asking(request: Request, channel: MetaInput) -> deleting.Asking | None:
    """Return who asks, or None if the platform has not signed it."""
    raw = await read_body(request, _MAX_FORM)
    form = parse_qs(raw.decode("utf-8", "replace"))
    signed = form.get("signed_request", [""])[0]
    claims = parse_signed_request(signed, channel.config.secrets)
    if claims is None:
        logger.warning("deletion.refused channel=%s", channel.channel)
        return None
    return deleting.Asking(
        channel=channel.channel, accounts=channel.config.accounts, user_id=claims.user_id
    )


async def _delete(request: Request, channel: MetaInput) -> HTTPResponse:
    asking = await _asking(request, channel)
    if asking is None:
        return response.text("", status=403)
    code, parts, now = secrets.token_hex(10), channel.runtime, channel.runtime.clock.now()
    try:
        gone = await parts.write(lambda ledger: deleting.delete(ledger, asking, code, now))
    except StoreUnavailable:
        return response.text("", status=503)
    for conversation_id in gone:
        parts.drop_history(conversation_id)
    base = parts.settings.public_url or f"{_scheme(request)}://{request.host}"
    page = f"{base}/webhooks/{channel.channel}/data-deletion"
    return response.json(deletion_answer(page, code))


def _scheme(request: Request) -> str:
    """Return the scheme the person's browser uses, which a proxy in front of us tells."""
    told = request.headers.get("x-forwarded-proto", request.scheme)
    return told if told in {"http", "https"} else "https"


async def _deauthorise(request: Request, channel: MetaInput) -> HTTPResponse:
    asking = await _asking(request, channel)
    if asking is None:
        return response.text("", status=403)
    parts, now = channel.runtime, channel.runtime.clock.now()
    try:
        await parts.write(
            lambda ledger: deleting.deauthorise(ledger, asking, now, parts.deployment)
        )
    except StoreUnavailable:
        return response.text("", status=503)
    return response.text("OK")


async def _status(code: str, channel: MetaInput) -> HTTPResponse:
    try:
        found = await channel.runtime.read(
            lambda ledger: ledger.deletions.get(channel.channel, code)
        )
    except StoreUnavailable:
        return response.text("", status=503)
    page = _PAGE.format(code=html.escape(code[:64]), words=_words(found))
    return response.html(page, status=200 if found else 404)


def _words(request: Deletion | None) -> str:
    if request is None:
        return "There is no request with this code."
    day = f"{request.requested_at:%d %B %Y}"
    if request.erased:
        return (
            f"You asked on {day}. Everything that was held about you here has been deleted. If you "
            "had told us not to write to you, or to be a minor, that alone is still heeded."
        )
    return (
        f"You asked on {day}. Nothing was held here under the name the platform gave for you. "
        "If you have talked with a bot of ours, you can also tell it in the chat: delete my data."
    )
