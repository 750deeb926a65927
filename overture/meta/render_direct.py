"""What Messenger and Instagram messages have in common: texts, quick replies, media, cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from overture.meta.limits import Limits
from overture.meta.outbound import Button, Card, Media, OutboundMessage
from overture.meta.text import shorten, split

Body = dict[str, Any]


def choices_of(buttons: Sequence[Button]) -> tuple[list[Button], list[Button]]:
    """Part buttons into taps and links."""
    return [b for b in buttons if not b.url], [b for b in buttons if b.url]


def quick_replies(taps: Sequence[Button], limits: Limits) -> list[Body]:
    """Render taps as quick replies, as many as fit."""
    return [
        {
            "content_type": "text",
            "title": shorten(tap.title, limits.title),
            "payload": payload_of(tap, limits.payload),
        }
        for tap in taps[: limits.quick_replies]
    ]


def payload_of(button: Button, limit: int) -> str:
    """Return what a tap sends; a payload that does not fit is never cut, the title speaks."""
    return button.value if len(button.value) <= limit else shorten(button.title, limit)


def with_lines(text: str | None, lines: Sequence[str]) -> str:
    """Return the text with choices that found no button written below it."""
    return "\n".join((text.strip() if text else "", *lines)).strip()


def link_line(button: Button) -> str:
    """Write a link as a line of text."""
    return f"{button.title}: {button.url}"


def tap_line(button: Button) -> str:
    """Write a choice as a line of text."""
    return f"\u2022 {button.title}"


def texts(text: str, limits: Limits, *, single: bool) -> list[str]:
    """Cut the text into messages; a follow-up is one message, shortened."""
    if single:
        short = shorten(text, limits.text, limits.size)
        return [short] if short else []
    return split(text, limits.text, limits.size)


def media_contents(media: Sequence[Media]) -> list[Body]:
    """Render pictures and recordings, one message each."""
    return [
        {"attachment": {"type": one.kind, "payload": {"url": one.url, "is_reusable": True}}}
        for one in media
    ]


def card_contents(cards: Sequence[Card], limits: Limits) -> list[Body]:
    """Render cards as one generic template."""
    if not cards:
        return []
    elements = [_element(card, limits) for card in cards[: limits.cards]]
    payload = {"template_type": "generic", "elements": elements}
    return [{"attachment": {"type": "template", "payload": payload}}]


def template_button(button: Button, limits: Limits) -> Body:
    """Render a button of a template."""
    title = shorten(button.title, limits.title)
    if button.url:
        return {"type": "web_url", "title": title, "url": button.url}
    return {"type": "postback", "title": title, "payload": payload_of(button, limits.payload)}


def in_order(message: OutboundMessage, contents: Sequence[Body]) -> list[Body]:
    """Return the contents to send: all, or of a follow-up the last, which holds the words."""
    return list(contents[-1:] if message.follow_up else contents)


def _element(card: Card, limits: Limits) -> Body:
    element: Body = {"title": shorten(card.title, limits.card_title)}
    if card.subtitle:
        element["subtitle"] = shorten(card.subtitle, limits.card_title)
    if card.image:
        element["image_url"] = card.image
    if card.url:
        element["default_action"] = {"type": "web_url", "url": card.url}
    if card.buttons:
        buttons = card.buttons[: limits.buttons]
        element["buttons"] = [template_button(button, limits) for button in buttons]
    return element
