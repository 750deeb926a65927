"""Messages in the form of the Messenger Send API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from overture.meta.limits import LIMITS
from overture.meta.outbound import Button, OutboundMessage, Recipient
from overture.meta.render_direct import (
    card_contents,
    choices_of,
    in_order,
    link_line,
    media_contents,
    quick_replies,
    tap_line,
    template_button,
    texts,
    with_lines,
)
from overture.meta.text import ELLIPSIS, shorten, split

Body = dict[str, Any]

_LIMITS = LIMITS["messenger"]


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
    extra += [link_line(link) for link in links[_LIMITS.buttons :]]
    text = with_lines(message.text, extra)
    if not text and not message.buttons:
        return []
    parts = texts(text or ELLIPSIS, _LIMITS, single=message.follow_up)
    if links:
        contents = _with_template(parts, links[: _LIMITS.buttons], single=message.follow_up)
    else:
        contents = [{"text": part} for part in parts]
    if taps and contents:
        contents[-1]["quick_replies"] = quick_replies(taps, _LIMITS)
    return contents


def _with_template(parts: Sequence[str], links: Sequence[Button], *, single: bool) -> list[Body]:
    """Put links on the last part, which has less room beside them."""
    last = parts[-1]
    limit = _LIMITS.button_text
    tail = [shorten(last, limit)] if single else split(last, limit)
    contents: list[Body] = [{"text": part} for part in (*parts[:-1], *tail[:-1])]
    payload = {
        "template_type": "button",
        "text": tail[-1],
        "buttons": [template_button(link, _LIMITS) for link in links],
    }
    return [*contents, {"attachment": {"type": "template", "payload": payload}}]


def _framed(content: Body, message: OutboundMessage, to: Recipient, *, first: bool) -> Body:
    token = to.one_time_token
    body: Body = {
        "recipient": {"one_time_notif_token": token} if token else {"id": to.id},
        "messaging_type": "UPDATE" if message.follow_up else "RESPONSE",
        "message": content,
    }
    if message.reference and len(message.reference) <= _LIMITS.reference:
        content["metadata"] = message.reference
    if message.reply_to and first:
        body["reply_to"] = {"mid": message.reply_to}
    if to.persona_id:
        body["persona_id"] = to.persona_id
    return body
