"""What Messenger and Instagram allow in the body of a Send API call, and how it then looks.

An independent reading of the platform's pages: nothing here is shared with the code that renders
messages, so that a mistake there shows here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from overture.sandbox.refusals import Refusal, bad_parameter
from overture.sandbox.threads import Choice

TEXT_CHARACTERS = 2000
INSTAGRAM_TEXT_BYTES = 1000
QUICK_REPLIES = 13
ELEMENTS = 10
BUTTONS = 3
TITLE = 20
CARD_TEXT = 80
BUTTON_TEXT = 640
PAYLOAD = 1000
IMAGES = 10
ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
MESSAGING_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")
_MEDIA = ("image", "audio", "video", "file")
_MORE = ("MEDIA_SHARE", "like_heart", "sticker")


@dataclass(frozen=True, kw_only=True)
class Content:
    """What the person gets to see of an accepted message."""

    kind: str = "text"
    text: str = ""
    choices: tuple[Choice, ...] = ()
    menu: str = ""
    media: str = ""


def read_message(channel: str, message: Any) -> Content:
    """Check the ``message`` object of a Send API call.

    Raises:
        Refusal: with code 100, as the platform refuses it.
    """
    if not isinstance(message, Mapping):
        raise bad_parameter("Param message must be a JSON object")
    text, attachment = message.get("text"), _attachment_of(message)
    if text is not None and attachment is not None:
        raise bad_parameter("Cannot send both text and attachment in one message")
    replies = _quick_replies(channel, message.get("quick_replies"), attachment is not None)
    if attachment is not None:
        return _with_choices(_attachment(attachment), replies)
    _check_text(channel, text)
    return Content(text=str(text), choices=replies)


def _attachment_of(message: Mapping[str, Any]) -> Any:
    if "attachments" in message:
        return message["attachments"]
    if message.get("sticker_id"):
        return {"type": "sticker", "payload": {"id": message["sticker_id"]}}
    return message.get("attachment")


def _check_text(channel: str, text: Any) -> None:
    if text is None or (isinstance(text, str) and not text.strip()):
        raise bad_parameter("Message cannot be empty, must provide valid attachment or text")
    if not isinstance(text, str):
        raise bad_parameter("Param message[text] must be a string")
    if channel == "instagram" and len(text.encode()) > INSTAGRAM_TEXT_BYTES:
        raise _too_long("message[text]", INSTAGRAM_TEXT_BYTES, "bytes")
    if len(text) > TEXT_CHARACTERS:
        raise _too_long("message[text]", TEXT_CHARACTERS)


def _quick_replies(channel: str, raw: Any, with_attachment: bool) -> tuple[Choice, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list) or not 1 <= len(raw) <= QUICK_REPLIES:
        raise bad_parameter(f"Param message[quick_replies] must have 1 to {QUICK_REPLIES} elements")
    if channel == "instagram" and with_attachment:
        raise bad_parameter("Param message[quick_replies] is only supported with text")
    return tuple(_quick_reply(f"message[quick_replies][{n}]", item) for n, item in enumerate(raw))


def _quick_reply(where: str, raw: Any) -> Choice:
    item = _object(where, raw)
    kind = item.get("content_type")
    if kind not in ("text", "user_phone_number", "user_email"):
        raise bad_parameter(f"Param {where}[content_type] must be a valid content type")
    if kind != "text":
        label = "Send phone number" if kind == "user_phone_number" else "Send email"
        return Choice(title=label, style="quick_reply", payload=kind)
    return Choice(
        title=_string(where, item, "title", TITLE),
        style="quick_reply",
        payload=_string(where, item, "payload", PAYLOAD),
    )


def _attachment(raw: Any) -> Content:
    if isinstance(raw, list):
        return _images(raw)
    item = _object("message[attachment]", raw)
    kind, payload = item.get("type"), item.get("payload")
    if kind == "template":
        return _template(_object("message[attachment][payload]", payload))
    if kind in _MEDIA:
        return _media(str(kind), payload)
    if kind in _MORE:
        return Content(kind="sticker")
    raise bad_parameter(
        "Param message[attachment][type] must be one of {audio, file, image, template, video}"
    )


def _media(kind: str, raw: Any) -> Content:
    payload = _object("message[attachment][payload]", raw)
    if not payload.get("url") and not payload.get("attachment_id"):
        raise bad_parameter(
            "Param message[attachment][payload] needs url or attachment_id", 2018074
        )
    return Content(kind=kind, media=str(payload.get("url") or ""))


def _images(raw: list[Any]) -> Content:
    if not 1 <= len(raw) <= IMAGES:
        raise bad_parameter(f"Param message[attachments] must have 1 to {IMAGES} elements")
    first = [_media("image", _object("message[attachments]", item).get("payload")) for item in raw]
    return first[0]


def _template(payload: Mapping[str, Any]) -> Content:
    kind = payload.get("template_type")
    if kind == "button":
        return _button_template(payload)
    if kind == "generic":
        return _generic_template(payload)
    if not isinstance(kind, str):
        raise bad_parameter("Param message[attachment][payload][template_type] is required")
    return Content(kind="template", text=f"[{kind}]")


def _button_template(payload: Mapping[str, Any]) -> Content:
    where = "message[attachment][payload]"
    text = _string(where, payload, "text", BUTTON_TEXT)
    return Content(text=text, choices=_buttons(where, payload.get("buttons"), required=True))


def _generic_template(payload: Mapping[str, Any]) -> Content:
    where = "message[attachment][payload][elements]"
    elements = payload.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= ELEMENTS:
        raise bad_parameter(f"Param {where} must have 1 to {ELEMENTS} elements")
    cards = [_card(f"{where}[{n}]", _object(where, item)) for n, item in enumerate(elements)]
    return Content(
        kind="cards",
        text="\n\n".join(card.text for card in cards),
        choices=tuple(choice for card in cards for choice in card.choices),
        media=cards[0].media,
    )


def _card(where: str, element: Mapping[str, Any]) -> Content:
    title = _string(where, element, "title", CARD_TEXT)
    subtitle = element.get("subtitle")
    if subtitle is not None and len(str(subtitle)) > CARD_TEXT:
        raise _too_long(f"{where}[subtitle]", CARD_TEXT)
    return Content(
        text=f"{title}\n{subtitle}" if subtitle else title,
        choices=_buttons(where, element.get("buttons"), required=False),
        media=str(element.get("image_url") or ""),
    )


def _buttons(where: str, raw: Any, *, required: bool) -> tuple[Choice, ...]:
    if raw is None and not required:
        return ()
    if not isinstance(raw, list) or not 1 <= len(raw) <= BUTTONS:
        raise bad_parameter(f"Param {where}[buttons] must have 1 to {BUTTONS} elements")
    return tuple(_button(f"{where}[buttons][{n}]", item) for n, item in enumerate(raw))


def _button(where: str, raw: Any) -> Choice:
    item = _object(where, raw)
    kind = item.get("type")
    title = _string(where, item, "title", TITLE)
    if kind == "postback":
        payload = _string(where, item, "payload", PAYLOAD)
        return Choice(title=title, style="button", payload=payload)
    if kind == "web_url":
        return Choice(title=title, style="link", url=_string(where, item, "url", 4000))
    if kind == "phone_number":
        return Choice(title=title, style="link", url=f"tel:{item.get('payload')}")
    raise bad_parameter(f"Param {where}[type] must be one of {{web_url, postback, phone_number}}")


def _object(where: str, raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise bad_parameter(f"Param {where} must be a JSON object")
    return raw


def _string(where: str, item: Mapping[str, Any], key: str, longest: int) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise bad_parameter(f"Param {where}[{key}] must be a non-empty UTF-8 encoded string")
    if len(value) > longest:
        raise _too_long(f"{where}[{key}]", longest)
    return value


def _too_long(where: str, longest: int, unit: str = "characters") -> Refusal:
    of = "" if unit == "characters" else f" {unit}"
    return bad_parameter(f"Length of param {where} must be less than or equal to {longest}{of}")


def _with_choices(content: Content, replies: tuple[Choice, ...]) -> Content:
    return Content(
        kind=content.kind,
        text=content.text,
        choices=content.choices + replies,
        menu=content.menu,
        media=content.media,
    )
