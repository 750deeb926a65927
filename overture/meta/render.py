"""One door for turning what we want to say into the bodies the Graph API takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from overture.meta import render_instagram, render_messenger, render_whatsapp
from overture.meta.outbound import OutboundMessage, Recipient

Body = dict[str, Any]

_RENDERERS: Mapping[str, Callable[[OutboundMessage, Recipient], list[Body]]] = MappingProxyType(
    {
        "messenger": render_messenger.render,
        "instagram": render_instagram.render,
        "whatsapp": render_whatsapp.render,
    }
)


def render(channel: str, message: OutboundMessage, to: Recipient) -> list[Body]:
    """Render a message as the bodies to post to ``/{account}/messages``, in order.

    A blank message renders as nothing. A follow-up renders as exactly one body: what does not fit
    is shortened or left out, never sent as a second message.
    """
    return _RENDERERS[channel](message, to)


def merge(channel: str, messages: Sequence[OutboundMessage]) -> list[OutboundMessage]:
    """Join the bubbles of one turn where each message costs money (WhatsApp); else keep them."""
    if channel == "whatsapp":
        return render_whatsapp.merge(messages)
    return list(messages)


def render_typing(
    channel: str, to: Recipient, *, on: bool = True, message_id: str | None = None
) -> Body | None:
    """Render a typing mark, or None where there is none.

    Args:
        channel: The channel.
        to: The person.
        on: Show or hide; WhatsApp hides by itself.
        message_id: The person's last message; WhatsApp shows typing only as an answer to it, and
            marks it as read in the same call.
    """
    if channel != "whatsapp":
        body = {"recipient": {"id": to.id}, "sender_action": "typing_on" if on else "typing_off"}
        return _in_persona(channel, body, to)
    if not on or message_id is None:
        return None
    return _whatsapp_read(message_id) | {"typing_indicator": {"type": "text"}}


def render_read(channel: str, to: Recipient, message_id: str | None = None) -> Body | None:
    """Render a read mark; WhatsApp needs the id of the message that was read."""
    if channel != "whatsapp":
        return {"recipient": {"id": to.id}, "sender_action": "mark_seen"}
    return _whatsapp_read(message_id) if message_id else None


def _whatsapp_read(message_id: str) -> Body:
    return {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}


def _in_persona(channel: str, body: Body, to: Recipient) -> Body:
    if channel == "messenger" and to.persona_id:
        body["persona_id"] = to.persona_id
    return body
