"""The person's side: what happens when somebody types, taps, attaches, opens a link or looks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from overture.sandbox import page_webhooks, whatsapp_webhooks
from overture.sandbox.acts import ATTACHMENTS, Act
from overture.sandbox.config import Account
from overture.sandbox.exchange import Exchange
from overture.sandbox.postman import Letter
from overture.sandbox.threads import Bubble, Choice, Thread

GET_STARTED = "GET_STARTED"


class CannotSay(Exception):
    """Say why a person cannot do that on this phone."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What came of an act: its message id and, once it is delivered, whether it got its 200."""

    message_id: str
    delivery: asyncio.Task[bool]


def say(exchange: Exchange, account: Account, user_id: str, wish: Mapping[str, Any]) -> Said | None:
    """Do what a person wishes to do on a phone.

    Args:
        wish: one of ``text``, ``tap``, ``attach``, ``open``, ``react``, ``unsend``, as described
            in `overture.sandbox`.

    Returns:
        None when the platform tells the account nothing about it.

    Raises:
        CannotSay: that is not possible here.
    """
    thread = exchange.thread(account, user_id)
    act = _act(exchange, account, thread, wish)
    return _perform(exchange, account, thread, act) if act else None


def look(exchange: Exchange, account: Account, user_id: str) -> int:
    """Let the person see what the account wrote; return how many messages were new."""
    thread = exchange.world.find(account.channel, account.id, user_id)
    if thread is None:
        return 0
    now = exchange.clock.now()
    unseen = [bubble for bubble in thread.from_account() if bubble.status in ("sent", "delivered")]
    for bubble in unseen:
        exchange.change(thread, bubble, status="read")
    for body, message_id in _read_receipts(account, thread, unseen, now):
        exchange.send(_letter(account, thread, "status:read", body, message_id, "status"))
    return len(unseen)


def write_from_inbox(exchange: Exchange, account: Account, user_id: str, text: str) -> Said:
    """Let a human write for the account, from the inbox of the page or the business app."""
    thread = exchange.thread(account, user_id)
    now, mid = exchange.clock.now(), new_message_id(exchange, account.channel)
    bubble = Bubble(id=mid, sender="inbox", kind="text", text=text, at=now, status="delivered")
    exchange.show(thread, bubble)
    if account.channel == "whatsapp":
        body = whatsapp_webhooks.inbox_event(account, thread.user_id, mid, text, now)
    else:
        body = page_webhooks.echo_event(
            account, thread.user_id, {"mid": mid, "text": text}, now, page_webhooks.PAGE_INBOX_APP
        )
    return Said(
        message_id=mid, delivery=exchange.send(_letter(account, thread, "inbox", body, mid))
    )


def new_message_id(exchange: Exchange, channel: str) -> str:
    """Make a message id that looks like those of the app."""
    opening = {"messenger": "m_", "instagram": "aWdfZAG1f", "whatsapp": "wamid.HBgL"}
    return opening[channel] + exchange.ids()


def _act(
    exchange: Exchange, account: Account, thread: Thread, wish: Mapping[str, Any]
) -> Act | None:
    if wish.get("text") is not None:
        text = str(wish["text"])
        if not text:
            raise CannotSay("there is no text to send")
        ref, thread.waiting_ref = thread.waiting_ref, ""
        return Act(kind="text", text=text, target=str(wish.get("reply_to") or ""), ref=ref)
    if wish.get("tap") is not None:
        return _tap(account.channel, thread, wish["tap"])
    if wish.get("attach") is not None:
        return _attach(str(wish["attach"]))
    if wish.get("open") is not None:
        return _open(exchange, account, thread, str(wish["open"]))
    return _about_message(account.channel, thread, wish)


def _tap(channel: str, thread: Thread, wanted: Any) -> Act:
    bubble, choice = _find_choice(thread, wanted)
    if choice.style == "link":
        raise CannotSay(f"{choice.title!r} is a link; the platform tells the account nothing")
    if choice.style == "quick_reply":
        _take_quick_replies_away(thread)
    return Act(
        kind=choice.style,
        text=choice.title,
        payload=choice.payload,
        description=choice.description,
        target=bubble.id if channel == "whatsapp" else "",
    )


def _find_choice(thread: Thread, wanted: Any) -> tuple[Bubble, Choice]:
    within = str(wanted.get("message_id") or "") if isinstance(wanted, Mapping) else ""
    name = str(wanted.get("title") or wanted.get("payload")) if within else str(wanted)
    for bubble, choice in _choices(thread):
        if within in ("", bubble.id) and name in (choice.title, choice.payload):
            return bubble, choice
    raise CannotSay(f"nothing called {name!r} can be tapped in this chat")


def _choices(thread: Thread) -> Iterator[tuple[Bubble, Choice]]:
    for bubble in thread.from_account():
        for choice in bubble.choices:
            yield bubble, choice


def _take_quick_replies_away(thread: Thread) -> None:
    for bubble in thread.from_account():
        bubble.choices = [choice for choice in bubble.choices if choice.style != "quick_reply"]


def _attach(what: str) -> Act:
    if what not in ATTACHMENTS:
        raise CannotSay(f"cannot attach {what!r}; there are {', '.join(ATTACHMENTS)}")
    return Act(kind="attachment", what=what)


def _open(exchange: Exchange, account: Account, thread: Thread, ref: str) -> Act | None:
    entry = exchange.config.persona_of_ref(ref)
    is_new = not thread.bubbles
    if not ref and not (account.channel == "messenger" and is_new):
        raise CannotSay("only a new chat on Messenger opens without a link, with Get Started")
    if entry is not None:
        thread.persona = entry.id
        exchange.publish_thread("opened", thread, ref=ref)
    if account.channel == "whatsapp":
        name = entry.name if entry else "there"
        return Act(kind="text", text=f"Hi {name}! [{ref}]")
    if not is_new:
        return Act(kind="referral", ref=ref)
    if account.channel == "messenger":
        return Act(kind="get_started", text="Get Started", payload=GET_STARTED, ref=ref)
    thread.waiting_ref = ref
    return None


def _about_message(channel: str, thread: Thread, wish: Mapping[str, Any]) -> Act:
    react, unsend = wish.get("react"), wish.get("unsend")
    if isinstance(react, Mapping):
        target = str(react.get("message_id"))
        act = Act(kind="reaction", what=str(react.get("emoji") or ""), target=target)
    elif unsend is not None and channel == "messenger":
        raise CannotSay("Messenger tells a Page nothing when a message is unsent")
    elif unsend is not None:
        act = Act(kind="unsend", target=str(unsend))
    else:
        raise CannotSay("say one of text, tap, attach, open, react, unsend")
    if thread.find(act.target) is None:
        raise CannotSay(f"no message {act.target!r} is in this chat")
    return act


def _perform(exchange: Exchange, account: Account, thread: Thread, act: Act) -> Said:
    now = exchange.clock.now()
    if act.kind != "unsend":
        thread.last_user_action = now
    mid = new_message_id(exchange, account.channel)
    bubble = _bubble(exchange, thread, act, mid, now)
    files = f"http://{exchange.config.host}:{exchange.config.port}/sandbox/media"
    if account.channel == "whatsapp":
        body = whatsapp_webhooks.act_event(account, thread.user_id, act, mid, now)
    else:
        body = page_webhooks.act_event(account, thread.user_id, act, mid, now, files)
    letter = _letter(account, thread, act.kind, body, mid)
    delivery = exchange.later(_deliver(exchange, thread, bubble, letter))
    return Said(message_id=mid, delivery=delivery)


def _bubble(exchange: Exchange, thread: Thread, act: Act, mid: str, now: datetime) -> Bubble | None:
    if act.kind in ("reaction", "unsend"):
        target = thread.find(act.target)
        if target is not None:
            fields = {"reaction": act.what} if act.kind == "reaction" else _removed()
            exchange.change(thread, target, **fields)
        return None
    if not act.is_message:
        return None
    bubble = Bubble(
        id=mid,
        sender="person",
        kind=act.what or "text",
        text=act.text,
        at=now,
        media=f"/sandbox/media/{ATTACHMENTS[act.what]}" if ATTACHMENTS.get(act.what) else "",
        reply_to=act.target if act.kind == "text" else "",
    )
    exchange.show(thread, bubble)
    return bubble


def _removed() -> dict[str, str]:
    return {"status": "removed", "text": "", "media": ""}


async def _deliver(
    exchange: Exchange, thread: Thread, bubble: Bubble | None, letter: Letter
) -> bool:
    delivered = await exchange.postman.deliver(letter)
    if bubble is not None and bubble.status == "sending":
        exchange.change(thread, bubble, status="delivered" if delivered else "failed")
    return delivered


def _read_receipts(
    account: Account, thread: Thread, unseen: list[Bubble], now: datetime
) -> Iterator[tuple[dict[str, Any], str]]:
    if account.channel == "whatsapp":
        for bubble in reversed(unseen):
            yield (
                whatsapp_webhooks.status_event(
                    account,
                    thread.user_id,
                    bubble.id,
                    "read",
                    now,
                    callback_data=bubble.callback_data,
                ),
                bubble.id,
            )
    elif unseen:
        mid = unseen[0].id
        yield page_webhooks.read_event(account, thread.user_id, mid, now), mid


def _letter(
    account: Account,
    thread: Thread,
    kind: str,
    body: Mapping[str, Any],
    message_id: str,
    line: str = "",
) -> Letter:
    return Letter(
        account=account,
        line=f"{thread.key}:{line}",
        kind=kind,
        user_id=thread.user_id,
        body=body,
        message_id=message_id,
    )
