"""Webhook envelopes of Messenger and Instagram, as Meta sends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from overture.sandbox.acts import Act
from overture.sandbox.config import Account

_OBJECT = {"messenger": "page", "instagram": "instagram"}
_LINK_SOURCE = {"messenger": "SHORTLINK", "instagram": "IGME"}
_STICKER = "369239263222822"
PAGE_INBOX_APP = 26390203743090


def act_event(
    account: Account, user_id: str, act: Act, message_id: str, at: datetime, files: str
) -> dict[str, Any]:
    """Return the envelope of what a person did.

    Args:
        message_id: id of the new message.
        at: when, on the stand-in's clock.
        files: address under which attachments can be fetched.
    """
    return envelope(
        account,
        at,
        {
            **_frame(account, user_id, at),
            **_EVENTS[act.kind](account.channel, act, message_id, files),
        },
    )


def echo_event(
    account: Account, user_id: str, message: Mapping[str, Any], at: datetime, app_id: int | str
) -> dict[str, Any]:
    """Return the envelope that tells an account what it, or a human in its inbox, has sent."""
    echoed: dict[str, Any] = {"is_echo": True, **message}
    if account.channel == "messenger":
        echoed["app_id"] = int(app_id)
    frame = {"sender": {"id": account.id}, "recipient": {"id": user_id}, "timestamp": _ms(at)}
    return envelope(account, at, {**frame, "message": echoed})


def delivery_event(account: Account, user_id: str, mid: str, at: datetime) -> dict[str, Any]:
    """Return the envelope that reports a message as delivered; Messenger only."""
    event = {"delivery": {"mids": [mid], "watermark": _ms(at)}}
    return envelope(account, at, {**_frame(account, user_id, at), **event})


def read_event(account: Account, user_id: str, mid: str, at: datetime) -> dict[str, Any]:
    """Return the envelope that reports what was read: a watermark, on Instagram a message."""
    read = {"watermark": _ms(at)} if account.channel == "messenger" else {"mid": mid}
    return envelope(account, at, {**_frame(account, user_id, at), "read": read})


def envelope(account: Account, at: datetime, event: Mapping[str, Any]) -> dict[str, Any]:
    """Put one event into the frame of its app."""
    entry = {"id": account.id, "time": _ms(at), "messaging": [dict(event)]}
    return {"object": _OBJECT[account.channel], "entry": [entry]}


def _frame(account: Account, user_id: str, at: datetime) -> dict[str, Any]:
    return {"sender": {"id": user_id}, "recipient": {"id": account.id}, "timestamp": _ms(at)}


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _text(channel: str, act: Act, mid: str, files: str) -> dict[str, Any]:
    message: dict[str, Any] = {"mid": mid, "text": act.text}
    if act.target:
        message["reply_to"] = {"mid": act.target}
    if act.ref:
        message["referral"] = _referral(channel, act)
    return {"message": message}


def _quick_reply(channel: str, act: Act, mid: str, files: str) -> dict[str, Any]:
    reply = {"payload": act.payload}
    return {"message": {"mid": mid, "text": act.text, "quick_reply": reply}}


def _postback(channel: str, act: Act, mid: str, files: str) -> dict[str, Any]:
    postback: dict[str, Any] = {"mid": mid, "title": act.text, "payload": act.payload}
    if act.ref:
        postback["referral"] = _referral(channel, act)
    return {"postback": postback}


def _referral_event(channel: str, act: Act, mid: str, files: str) -> dict[str, Any]:
    return {"referral": _referral(channel, act)}


def _referral(channel: str, act: Act) -> dict[str, Any]:
    return {"ref": act.ref, "source": _LINK_SOURCE[channel], "type": "OPEN_THREAD"}


def _attachment(channel: str, act: Act, mid: str, files: str) -> dict[str, Any]:
    return {"message": {"mid": mid, "attachments": [_attached(channel, act.what, files)]}}


def _attached(channel: str, what: str, files: str) -> dict[str, Any]:
    if what == "location":
        place = {"lat": 48.8583, "long": 2.2945}
        return {"type": "location", "title": "Location", "payload": {"coordinates": place}}
    if what == "sticker" and channel == "messenger":
        sticker = {"url": f"{files}/sticker.svg", "sticker_id": _STICKER}
        return {"type": "sticker", "payload": sticker}
    name = {"image": "photo.jpg", "sticker": "sticker.svg", "audio": "voice.wav"}[what]
    kind = "image" if what == "sticker" else what
    return {"type": kind, "payload": {"url": f"{files}/{name}"}}


def _reaction(channel: str, act: Act, mid: str, files: str) -> dict[str, Any]:
    if not act.what:
        return {"reaction": {"mid": act.target, "action": "unreact"}}
    name = "love" if act.what in ("❤", "❤️") else "other"
    reaction = {"reaction": name, "emoji": act.what, "action": "react", "mid": act.target}
    return {"reaction": reaction}


def _unsend(channel: str, act: Act, mid: str, files: str) -> dict[str, Any]:
    return {"message": {"mid": act.target, "is_deleted": True}}


_EVENTS: dict[str, Callable[[str, Act, str, str], dict[str, Any]]] = {
    "text": _text,
    "quick_reply": _quick_reply,
    "button": _postback,
    "get_started": _postback,
    "referral": _referral_event,
    "attachment": _attachment,
    "reaction": _reaction,
    "unsend": _unsend,
}
