"""One conversation: what was said, remembered, decided, and what may be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

from sanic import Blueprint
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from overture.accounts import PUSH_CHANNELS
from overture.console import gate, keys, replying
from overture.console.acts import ACTS, PAUSES
from overture.console.desk import Desk, go_to
from overture.console.notes import NOTE
from overture.console.rows import states
from overture.errors import InvalidIdentity
from overture.identity import Conversation
from overture.services import erasing, explaining
from overture.services.deployment import Deployment
from overture.store.reviewing import Noted, Said
from overture.store.sql import SqlLedger

#: Messages on a page, and decisions in the time line.
_MESSAGES = 60
_DECISIONS = 80
#: Messages of the person of which it is told what they were taken for.
_HEARD = 120


def blueprint(desk: Desk) -> Blueprint:
    """Return the routes of one conversation."""
    routes = Blueprint("console_conversation", url_prefix="/conversations")
    deployment = desk.parts.deployment

    async def show(request: Request, number: str) -> HTTPResponse:
        identity = _identity(number)
        before = request.args.get("before", "")
        return await desk.show(
            request,
            "conversation.html",
            lambda ledger, now: _gather(ledger, identity, now, deployment, before),
        )

    async def news(request: Request, number: str) -> HTTPResponse:
        identity = _identity(number)
        stamp = await desk.parts.read(lambda ledger: _stamp(ledger, identity))
        return json_response({"stamp": stamp}, headers={"Cache-Control": "no-store"})

    async def act(request: Request, number: str, name: str) -> HTTPResponse:
        identity, work = _identity(number), ACTS.get(name)
        if work is None:
            raise NotFound("there is no such act")
        form, chosen = _form(request), work

        def change(ledger: SqlLedger, now: datetime) -> None:
            _must_be_known(ledger, identity)
            chosen(ledger, str(identity), now, deployment, form)

        await desk.act(change)
        at = f"#m-{quote(form['message'])}" if name == "correct" and "message" in form else ""
        return go_to(f"{_address(identity)}?done={name}{at}")

    routes.add_route(show, "/<number:str>")
    routes.add_route(news, "/<number:str>/news")
    routes.add_route(act, "/<number:str>/<name:[a-z-]+>", methods=["POST"])
    _add_replying(routes, desk)
    _add_erasing(routes, desk)
    return routes


def _add_replying(routes: Blueprint, desk: Desk) -> None:
    deployment = desk.parts.deployment

    async def reply(request: Request, number: str) -> HTTPResponse:
        identity = _identity(number)
        said = replying.typed(_form(request), desk.access.new_key())

        def send(ledger: SqlLedger, now: datetime) -> str | None:
            _must_be_known(ledger, identity)
            return replying.send(ledger, identity, said, now, deployment)

        problem = await desk.act(send)
        if problem is None:
            return go_to(f"{_address(identity)}?done=reply")

        def gather(ledger: SqlLedger, now: datetime) -> dict[str, Any] | None:
            page = _gather(ledger, identity, now, deployment, "")
            return page and page | {"draft": said.text, "problem": problem}

        return await desk.show(request, "conversation.html", gather, status=409)

    routes.add_route(reply, "/<number:str>/reply", methods=["POST"])


def _add_erasing(routes: Blueprint, desk: Desk) -> None:
    async def ask(request: Request, number: str) -> HTTPResponse:
        identity = _identity(number)
        return await desk.show(
            request, "erase.html", lambda ledger, now: _to_erase(ledger, identity, wrong=False)
        )

    async def erase(request: Request, number: str) -> HTTPResponse:
        identity = _identity(number)
        if (request.form.get("typed") or "").strip() != unquote(identity.user_id):
            return await desk.show(
                request, "erase.html", lambda ledger, now: _to_erase(ledger, identity, wrong=True)
            )

        def work(ledger: SqlLedger, now: datetime) -> None:
            _must_be_known(ledger, identity)
            erasing.erase(ledger, str(identity.contact), now)

        await desk.act(work)
        return go_to("/?done=erased")

    routes.add_route(ask, "/<number:str>/erase", methods=["GET"], name="ask_erase")
    routes.add_route(erase, "/<number:str>/erase", methods=["POST"], name="erase")


def _form(request: Request) -> dict[str, str]:
    return {key: request.form.get(key) or "" for key in request.form}


def _identity(number: str) -> Conversation:
    try:
        return Conversation.parse(unquote(number))
    except InvalidIdentity as error:
        raise NotFound("there is no such conversation") from error


def _must_be_known(ledger: SqlLedger, identity: Conversation) -> None:
    if ledger.people.conversation(str(identity)) is None:
        raise NotFound("there is no such conversation")


def _address(identity: Conversation) -> str:
    return f"/conversations/{quote(str(identity), safe=':')}"


def _to_erase(ledger: SqlLedger, identity: Conversation, *, wrong: bool) -> dict[str, Any] | None:
    theirs = ledger.people.conversations_of(str(identity.contact))
    if str(identity) not in theirs:
        return None
    return {
        "identity": identity,
        "user_id": unquote(identity.user_id),
        "theirs": [Conversation.parse(one) for one in theirs],
        "wrong": wrong,
    }


def _gather(
    ledger: SqlLedger,
    identity: Conversation,
    now: datetime,
    deployment: Deployment,
    before: str,
) -> dict[str, Any] | None:
    told = explaining.explanation(ledger, str(identity), now, deployment)
    if told is None:
        return None
    messages, earlier = _transcript(ledger, identity, before)
    need = ledger.attention.needs([str(identity)]).get(str(identity))
    history = ledger.memory.history(str(identity))
    noted = ledger.notes.of([str(identity)]).get(str(identity), Noted())
    return {
        "identity": identity,
        "standing": told.standing,
        "name": ledger.review.names([str(identity)]).get(str(identity)),
        "aliases": ledger.people.aliases_of(str(identity.contact)),
        "states": {state.key: state.at for state in states(told.standing, now, need, noted)},
        "need": need,
        "messages": messages,
        "earlier": earlier,
        "latest": not before,
        "shown": {one.message_id for one in messages if one.by == "person"},
        "memories": told.memories,
        "by_number": {one.id: one for one in history},
        "replaced": [one for one in history if one.superseded_at is not None],
        "answer": gate.answer(told.now) if told.now else None,
        "steps": gate.steps(ledger.plans.decisions(str(identity), _DECISIONS)),
        "pauses": PAUSES,
        "noted": noted,
        "tags": ledger.notes.tags(),
        "longest_note": NOTE,
        "heard": ledger.review.heard_as(str(identity), _HEARD),
        "corrected": ledger.notes.corrections(str(identity)),
        "way": replying.way(identity, told.standing),
        "longest": replying.LONGEST,
        "takeover": deployment.takeover,
        "draft": "",
        "problem": "",
        "stamp": _stamp(ledger, identity),
    }


def _transcript(
    ledger: SqlLedger, identity: Conversation, before: str
) -> tuple[Sequence[Said], str]:
    """Return messages, and where earlier ones begin.

    What the bot says in the shell and over REST is in Rasa's history only.
    """
    if identity.channel in PUSH_CHANNELS:
        mark = keys.read_mark(before)
        lines, rest = ledger.review.transcript(str(identity), mark, _MESSAGES)
        return lines, keys.write_mark(rest) if rest else ""
    told = ledger.review.told(str(identity), keys.read_number(before), _MESSAGES + 1)
    shown = told[-_MESSAGES:]
    return shown, str(shown[0].number) if len(told) > _MESSAGES else ""


def _stamp(ledger: SqlLedger, identity: Conversation) -> str:
    """Return a text that changes when there is something new to see."""
    conversation = ledger.people.conversation(str(identity))
    if conversation is None:
        return "gone"
    last = ledger.review.last_words([str(identity)]).get(str(identity))
    said = f"{last.by}-{last.number}-{last.state}" if last else ""
    return f"{conversation.cycle}-{conversation.last_follow_up_cycle}-{said}"
