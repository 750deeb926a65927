"""Which of WhatsApp's forms a set of choices takes: reply buttons, a list, or one link button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from overture.meta.limits import LIMITS
from overture.meta.outbound import Button
from overture.meta.render_direct import payload_of
from overture.meta.text import ELLIPSIS, shorten

Body = dict[str, Any]

_LIMITS = LIMITS["whatsapp"]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The interactive part of a message, and the choices that found no place in it."""

    interactive: Body | None = None  #: without its body text
    body_limit: int = _LIMITS.text
    takes_header: bool = False  #: whether an image may stand above
    unplaced_taps: tuple[Button, ...] = ()
    unplaced_links: tuple[Button, ...] = ()
    prompt: str = ELLIPSIS  #: the body when nothing was said: WhatsApp wants one


def choices_for(taps: Sequence[Button], links: Sequence[Button], *, label: str) -> Choices:
    """Choose the form: up to three short taps are buttons, more are a list, a lone link a button.

    Args:
        taps: Choices that come back to us; two with the same payload are one.
        links: Choices that open a page.
        label: The words on the button that opens a list.
    """
    if taps:
        return _tap_choices(_distinct(taps), tuple(links), label)
    if len(links) == 1:
        return Choices(
            interactive=_link(links[0]), body_limit=_LIMITS.button_text, takes_header=True
        )
    return Choices(unplaced_links=tuple(links))


def _tap_choices(taps: Sequence[Button], links: tuple[Button, ...], label: str) -> Choices:
    titles = {shorten(tap.title, _LIMITS.title) for tap in taps}
    if len(taps) <= _LIMITS.buttons and len(titles) == len(taps):
        return Choices(
            interactive=_buttons(taps),
            body_limit=_LIMITS.button_text,
            takes_header=True,
            unplaced_links=links,
        )
    rows = _LIMITS.list_rows
    return Choices(
        interactive=_list(taps[:rows], label),
        unplaced_taps=tuple(taps[rows:]),
        unplaced_links=links,
    )


def _distinct(taps: Sequence[Button]) -> list[Button]:
    return list({tap.value: tap for tap in reversed(taps)}.values())[::-1]


def _buttons(taps: Sequence[Button]) -> Body:
    buttons = [
        {
            "type": "reply",
            "reply": {
                "id": payload_of(tap, _LIMITS.payload),
                "title": shorten(tap.title, _LIMITS.title),
            },
        }
        for tap in taps
    ]
    return {"type": "button", "action": {"buttons": buttons}}


def _list(taps: Sequence[Button], label: str) -> Body:
    button = shorten(label, _LIMITS.title)
    return {"type": "list", "action": {"button": button, "sections": [{"rows": _rows(taps)}]}}


def _rows(taps: Sequence[Button]) -> list[Body]:
    return [_row(tap) for tap in taps]


def _row(tap: Button) -> Body:
    """Render a row; a title that had to be cut is told in full below."""
    title = shorten(tap.title, _LIMITS.row_title)
    row = {"id": payload_of(tap, _LIMITS.row_payload), "title": title}
    description = tap.description or (tap.title if title != tap.title else None)
    if description:
        row["description"] = shorten(description, _LIMITS.row_description)
    return row


def _link(link: Button) -> Body:
    parameters = {"display_text": shorten(link.title, _LIMITS.title), "url": link.url}
    return {"type": "cta_url", "action": {"name": "cta_url", "parameters": parameters}}
