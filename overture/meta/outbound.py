"""What we want to say, before a channel gives it its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from overture.meta import wire


@dataclass(frozen=True, kw_only=True)
class Button:
    """A choice: with a payload it comes back as a tap, with a url it opens a page."""

    title: str
    payload: str | None = None
    url: str | None = None
    description: str | None = None  #: shown in WhatsApp lists only

    @property
    def value(self) -> str:
        """Return what a tap sends; a button without payload says its title."""
        return self.payload or self.title


@dataclass(frozen=True, kw_only=True)
class Media:
    """A picture, a recording or a file at an https address."""

    kind: str  #: image, audio, video or file
    url: str
    filename: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("image", "audio", "video", "file"):
            raise ValueError(f"unknown media kind {self.kind!r}")


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card of a carousel."""

    title: str
    subtitle: str | None = None
    image: str | None = None
    url: str | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Template:
    """An approved WhatsApp template with the values for its body."""

    name: str
    language: str
    body: tuple[str, ...] = ()
    payloads: tuple[str, ...] = ()  #: of its quick-reply buttons, in order


@dataclass(frozen=True, kw_only=True)
class OutboundMessage:
    """One thing said; a channel may need several requests for it, unless it is a follow-up."""

    text: str | None = None
    buttons: tuple[Button, ...] = ()
    image: str | None = None
    media: tuple[Media, ...] = ()
    cards: tuple[Card, ...] = ()
    template: Template | None = None  #: WhatsApp only; everything else is left out beside it
    reply_to: str | None = None
    reference: str | None = None  #: comes back in echoes and statuses, to know our own again
    follow_up: bool = False  #: rendered as exactly one request, shortened if need be
    list_label: str = "Options"  #: opens a WhatsApp list

    @property
    def all_media(self) -> tuple[Media, ...]:
        """Return the image and the other media, the image first."""
        lone = (Media(kind="image", url=self.image),) if self.image else ()
        return lone + self.media


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """To whom, and in whose name."""

    id: str  #: PSID, IGSID, business-scoped id or number
    persona_id: str | None = None  #: Messenger: name and picture of the persona
    one_time_token: str | None = None  #: Messenger: a one-time notification the person asked for


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What the platform answered when it took a message; not yet a delivery."""

    message_id: str | None = None
    recipient_id: str | None = None
    status: str | None = None  #: WhatsApp: accepted, held_for_quality_assessment or paused


def sent_from(body: Any) -> Sent:
    """Read the answer to a send, of any of the three channels."""
    answer = wire.mapping(body)
    message = _first(answer.get("messages"))
    contact = _first(answer.get("contacts"))
    recipient = contact.get("user_id") or contact.get("wa_id")
    return Sent(
        message_id=wire.identifier(answer.get("message_id") or message.get("id")),
        recipient_id=wire.identifier(answer.get("recipient_id") or recipient),
        status=wire.text(message.get("message_status")),
    )


def from_bot_message(message: Mapping[str, Any]) -> OutboundMessage:
    """Read a message as Rasa's dispatcher writes it.

    Keys: ``text``, ``buttons`` and ``quick_replies`` (``title``, ``payload``, ``url``), ``image``,
    ``attachment`` (an address, or Messenger's ``{type, payload: {url}}``), ``elements`` (cards).
    """
    choices = (*wire.items(message.get("buttons")), *wire.items(message.get("quick_replies")))
    return OutboundMessage(
        text=wire.text(message.get("text")),
        buttons=_buttons(choices),
        image=wire.text(message.get("image")),
        media=tuple(filter(None, map(_media, wire.items(message.get("attachment"))))),
        cards=tuple(filter(None, map(_card, wire.items(message.get("elements"))))),
    )


def _buttons(choices: Sequence[Any]) -> tuple[Button, ...]:
    return tuple(filter(None, map(_button, choices)))


def _button(choice: Any) -> Button | None:
    fields = wire.mapping(choice)
    title = wire.text(fields.get("title"))
    if title is None or not title.strip():
        return None
    return Button(
        title=title.strip(),
        payload=wire.opaque(fields.get("payload")),
        url=wire.text(fields.get("url")),
        description=wire.text(fields.get("description")),
    )


def _media(attachment: Any) -> Media | None:
    fields = wire.mapping(attachment)
    kind = wire.text(fields.get("type")) or "file"
    payload = wire.mapping(fields.get("payload"))
    url = wire.text(payload.get("url") or payload.get("src") or fields.get("url"))
    url = url or (wire.text(attachment) if isinstance(attachment, str) else None)
    if url is None:
        return None
    return Media(kind=kind if kind in ("image", "audio", "video") else "file", url=url)


def _card(element: Any) -> Card | None:
    fields = wire.mapping(element)
    title = wire.text(fields.get("title"))
    if title is None:
        return None
    action = wire.mapping(fields.get("default_action"))
    return Card(
        title=title,
        subtitle=wire.text(fields.get("subtitle")),
        image=wire.text(fields.get("image_url")),
        url=wire.text(action.get("url") or fields.get("item_url")),
        buttons=_buttons(wire.items(fields.get("buttons"))),
    )


def _first(value: Any) -> dict[str, Any]:
    return next((item for item in wire.items(value) if isinstance(item, dict)), {})
