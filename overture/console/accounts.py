"""The deployment: accounts that rest and why, personas, and the switch that stops everything."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from overture.console.desk import KILL_SWITCH, Desk, go_to
from overture.errors import ConfigurationError, InvalidCard
from overture.store.sql import SqlLedger

#: Personas on a page.
_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class PersonaLine:
    """Hold what a reviewer sees of a persona."""

    id: str
    name: str
    tagline: str = ""
    #: ``draft``, ``review``, ``released`` or, if its card cannot be read, ``broken``.
    status: str
    audience: str = ""
    version: str = ""
    #: What is wrong with its lines; None where it was not linted.
    findings: Sequence[str] | None = None
    problem: str = ""


def blueprint(desk: Desk) -> Blueprint:
    """Return the routes of the deployment."""
    routes = Blueprint("console_accounts")

    async def show(request: Request) -> HTTPResponse:
        after = request.args.get("after", "")
        return await desk.show(
            request, "accounts.html", lambda ledger, now: _gather(ledger, desk, after)
        )

    async def switch(request: Request) -> HTTPResponse:
        stop = request.form.get("to") == "on"

        def work(ledger: SqlLedger, now: datetime) -> None:
            ledger.set_switch(KILL_SWITCH, "on" if stop else "off", now)

        await desk.act(work)
        return go_to(f"/accounts?done={'stopped' if stop else 'running'}")

    routes.add_route(show, "/accounts")
    routes.add_route(switch, "/kill-switch", methods=["POST"])
    return routes


def _gather(ledger: SqlLedger, desk: Desk, after: str) -> dict[str, Any]:
    ids = desk.parts.registry.ids()
    start = bisect_right(ids, after)
    shown = ids[start : start + _PAGE]
    return {
        "accounts": ledger.accounts(),
        "cards": [persona_line(desk, one) for one in shown],
        "more": shown[-1] if start + _PAGE < len(ids) else "",
        "policy": desk.parts.deployment.policy,
    }


def persona_line(desk: Desk, persona_id: str) -> PersonaLine:
    """Read a persona's card as far as it can be read."""
    try:
        card = desk.parts.registry.get(persona_id)
    except (InvalidCard, ConfigurationError) as error:
        return PersonaLine(id=persona_id, name=persona_id, status="broken", problem=str(error))
    return PersonaLine(
        id=persona_id,
        name=card.name,
        tagline=card.tagline,
        status=card.status,
        audience=card.audience,
        version=card.version,
        findings=desk.lint(persona_id),
    )
