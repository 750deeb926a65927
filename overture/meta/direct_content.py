"""What a Messenger or Instagram message holds: its kind, words, payload and attachments."""

from __future__ import annotations

from typing import Any, NamedTuple

from overture.meta import wire
from overture.meta.events import Attachment

_STICKERS = frozenset({"sticker", "like_heart"})
#: Keys of a message that is nothing but text.
_PLAIN = frozenset({"mid", "text", "nlp"})


class Content(NamedTuple):
    """What a message says, apart from who says it."""

    kind: str
    text: str | None = None
    payload: str | None = None
    attachments: tuple[Attachment, ...] = ()
    detail: str | None = None


def content_of(message: dict[str, Any]) -> Content:
    """Read a ``message`` object; a caption stays the text of its attachments."""
    text = wire.text(message.get("text"))
    if message.keys() <= _PLAIN:
        return Content(kind="text", text=text)
    attachments = attachments_of(message.get("attachments"))
    quick_reply = message.get("quick_reply")
    return Content(
        kind=_kind(message, attachments),
        text=text,
        payload=wire.opaque(wire.mapping(quick_reply).get("payload")),
        attachments=attachments,
    )


def attachments_of(value: Any) -> tuple[Attachment, ...]:
    """Read every attachment; a sticker that comes twice, also as an image, is one sticker."""
    found: list[Attachment] = []
    stickers: set[str | None] = set()
    for item in wire.items(value):
        if not isinstance(item, dict):
            continue
        attachment = _attachment(item)
        if attachment.kind in _STICKERS:
            if attachment.media_id in stickers:
                continue
            stickers.add(attachment.media_id)
        found.append(attachment)
    return tuple(found)


def _kind(message: dict[str, Any], attachments: tuple[Attachment, ...]) -> str:
    if wire.flag(message.get("is_unsupported")):
        return "unsupported"
    if isinstance(message.get("quick_reply"), dict):
        return "quick_reply"
    if wire.mapping(message.get("reply_to")).get("story"):
        return "story_reply"
    if attachments:
        return _kind_of_all(attachments, has_text=wire.text(message.get("text")) is not None)
    only_unreadable = message.get("attachments") and wire.text(message.get("text")) is None
    return "unsupported" if only_unreadable else "text"


def _kind_of_all(attachments: tuple[Attachment, ...], *, has_text: bool) -> str:
    kinds = {attachment.kind for attachment in attachments}
    if "story_mention" in kinds:
        return "story_mention"
    if kinds <= _STICKERS:
        return "sticker"
    if kinds == {"location"}:
        return "location"
    typed_link = has_text and kinds == {"fallback"}
    return "text" if typed_link else "attachment"


def _attachment(item: dict[str, Any]) -> Attachment:
    payload = wire.mapping(item.get("payload"))
    place = wire.mapping(payload.get("coordinates"))
    sticker = wire.identifier(payload.get("sticker_id"))
    return Attachment(
        kind="sticker" if sticker else wire.text(item.get("type")) or "unknown",
        url=wire.text(payload.get("url")) or wire.text(item.get("url")),
        media_id=sticker or _reference(payload),
        title=wire.text(payload.get("title")) or wire.text(item.get("title")),
        latitude=wire.number(place.get("lat")),
        longitude=wire.number(place.get("long")),
    )


def _reference(payload: dict[str, Any]) -> str | None:
    keys = ("reel_video_id", "ig_post_media_id", "attachment_id", "booking_id", "id")
    return next(filter(None, (wire.identifier(payload.get(key)) for key in keys)), None)
