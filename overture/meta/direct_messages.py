"""Messenger and Instagram events in which a person says something: message, tap, link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from overture.making import made
from overture.meta import wire
from overture.meta.direct_content import Content, content_of
from overture.meta.direct_frame import Frame
from overture.meta.events import InboundMessage, Referral, Standby, Unsend
from overture.meta.reading import Reading


def read_message(frame: Frame, message: Any, reading: Reading) -> None:
    """Read a message: said, taken back, or something that only looks like one."""
    if not isinstance(message, dict):
        reading.skip("malformed")
    elif wire.flag(message.get("is_self")):
        reading.skip("self")
    elif wire.flag(message.get("is_deleted")):
        _read_unsend(frame, message, reading)
    else:
        _keep(frame, message, content_of(message), _context(frame, message), reading)


def read_postback(frame: Frame, postback: Any, reading: Reading) -> None:
    """Read a tap on a button, a menu item, an ice breaker or Get Started."""
    if not isinstance(postback, dict):
        reading.skip("malformed")
        return
    content = Content(
        kind="postback",
        text=wire.text(postback.get("title")),
        payload=wire.opaque(postback.get("payload")),
    )
    _keep(frame, postback, content, _context(frame, postback), reading)


def read_referral(frame: Frame, referral: Any, reading: Reading) -> None:
    """Read a link that was opened in an existing thread."""
    if not isinstance(referral, dict):
        reading.skip("malformed")
        return
    context = referral_of(referral)
    content = Content(kind="referral", payload=context.ref if context else None)
    _keep(frame, {}, content, context, reading)


def referral_of(value: Any) -> Referral | None:
    """Read where a person came from, or None when nothing says so."""
    if not isinstance(value, dict) or not value:
        return None
    advert = wire.mapping(value.get("ads_context_data"))
    product = wire.mapping(value.get("product"))
    return Referral(
        ref=wire.text(value.get("ref")),
        source=wire.text(value.get("source")),
        type=wire.text(value.get("type")),
        ad_id=wire.identifier(value.get("ad_id")),
        url=wire.text(value.get("referer_uri")),
        title=wire.text(advert.get("ad_title")),
        product_id=wire.identifier(product.get("id") or advert.get("product_id")),
    )


def _context(frame: Frame, inside: dict[str, Any]) -> Referral | None:
    return referral_of(inside.get("referral")) or referral_of(frame.event.get("referral"))


def _read_unsend(frame: Frame, message: dict[str, Any], reading: Reading) -> None:
    message_id = wire.identifier(message.get("mid"))
    if message_id is None:
        reading.skip("malformed")
    else:
        reading.skip("unsend", Unsend(**frame.origin, message_id=message_id))


def _keep(
    frame: Frame,
    source: dict[str, Any],
    content: Content,
    referral: Referral | None,
    reading: Reading,
) -> None:
    if frame.user_id is None:
        reading.skip("no_sender")
        return
    answered = source.get("reply_to")
    reply_to, story_url = _answered(answered) if answered is not None else (None, None)
    message_id = frame.id_for(source.get("mid"), content.kind, content.text, content.payload)
    message = made(
        InboundMessage,
        {
            "channel": frame.channel,
            "account_id": frame.account_id,
            "user_id": frame.user_id,
            "message_id": message_id,
            "kind": content.kind,
            "text": content.text,
            "payload": content.payload,
            "occurred_at": frame.occurred_at,
            "referral": referral,
            "reply_to": reply_to,
            "story_url": story_url,
            "attachments": content.attachments,
        },
    )
    if frame.standby:
        reading.skip("standby", Standby(**frame.origin, message=message))
    else:
        reading.message(message)


def _answered(value: Any) -> tuple[str | None, str | None]:
    """Return the id of the message, and the address of the story, that is answered."""
    answered = wire.mapping(value)
    story = wire.mapping(answered.get("story"))
    return wire.identifier(answered.get("mid")), wire.text(story.get("url"))


MESSAGE_READERS: Mapping[str, Callable[[Frame, Any, Reading], None]] = {
    "message": read_message,
    "postback": read_postback,
}
