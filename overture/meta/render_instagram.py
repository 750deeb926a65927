"""Messages in the form Instagram takes; links are written out, since only text is sure there."""

from __future__ import annotations

from typing import Any

from overture.meta.limits import LIMITS
from overture.meta.outbound import OutboundMessage, Recipient
from overture.meta.render_direct import (
    card_contents,
    choices_of,
    in_order,
    link_line,
    media_contents,
    quick_replies,
    tap_line,
    texts,
    with_lines,
)
from overture.meta.text import ELLIPSIS

Body = dict[str, Any]

_LIMITS = LIMITS["instagram"]


def render(message: OutboundMessage, to: Recipient) -> list[Body]:
    """Render media, cards and text, in this order: quick replies must stand on the last message."""
    contents = [
        *media_contents(message.all_media),
        *card_contents(message.cards, _LIMITS),
        *_text_contents(message),
    ]
    return [
        _framed(content, message, to, first=index == 0)
        for index, content in enumerate(in_order(message, contents))
    ]


def _text_contents(message: OutboundMessage) -> list[Body]:
    taps, links = choices_of(message.buttons)
    extra = [tap_line(tap) for tap in taps[_LIMITS.quick_replies :]]
    text = with_lines(message.text, [*extra, *map(link_line, links)])
    if not text and not taps:
        return []
    parts = texts(text or ELLIPSIS, _LIMITS, single=message.follow_up)
    contents: list[Body] = [{"text": part} for part in parts]
    if taps and contents:
        contents[-1]["quick_replies"] = quick_replies(taps, _LIMITS)
    return contents


def _framed(content: Body, message: OutboundMessage, to: Recipient, *, first: bool) -> Body:
    body: Body = {"recipient": {"id": to.id}, "message": content}
    if message.reply_to and first:
        body["reply_to"] = {"mid": message.reply_to}
    return body
