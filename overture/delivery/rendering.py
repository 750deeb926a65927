"""From what the dialogue said to rows of the outbox, in the platform's own form; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from overture.identity import Conversation
from overture.meta.outbound import OutboundMessage, Recipient, Template, from_bot_message
from overture.meta.render import merge, render
from overture.meta.whatsapp_frame import scoped_id
from overture.services.naming import OWN_MARK, reference
from overture.store.records import Inbound, Outbound


def recipient_of(conversation: Conversation) -> Recipient:
    """Return whom the platform is to send to."""
    return Recipient(id=conversation.user_id.replace("%3A", ":"))


def outbound_rows(
    message: Inbound, said: Sequence[Mapping[str, Any]], now: datetime
) -> list[Outbound]:
    """Render the answers of one turn, in the order they were said.

    One row for each call to the platform; bubbles are joined where each costs money.
    """
    assert message.conversation_id is not None
    conversation = Conversation.parse(message.conversation_id)
    spoken = [replace(from_bot_message(one), reference=OWN_MARK) for one in said]
    return [
        Outbound(
            conversation_id=message.conversation_id,
            contact_id=str(message.contact),
            kind="reply",
            inbound_id=message.id,
            text=one.text,
            request=body,
            created_at=now,
        )
        for one in merge(conversation.channel, spoken)
        for body in render(conversation.channel, one, recipient_of(conversation))
    ]


def typed_rows(conversation: Conversation, text: str, now: datetime) -> list[Outbound]:
    """Render what a human typed; one row for each call to the platform."""
    spoken = OutboundMessage(text=text, reference=OWN_MARK)
    return [
        Outbound(
            conversation_id=str(conversation),
            contact_id=str(conversation.contact),
            kind="person",
            text=_words(body),
            request=body,
            created_at=now,
        )
        for body in render(conversation.channel, spoken, recipient_of(conversation))
    ]


def _words(body: Mapping[str, Any]) -> str | None:
    text = (body.get("message") or body).get("text")
    return text.get("body") if isinstance(text, Mapping) else text


def follow_up_body(
    conversation: Conversation,
    message: Mapping[str, Any],
    template: Mapping[str, str] | None = None,
) -> tuple[OutboundMessage, dict[str, Any]] | None:
    """Render a follow-up as exactly one call; None if there is nothing to say.

    Args:
        template: name and language of an approved template that carries the words, where
            the platform's free window is over.
    """
    spoken = replace(from_bot_message(message), follow_up=True, reference=OWN_MARK)
    if template and spoken.text:
        words = (" ".join(spoken.text.split()),)  # a template's value may hold no line break
        named = Template(name=template["name"], language=template["language"], body=words)
        spoken = replace(spoken, template=named)
    bodies = render(conversation.channel, spoken, recipient_of(conversation))
    return (spoken, bodies[0]) if bodies else None


def addressed(message: Outbound) -> dict[str, Any]:
    """Return the body of a stored message, to the id the person has now, with its number.

    The number comes back in statuses and echoes, so that a message is known again even if
    the platform's answer to it was lost.
    """
    body = dict(message.request)
    channel, _, user_id = message.contact_id.split(":")
    mark = reference(message.id)
    if channel == "whatsapp":
        to = user_id.replace("%3A", ":")
        body = {name: value for name, value in body.items() if name not in {"to", "recipient"}}
        body["recipient" if scoped_id(to) else "to"] = to
        body["biz_opaque_callback_data"] = mark
    elif channel == "messenger" and isinstance(body.get("message"), Mapping):
        body["message"] = {**body["message"], "metadata": mark}
    return body
