"""What a WhatsApp message holds: its kind, words, payload and attachments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from overture.meta import wire
from overture.meta.direct_content import Content
from overture.meta.events import Attachment

_MEDIA = ("image", "video", "document", "audio", "voice", "gif", "sticker")


def content_of(message: dict[str, Any], errors: Any) -> Content:
    """Read the body of a message by its type; a type nobody knows is ``unsupported``.

    Args:
        message: One item of ``messages[]``, or the ``message`` inside an edit.
        errors: ``value.errors``, which explains a message that came without a body.
    """
    kind = wire.text(message.get("type")) or _type_by_body(message)
    if kind in _MEDIA:
        return _media(kind, wire.mapping(message.get(kind)))
    if kind in _READERS:
        return _READERS[kind](message.get(kind), errors)
    return _unsupported(message, errors)


def _type_by_body(message: dict[str, Any]) -> str:
    return next((kind for kind in (*_READERS, *_MEDIA) if kind in message), "")


def _text(body: Any, errors: Any) -> Content:
    return Content(kind="text", text=wire.text(wire.mapping(body).get("body")) or wire.text(body))


def _media(kind: str, body: dict[str, Any]) -> Content:
    attachment = Attachment(
        kind=kind,
        url=wire.text(body.get("url")) or wire.text(body.get("link")),
        media_id=wire.identifier(body.get("id")),
        title=wire.text(body.get("filename")),
        mime_type=wire.text(body.get("mime_type")),
        voice=kind == "voice" or wire.flag(body.get("voice")),
    )
    return Content(
        kind="sticker" if kind == "sticker" else "attachment",
        text=wire.text(body.get("caption")),
        attachments=(attachment,),
    )


def _location(body: Any, errors: Any) -> Content:
    place = wire.mapping(body)
    attachment = Attachment(
        kind="location",
        latitude=wire.number(place.get("latitude")),
        longitude=wire.number(place.get("longitude")),
        title=wire.text(place.get("name")),
        address=wire.text(place.get("address")),
        url=wire.text(place.get("url")),
    )
    return Content(kind="location", attachments=(attachment,))


def _contacts(body: Any, errors: Any) -> Content:
    names = (wire.mapping(wire.mapping(card).get("name")) for card in wire.items(body))
    cards = tuple(
        Attachment(kind="contact", title=wire.text(name.get("formatted_name"))) for name in names
    )
    return Content(kind="contacts", attachments=cards)


def _interactive(body: Any, errors: Any) -> Content:
    """Read a tap or a form; Meta can send the frame without a body, and says why in errors."""
    answer = wire.mapping(body)
    for name in ("button_reply", "list_reply"):
        reply = answer.get(name)
        if isinstance(reply, dict):
            return Content(
                kind=name, text=wire.text(reply.get("title")), payload=wire.opaque(reply.get("id"))
            )
    form = answer.get("nfm_reply")
    if isinstance(form, dict):
        payload = wire.opaque(form.get("response_json"))
        return Content(kind="flow_reply", text=wire.text(form.get("body")), payload=payload)
    return Content(kind="unsupported", detail=wire.text(answer.get("type")) or _reason(errors))


def _button(body: Any, errors: Any) -> Content:
    tap = wire.mapping(body)
    payload = wire.opaque(tap.get("payload"))
    return Content(kind="button_reply", text=wire.text(tap.get("text")), payload=payload)


def _order(body: Any, errors: Any) -> Content:
    order = wire.mapping(body)
    products = tuple(
        Attachment(kind="product", media_id=wire.identifier(item.get("product_retailer_id")))
        for item in wire.items(order.get("product_items"))
        if isinstance(item, dict)
    )
    return Content(kind="order", text=wire.text(order.get("text")), attachments=products)


def _unsupported(message: dict[str, Any], errors: Any) -> Content:
    named = wire.text(wire.mapping(message.get("unsupported")).get("type"))
    detail = named or _reason(message.get("errors")) or _reason(errors)
    return Content(kind="unsupported", detail=detail or wire.text(message.get("type")))


def _reason(errors: Any) -> str | None:
    for error in wire.items(errors):
        if isinstance(error, dict):
            return wire.text(error.get("code"))
    return None


_READERS: Mapping[str, Callable[[Any, Any], Content]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _button,
    "location": _location,
    "contacts": _contacts,
    "order": _order,
}
