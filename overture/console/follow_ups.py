"""Follow-ups: what is planned, what went out and was answered, what was withheld and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from overture.console import chart, keys
from overture.console.desk import Desk
from overture.identity import Conversation
from overture.store.reviewing import Listing, Refusal
from overture.store.sql import SqlLedger

#: Entries of a list of its own page, and of each list of the overview.
_PAGE = 50
_OVERVIEW = 8


def blueprint(desk: Desk) -> Blueprint:
    """Return the routes of the follow-ups."""
    routes = Blueprint("console_follow_ups", url_prefix="/follow-ups")

    async def overview(request: Request) -> HTTPResponse:
        return await desk.show(request, "follow_ups.html", _overview)

    async def planned(request: Request) -> HTTPResponse:
        after = request.args.get("after", "")
        return await desk.show(
            request,
            "follow_up_list.html",
            lambda ledger, now: {"list": "planned"} | _planned(ledger, now, after, _PAGE),
        )

    async def sent(request: Request) -> HTTPResponse:
        after = request.args.get("after", "")
        return await desk.show(
            request,
            "follow_up_list.html",
            lambda ledger, now: {"list": "sent"} | _sent(ledger, after, _PAGE),
        )

    async def withheld(request: Request) -> HTTPResponse:
        after = request.args.get("after", "")
        return await desk.show(
            request,
            "follow_up_list.html",
            lambda ledger, now: {"list": "withheld"} | _withheld(ledger, after, _PAGE),
        )

    routes.add_route(overview, "/")
    routes.add_route(planned, "/planned")
    routes.add_route(sent, "/sent")
    routes.add_route(withheld, "/withheld")
    return routes


def _overview(ledger: SqlLedger, now: datetime) -> dict[str, Any]:
    counts = ledger.review.by_day(chart.since(now))
    return {
        "chart": chart.chart(counts, now),
        "reasons": chart.reasons(counts),
        **_planned(ledger, now, "", _OVERVIEW),
        **_sent(ledger, "", _OVERVIEW),
        **_withheld(ledger, "", _OVERVIEW),
    }


def _planned(ledger: SqlLedger, now: datetime, after: str, limit: int) -> dict[str, Any]:
    asked = Listing(view="planned", after=keys.read_place(after), limit=limit + 1)
    places = ledger.review.conversations(asked, now)
    shown = places[:limit]
    ids = [place.conversation_id for place in shown]
    standings = {one.conversation.id: one for one in ledger.people.standings(ids)}
    names = ledger.review.names(ids)
    planned = [
        {"identity": Conversation.parse(one), "name": names.get(one), "plan": standings[one].plan}
        for one in ids
    ]
    more = keys.write_place(shown[-1]) if len(places) > limit else ""
    return {"planned": planned, "more_planned": more}


def _sent(ledger: SqlLedger, after: str, limit: int) -> dict[str, Any]:
    found = ledger.review.follow_ups(keys.read_number(after), limit + 1)
    shown = found[:limit]
    names = ledger.review.names([one.message.conversation_id for one in shown])
    sent = [
        {
            "identity": Conversation.parse(one.message.conversation_id),
            "name": names.get(one.message.conversation_id),
            "follow_up": one,
        }
        for one in shown
    ]
    return {"sent": sent, "more_sent": str(shown[-1].permit_id) if len(found) > limit else ""}


def _withheld(ledger: SqlLedger, after: str, limit: int) -> dict[str, Any]:
    found = ledger.review.withheld(keys.read_refusal(after), limit + 1)
    shown: list[Refusal] = found[:limit]
    names = ledger.review.names([one.conversation_id for one in shown])
    withheld = [
        {
            "identity": Conversation.parse(one.conversation_id),
            "name": names.get(one.conversation_id),
            "refusal": one,
        }
        for one in shown
    ]
    more = keys.write_refusal(shown[-1]) if len(found) > limit else ""
    return {"withheld": withheld, "more_withheld": more}
