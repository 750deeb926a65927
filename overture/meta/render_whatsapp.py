"""Messages in the form of the WhatsApp Cloud API, where each message costs money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from overture.meta.limits import LIMITS
from overture.meta.outbound import Card, Media, OutboundMessage, Recipient, Template
from overture.meta.render_direct import choices_of, link_line, tap_line, with_lines
from overture.meta.text import shorten, split, utf16_units
from overture.meta.whatsapp_choices import Choices, choices_for
from overture.meta.whatsapp_frame import scoped_id

Body = dict[str, Any]

_LIMITS = LIMITS["whatsapp"]
_PARAMETER_SPACE = re.compile(r"\s+")


def render(message: OutboundMessage, to: Recipient) -> list[Body]:
    """Render a message in as few requests as it fits into."""
    contents = [_template(message.template)] if message.template else _contents(message)
    if message.follow_up:
        contents = contents[-1:]
    return [
        _framed(content, message, to, first=index == 0) for index, content in enumerate(contents)
    ]


def merge(messages: Sequence[OutboundMessage]) -> list[OutboundMessage]:
    """Join consecutive bubbles into one while they fit; the last may bring buttons."""
    merged: list[OutboundMessage] = []
    for message in messages:
        joined = _joined(merged[-1], message) if merged else None
        if joined:
            merged[-1] = joined
        else:
            merged.append(message)
    return merged


def _joined(first: OutboundMessage, second: OutboundMessage) -> OutboundMessage | None:
    text = "\n\n".join(filter(None, (first.text, second.text)))
    limit = _LIMITS.button_text if second.buttons or first.all_media else _LIMITS.text
    if not _plain_end(first) or not _plain_start(second) or utf16_units(text) > limit:
        return None
    return replace(
        first,
        text=text,
        buttons=second.buttons,
        list_label=second.list_label,
        reference=second.reference or first.reference,
    )


def _plain_end(message: OutboundMessage) -> bool:
    special = message.buttons or message.cards or message.template or message.follow_up
    return not special and len(message.all_media) <= 1


def _plain_start(message: OutboundMessage) -> bool:
    special = message.all_media or message.cards or message.template or message.follow_up
    return not special and not message.reply_to


def _contents(message: OutboundMessage) -> list[Body]:
    """Render media and cards first, then text; a lone image carries the text or the buttons."""
    taps, links = choices_of(message.buttons)
    choices = choices_for(taps, links, label=message.list_label)
    text = with_lines(message.text, [tap_line(tap) for tap in choices.unplaced_taps])
    text = with_lines(text, [link_line(link) for link in choices.unplaced_links])
    media = [_media(one) for one in message.all_media]
    cards = [content for card in message.cards for content in _card(card)]
    if len(media) == 1 and not cards:
        illustrated = _illustrated(message.all_media[0], text, choices)
        if illustrated:
            return [illustrated]
    return [*media, *cards, *_text_contents(text, choices, single=message.follow_up)]


def _illustrated(media: Media, text: str, choices: Choices) -> Body | None:
    """Put image and words into one message, if the words fit under it."""
    assert _LIMITS.caption is not None
    if media.kind not in ("image", "video") or not text or utf16_units(text) > _LIMITS.caption:
        return None
    if choices.interactive is None:
        return {"type": media.kind, media.kind: {"link": media.url, "caption": text}}
    if not choices.takes_header:
        return None
    header = {"type": media.kind, media.kind: {"link": media.url}}
    return _interactive(text, choices, {"header": header})


def _text_contents(text: str, choices: Choices, *, single: bool) -> list[Body]:
    if choices.interactive is None:
        return [_text(part) for part in _parts(text, _LIMITS.text, single=single)]
    parts = _parts(text or choices.prompt, choices.body_limit, single=single)
    if len(parts) > 1:
        last = parts[-1]
        before = text[: text.rindex(last)]
        return [*(_text(part) for part in split(before, _LIMITS.text)), _interactive(last, choices)]
    return [_interactive(parts[0], choices)]


def _parts(text: str, limit: int, *, single: bool) -> list[str]:
    if single:
        return list(filter(None, [shorten(text, limit)]))
    return split(text, limit)


def _text(text: str) -> Body:
    return {"type": "text", "text": {"body": text, "preview_url": "https://" in text}}


def _interactive(text: str, choices: Choices, extra: Body | None = None) -> Body:
    interactive = {**(choices.interactive or {}), "body": {"text": text}, **(extra or {})}
    return {"type": "interactive", "interactive": interactive}


def _media(media: Media) -> Body:
    kind = "document" if media.kind == "file" else media.kind
    content: Body = {"link": media.url}
    if kind == "document" and media.filename:
        content["filename"] = media.filename
    return {"type": kind, kind: content}


def _card(card: Card) -> list[Body]:
    lines = [line for line in (card.title, card.subtitle, card.url) if line]
    if card.image:
        caption = shorten("\n".join(lines), _LIMITS.caption or 0)
        return [{"type": "image", "image": {"link": card.image, "caption": caption}}]
    return [_text(part) for part in split("\n".join(lines), _LIMITS.text)]


def _template(template: Template) -> Body:
    components: list[Body] = []
    if template.body:
        values = [{"type": "text", "text": _parameter(value)} for value in template.body]
        components.append({"type": "body", "parameters": values})
    for index, payload in enumerate(template.payloads):
        button = {"type": "button", "sub_type": "quick_reply", "index": str(index)}
        parameters = [{"type": "payload", "payload": payload}]
        components.append({**button, "parameters": parameters})
    named: Body = {"name": template.name, "language": {"code": template.language}}
    if components:
        named["components"] = components
    return {"type": "template", "template": named}


def _parameter(value: str) -> str:
    """Return a value a template takes: one line, no runs of blanks, never empty."""
    return shorten(_PARAMETER_SPACE.sub(" ", value), _LIMITS.button_text) or "-"


def _framed(content: Body, message: OutboundMessage, to: Recipient, *, first: bool) -> Body:
    body: Body = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    body["recipient" if scoped_id(to.id) else "to"] = to.id
    body.update(content)
    if message.reply_to and first:
        body["context"] = {"message_id": message.reply_to}
    if message.reference and len(message.reference) <= _LIMITS.reference:
        body["biz_opaque_callback_data"] = message.reference
    return body
