"""The list of conversations: views of states, filters, search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from overture.console import keys, wording
from overture.console.desk import Desk
from overture.console.notes import training_data
from overture.console.rendering import HEADERS
from overture.console.rows import Row, rows
from overture.identity import LOCAL_ACCOUNT
from overture.store.reviewing import Listing, Said
from overture.store.sql import SqlLedger

#: Conversations on a page, and messages a search looks for at a time.
PAGE = 50
_HITS = 200
#: Most corrected messages that are handed out at once.
_CORRECTED = 10_000


def blueprint(desk: Desk) -> Blueprint:
    """Return the routes of the list."""
    routes = Blueprint("console_inbox")

    async def index(request: Request) -> HTTPResponse:
        asked = _asked(request)
        gather = _search if asked["q"] else _list
        choices = {"personas": desk.persona_names()}
        return await desk.show(
            request, "inbox.html", lambda ledger, now: choices | gather(ledger, now, asked)
        )

    async def corrections(request: Request) -> HTTPResponse:
        found = await desk.parts.read(lambda ledger: ledger.notes.corrected(_CORRECTED))
        headers = dict(HEADERS) | {"Content-Disposition": "attachment; filename=corrections.yml"}
        return text(training_data(found), headers=headers, content_type="application/yaml")

    routes.add_route(index, "/")
    routes.add_route(corrections, "/corrections.yml")
    return routes


def _asked(request: Request) -> dict[str, str]:
    """Return what the address asks for; an unknown view is the list of all."""
    names = ("q", "view", "channel", "persona", "tag", "after")
    asked = {name: request.args.get(name, "").strip() for name in names}
    if asked["view"] not in wording.VIEWS:
        asked["view"] = "all"
    return asked


def _list(ledger: SqlLedger, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
    listing = Listing(
        view=asked["view"],
        channel=asked["channel"] or None,
        persona_id=asked["persona"] or None,
        tag=asked["tag"] or None,
        after=keys.read_place(asked["after"]),
        limit=PAGE + 1,
    )
    places = ledger.review.conversations(listing, now)
    shown = places[:PAGE]
    more = keys.write_place(shown[-1]) if len(places) > PAGE else ""
    found = rows(ledger, [place.conversation_id for place in shown], now)
    return _page(ledger, asked, found, more)


def _search(ledger: SqlLedger, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
    words, start = asked["q"], keys.read_mark(asked["after"])
    hits, reached = ledger.review.search(words, start, _HITS)
    quotes: dict[str, Said] = {}
    for hit in hits:
        quotes.setdefault(hit.conversation_id, hit)
    people = [] if start else ledger.review.known_as(_as_id(words), _accounts(ledger))
    ids = list(dict.fromkeys([*people[:PAGE], *quotes]))
    found = [row for row in rows(ledger, ids, now, quotes) if _fits(row, asked)]
    more = keys.write_mark(reached) if reached.heard > 0 or reached.said > 0 else ""
    return _page(ledger, asked, found, more)


def _as_id(words: str) -> str:
    """Return what may be an id: a phone number is kept without its signs."""
    digits = words.translate(str.maketrans("", "", "+-() "))
    return digits if digits.isdigit() else words


def _accounts(ledger: SqlLedger) -> list[tuple[str, str]]:
    known = [(one["channel"], one["account_id"]) for one in ledger.accounts()]
    return [*known, ("rest", LOCAL_ACCOUNT), ("cmdline", LOCAL_ACCOUNT)]


def _fits(row: Row, asked: Mapping[str, str]) -> bool:
    wanted = asked["view"]
    return (
        asked["channel"] in ("", row.identity.channel)
        and asked["persona"] in ("", row.identity.persona_id)
        and (not asked["tag"] or asked["tag"] in row.tags)
        and (wanted == "all" or any(state.key == wanted for state in row.states))
    )


def _page(
    ledger: SqlLedger, asked: Mapping[str, str], found: list[Row], more: str
) -> dict[str, Any]:
    kept = {name: asked[name] for name in ("q", "view", "channel", "persona", "tag")}
    return {
        "asked": asked,
        "rows": found,
        "tabs": [
            (view, label, _address(kept | {"view": view})) for view, label in wording.VIEWS.items()
        ],
        "counts": {"needs_human": ledger.attention.count()},
        "tags": ledger.notes.tags(),
        "corrected": ledger.notes.has_corrected(),
        "more": _address(kept | {"after": more}) if more else "",
        "first": _address(kept) if asked["after"] else "",
    }


def _address(parameters: Mapping[str, str]) -> str:
    given = {
        name: value
        for name, value in parameters.items()
        if value and (name, value) != ("view", "all")
    }
    return f"/?{urlencode(given)}" if given else "/"
