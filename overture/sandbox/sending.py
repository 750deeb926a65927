"""The account's side: what the stand-in does with a call to ``/{account}/messages``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from overture.sandbox import page_messages, whatsapp_messages
from overture.sandbox.config import Account
from overture.sandbox.exchange import HUMAN_WINDOW, WINDOW, WROTE_FIRST_AFTER, Exchange
from overture.sandbox.page_messages import Content
from overture.sandbox.phone import new_message_id
from overture.sandbox.refusals import (
    bad_parameter,
    dead_tag,
    human_agent,
    no_such_person,
    page_rate,
    page_window,
    person_unavailable,
    whatsapp_throughput,
    whatsapp_to_self,
    whatsapp_undeliverable,
    whatsapp_value,
    whatsapp_window,
)
from overture.sandbox.reports import fail_later, report
from overture.sandbox.threads import Bubble, Thread

#: Seconds a typing indicator stays without a message.
PAGE_TYPING = 20
WHATSAPP_TYPING = 25


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The answer to an accepted call, and what it was about, for the panel."""

    answer: Mapping[str, Any]
    kind: str
    user_id: str = ""
    message_id: str = ""
    note: str = ""


def send(exchange: Exchange, account: Account, body: Mapping[str, Any]) -> Taken:
    """Take a message, a typing indicator or a read mark from an account.

    Raises:
        Refusal: the platform would not take it.
    """
    if account.channel == "whatsapp":
        return _send_whatsapp(exchange, account, body)
    return _send_page(exchange, account, body)


def _send_page(exchange: Exchange, account: Account, body: Mapping[str, Any]) -> Taken:
    user_id = _page_recipient(body.get("recipient"))
    thread = exchange.world.find(account.channel, account.id, user_id)
    if thread is None or thread.last_user_action is None:
        raise no_such_person()
    action = body.get("sender_action")
    if action is not None:
        return _sender_action(exchange, thread, body)
    content = page_messages.read_message(account.channel, body.get("message"))
    persona = _persona_of(exchange, account, body.get("persona_id"))
    tagged = _check_messaging_type(account, body)
    _may_send(exchange, account, thread)
    if not exchange.window_open(thread, HUMAN_WINDOW if tagged else WINDOW):
        raise page_window(account.channel)
    bubble = _arrive(exchange, thread, content, body, persona)
    return Taken(
        answer={"recipient_id": user_id, "message_id": bubble.id},
        kind="message",
        user_id=user_id,
        message_id=bubble.id,
        note=content.kind,
    )


def _page_recipient(recipient: Any) -> str:
    if not isinstance(recipient, Mapping):
        raise bad_parameter("The parameter recipient is required")
    user_id = recipient.get("id")
    if not isinstance(user_id, (str, int)) or not str(user_id):
        raise bad_parameter("Param recipient[id] must be a valid ID string", 2018164)
    return str(user_id)


def _sender_action(exchange: Exchange, thread: Thread, body: Mapping[str, Any]) -> Taken:
    action = body["sender_action"]
    if action not in page_messages.ACTIONS:
        raise bad_parameter(f"Param sender_action must be one of {sorted(page_messages.ACTIONS)}")
    if body.get("message") is not None:
        raise bad_parameter("Param sender_action cannot be combined with message")
    if thread.blocked:
        raise person_unavailable()
    if action == "mark_seen":
        _seen(exchange, thread)
    elif action in ("react", "unreact"):
        _react(exchange, thread, body.get("payload"), on=action == "react")
    else:
        seconds = PAGE_TYPING if action == "typing_on" else 0
        exchange.publish_thread("typing", thread, seconds=seconds)
    return Taken(answer={"recipient_id": thread.user_id}, kind=str(action), user_id=thread.user_id)


def _check_messaging_type(account: Account, body: Mapping[str, Any]) -> bool:
    """Return whether a message says, and may say, that a human typed it."""
    kind, tag = body.get("messaging_type"), body.get("tag")
    if kind is not None and kind not in page_messages.MESSAGING_TYPES:
        raise bad_parameter(
            "Param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG, UTILITY"
        )
    if kind != "MESSAGE_TAG" and not tag:
        return False
    if tag != "HUMAN_AGENT":
        raise dead_tag(str(tag))
    if not account.human_agent:
        raise human_agent()
    return True


def _persona_of(exchange: Exchange, account: Account, persona_id: Any) -> Mapping[str, str]:
    if persona_id is None or account.channel != "messenger":
        return {}
    persona = exchange.world.graph_personas.get(str(persona_id))
    if persona is None:
        raise bad_parameter("Param persona_id must be the ID of a persona of this page")
    return persona


def _send_whatsapp(exchange: Exchange, account: Account, body: Mapping[str, Any]) -> Taken:
    if body.get("messaging_product") != "whatsapp":
        raise bad_parameter("The parameter messaging_product is required.")
    if body.get("status") is not None:
        return _whatsapp_read(exchange, account, body)
    user_id = _whatsapp_recipient(account, body)
    content = whatsapp_messages.read_message(body, account.templates)
    thread = exchange.thread(account, user_id)
    _may_send(exchange, account, thread)
    if content.kind != "template" and not exchange.window_open(thread):
        raise whatsapp_window()
    if exchange.faults.take("late_failure", "whatsapp"):
        message_id = fail_later(exchange, account, thread)
    elif content.kind == "reaction":
        message_id = new_message_id(exchange, "whatsapp")
        _react(exchange, thread, body["reaction"], on=True)
    else:
        message_id = _arrive(exchange, thread, content, body, {}).id
    answer = {
        "messaging_product": "whatsapp",
        "contacts": [{"input": user_id, "wa_id": thread.user_id}],
        "messages": [{"id": message_id}],
    }
    return Taken(
        answer=answer,
        kind="message",
        user_id=thread.user_id,
        message_id=message_id,
        note=content.kind,
    )


def _whatsapp_recipient(account: Account, body: Mapping[str, Any]) -> str:
    user_id = str(body.get("recipient") or body.get("to") or "").lstrip("+")
    if not user_id:
        raise bad_parameter("The parameter to is required.")
    if user_id == account.display_number:
        raise whatsapp_to_self()
    if "recipient" not in body and not user_id.isdigit():
        raise whatsapp_undeliverable()
    return user_id


def _whatsapp_read(exchange: Exchange, account: Account, body: Mapping[str, Any]) -> Taken:
    message_id = str(body.get("message_id") or "")
    thread = _thread_of_message(exchange, account, message_id)
    if body["status"] != "read" or thread is None:
        raise whatsapp_value("Param message_id must be the ID of a received message")
    _seen(exchange, thread)
    kind = "mark_seen"
    if body.get("typing_indicator") is not None:
        exchange.publish_thread("typing", thread, seconds=WHATSAPP_TYPING)
        kind = "typing_on"
    return Taken(answer={"success": True}, kind=kind, user_id=thread.user_id, message_id=message_id)


def _thread_of_message(exchange: Exchange, account: Account, message_id: str) -> Thread | None:
    for thread in exchange.world.threads.values():
        if thread.account_id == account.id and thread.find(message_id) is not None:
            return thread
    return None


def _may_send(exchange: Exchange, account: Account, thread: Thread) -> None:
    is_page = account.channel != "whatsapp"
    if exchange.faults.take("blocked", account.channel) or thread.blocked:
        raise person_unavailable() if is_page else whatsapp_undeliverable()
    if exchange.faults.take("window_closed", account.channel):
        raise page_window(account.channel) if is_page else whatsapp_window()
    if exchange.faults.take("rate_limit", account.channel):
        raise page_rate() if is_page else whatsapp_throughput()
    now = exchange.clock.now()
    refusal = exchange.rates.refuse(account.channel, account.id, thread.user_id, now)
    if refusal is not None:
        raise refusal


def _arrive(
    exchange: Exchange,
    thread: Thread,
    content: Content,
    body: Mapping[str, Any],
    persona: Mapping[str, str],
) -> Bubble:
    now, acted = exchange.clock.now(), thread.last_user_action
    bubble = Bubble(
        id=new_message_id(exchange, thread.channel),
        sender="bot",
        kind=content.kind,
        text=content.text,
        at=now,
        status="sent",
        choices=list(content.choices),
        menu=content.menu,
        media=content.media,
        persona=persona.get("name", ""),
        picture=persona.get("profile_picture_url", ""),
        reply_to=_answered(body),
        callback_data=str(body.get("biz_opaque_callback_data") or ""),
        unprompted=acted is None or now - acted >= WROTE_FIRST_AFTER,
    )
    _follow_persona(exchange, thread, bubble.persona)
    exchange.show(thread, bubble)
    exchange.later(report(exchange, thread, bubble, body))
    return bubble


def _answered(body: Mapping[str, Any]) -> str:
    for part, key in (("reply_to", "mid"), ("context", "message_id")):
        named = body.get(part)
        if isinstance(named, Mapping):
            return str(named.get(key) or "")
    return ""


def _follow_persona(exchange: Exchange, thread: Thread, name: str) -> None:
    for entry in exchange.config.personas:
        if name and entry.name == name:
            thread.persona = entry.id


def _seen(exchange: Exchange, thread: Thread) -> None:
    for bubble in thread.bubbles:
        if bubble.sender == "person" and bubble.status in ("sending", "delivered"):
            exchange.change(thread, bubble, status="read")


def _react(exchange: Exchange, thread: Thread, raw: Any, *, on: bool) -> None:
    payload = raw if isinstance(raw, Mapping) else {}
    target = thread.find(str(payload.get("message_id")))
    if target is not None:
        emoji = str(payload.get("emoji") or payload.get("reaction") or "❤") if on else ""
        exchange.change(thread, target, reaction=emoji)
