"""Webhook envelopes of the WhatsApp Cloud API, as Meta sends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from overture.sandbox.acts import Act
from overture.sandbox.config import Account
from overture.sandbox.people import business_scoped_id, is_business_scoped

#: Id of the WhatsApp Business Account that owns the number; the routing key is not this one.
_BUSINESS_ACCOUNT = "102290129340398"
PROFILE_NAME = "Guest"


def act_event(
    account: Account, user_id: str, act: Act, message_id: str, at: datetime
) -> dict[str, Any]:
    """Return the envelope of what a person did at an instant of the stand-in's clock."""
    sender = {} if is_business_scoped(user_id) else {"from": user_id}
    message = {
        **sender,
        "from_user_id": business_scoped_id(user_id),
        "id": message_id,
        "timestamp": _seconds(at),
        **_MESSAGES[act.kind](act),
    }
    if act.target and act.kind not in ("reaction", "unsend"):
        message["context"] = {"from": account.display_number, "id": act.target}
    value = {"contacts": [_contact(user_id)], "messages": [message]}
    return envelope(account, "messages", value)


def status_event(
    account: Account,
    user_id: str,
    message_id: str,
    status: str,
    at: datetime,
    *,
    callback_data: str = "",
    errors: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the envelope of what became of a message: sent, delivered, read or failed."""
    entry: dict[str, Any] = {
        "id": message_id,
        "status": status,
        "timestamp": _seconds(at),
        "recipient_id": "" if is_business_scoped(user_id) else user_id,
        "recipient_user_id": business_scoped_id(user_id),
    }
    if callback_data:
        entry["biz_opaque_callback_data"] = callback_data
    if errors:
        entry["errors"] = list(errors)
    else:
        price = {"billable": True, "pricing_model": "PMP", "type": "regular"}
        entry["pricing"] = {**price, "category": "service"}
    return envelope(account, "messages", {"contacts": [_contact(user_id)], "statuses": [entry]})


def inbox_event(
    account: Account, user_id: str, message_id: str, text: str, at: datetime
) -> dict[str, Any]:
    """Return the envelope that tells what a human wrote in the business app."""
    echo = {
        "from": account.display_number,
        "to": user_id,
        "id": message_id,
        "timestamp": _seconds(at),
        "type": "text",
        "text": {"body": text},
    }
    return envelope(account, "smb_message_echoes", {"message_echoes": [echo]})


def envelope(account: Account, field: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Put one change into the frame of the app."""
    framed = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": account.display_number,
            "phone_number_id": account.id,
        },
        **value,
    }
    entry = {"id": _BUSINESS_ACCOUNT, "changes": [{"field": field, "value": framed}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _contact(user_id: str) -> dict[str, Any]:
    contact: dict[str, Any] = {
        "profile": {"name": PROFILE_NAME},
        "user_id": business_scoped_id(user_id),
    }
    if not is_business_scoped(user_id):
        contact["wa_id"] = user_id
    return contact


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def _text(act: Act) -> dict[str, Any]:
    return {"type": "text", "text": {"body": act.text}}


def _button(act: Act) -> dict[str, Any]:
    reply = {"id": act.payload, "title": act.text}
    return {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}


def _row(act: Act) -> dict[str, Any]:
    reply = {"id": act.payload, "title": act.text}
    if act.description:
        reply["description"] = act.description
    return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": reply}}


def _attachment(act: Act) -> dict[str, Any]:
    if act.what == "location":
        place = {"latitude": 48.8583, "longitude": 2.2945, "name": "Location"}
        return {"type": "location", "location": place}
    types = {"image": "image/jpeg", "sticker": "image/webp", "audio": "audio/ogg; codecs=opus"}
    file: dict[str, Any] = {"id": f"sandbox-{act.what}", "mime_type": types[act.what]}
    if act.what == "audio":
        file["voice"] = True
    if act.what == "sticker":
        file["animated"] = False
    return {"type": act.what, act.what: file}


def _reaction(act: Act) -> dict[str, Any]:
    reaction = {"message_id": act.target}
    if act.what:
        reaction["emoji"] = act.what
    return {"type": "reaction", "reaction": reaction}


def _unsend(act: Act) -> dict[str, Any]:
    return {"type": "revoke", "revoke": {"original_message_id": act.target}}


_MESSAGES: dict[str, Callable[[Act], dict[str, Any]]] = {
    "text": _text,
    "button": _button,
    "row": _row,
    "attachment": _attachment,
    "reaction": _reaction,
    "unsend": _unsend,
}
