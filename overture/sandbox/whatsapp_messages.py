"""What the WhatsApp Cloud API allows in the body of a message, and how it then looks.

An independent reading of the platform's pages: nothing here is shared with the code that renders
messages, so that a mistake there shows here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from overture.sandbox.page_messages import Content
from overture.sandbox.refusals import (
    bad_parameter,
    whatsapp_missing,
    whatsapp_template,
    whatsapp_type,
    whatsapp_value,
)
from overture.sandbox.threads import Choice

TEXT = 4096
CAPTION = 1024
BUTTON_BODY = 1024
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
HEADER = 60
FOOTER = 60
LIST_BODY = 4096
LIST_BUTTON = 20
SECTIONS = 10
ROWS = 10
ROW_TITLE = 24
ROW_DESCRIPTION = 72
ROW_ID = 200


def read_message(body: Mapping[str, Any], templates: tuple[str, ...]) -> Content:
    """Check the typed part of a Cloud API message.

    Args:
        body: the whole JSON body of the call.
        templates: names of the approved templates.

    Raises:
        Refusal: as the platform refuses it.
    """
    kind = body.get("type", "text")
    if kind == "template":
        return _template(_part(body, "template"), templates)
    if kind == "contacts" and isinstance(body.get("contacts"), list):
        return Content(kind="contacts", text="Contact card")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise whatsapp_type(str(kind))
    return reader(_part(body, str(kind)))


def _text(part: Mapping[str, Any]) -> Content:
    text = part.get("body")
    if not isinstance(text, str) or not text.strip():
        raise bad_parameter("The parameter text['body'] is required.")
    if len(text) > TEXT:
        raise bad_parameter(f"Param text['body'] must be at most {TEXT} characters long.")
    return Content(text=text)


def _media(kind: str) -> Callable[[Mapping[str, Any]], Content]:
    def read(part: Mapping[str, Any]) -> Content:
        if not part.get("id") and not part.get("link"):
            raise whatsapp_missing(f"{kind}['id'] or {kind}['link']")
        caption = str(part.get("caption") or "")
        _length(f"{kind} caption", caption, CAPTION, shortest=0)
        return Content(kind=kind, text=caption, media=str(part.get("link") or ""))

    return read


def _location(part: Mapping[str, Any]) -> Content:
    for name in ("latitude", "longitude"):
        if part.get(name) is None:
            raise whatsapp_missing(f"location['{name}']")
    return Content(kind="location", text=str(part.get("name") or "Location"))


def _reaction(part: Mapping[str, Any]) -> Content:
    if not part.get("message_id"):
        raise whatsapp_missing("reaction['message_id']")
    return Content(kind="reaction", text=str(part.get("emoji") or ""))


def _template(part: Mapping[str, Any], templates: tuple[str, ...]) -> Content:
    name = str(part.get("name") or "")
    if not name or not isinstance(part.get("language"), Mapping):
        raise whatsapp_missing("template['name'], template['language']")
    if name not in templates:
        raise whatsapp_template(name)
    words = [
        str(_object(parameter).get("text", ""))
        for component in _list(part.get("components"))
        for parameter in _list(_object(component).get("parameters"))
    ]
    return Content(kind="template", text=" ".join(words) or f"[template {name}]")


def _interactive(part: Mapping[str, Any]) -> Content:
    kind = part.get("type")
    action = part.get("action")
    if not isinstance(action, Mapping):
        raise whatsapp_missing("interactive['action']")
    _header_and_footer(part)
    if kind == "button":
        return Content(text=_body(part, BUTTON_BODY), choices=_reply_buttons(action))
    if kind == "list":
        label = str(action.get("button") or "")
        _length("Button label", label, LIST_BUTTON)
        return Content(text=_body(part, LIST_BODY), choices=_rows(action), menu=label)
    if kind == "cta_url":
        return Content(text=_body(part, BUTTON_BODY), choices=_link(action))
    if not isinstance(kind, str):
        raise whatsapp_missing("interactive['type']")
    return Content(kind="interactive", text=f"[{kind}]")


def _header_and_footer(part: Mapping[str, Any]) -> None:
    header, footer = _object(part.get("header")), _object(part.get("footer"))
    _length("Header text", str(header.get("text") or ""), HEADER, shortest=0)
    _length("Footer text", str(footer.get("text") or ""), FOOTER, shortest=0)


def _body(part: Mapping[str, Any], longest: int) -> str:
    body = part.get("body")
    text = body.get("text") if isinstance(body, Mapping) else None
    if not isinstance(text, str):
        raise whatsapp_missing("interactive['body']['text']")
    _length("Body text", text, longest)
    return text


def _reply_buttons(action: Mapping[str, Any]) -> tuple[Choice, ...]:
    raw = action.get("buttons")
    if not isinstance(raw, list) or not 1 <= len(raw) <= BUTTONS:
        raise whatsapp_value(f"Invalid buttons count. Min allowed buttons: 1, Max: {BUTTONS}")
    choices = tuple(_reply_button(item) for item in raw)
    if len({choice.title for choice in choices}) < len(choices):
        raise whatsapp_value("Duplicate button titles")
    _unique("button", [choice.payload for choice in choices])
    return choices


def _reply_button(raw: Any) -> Choice:
    reply = raw.get("reply") if isinstance(raw, Mapping) else None
    if not isinstance(reply, Mapping):
        raise whatsapp_missing("interactive['action']['buttons'][]['reply']")
    title, payload = str(reply.get("title") or ""), str(reply.get("id") or "")
    _length("Button title", title, BUTTON_TITLE)
    _length("Button id", payload, BUTTON_ID)
    return Choice(title=title, style="button", payload=payload)


def _rows(action: Mapping[str, Any]) -> tuple[Choice, ...]:
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= SECTIONS:
        raise whatsapp_value(f"Invalid sections count. Min allowed: 1, Max: {SECTIONS}")
    rows = tuple(row for section in sections for row in _section(section, len(sections) > 1))
    if not 1 <= len(rows) <= ROWS:
        raise whatsapp_value(f"Total row count exceed max allowed count: {ROWS}")
    _unique("row", [row.payload for row in rows])
    return rows


def _section(raw: Any, titled: bool) -> list[Choice]:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("rows"), list):
        raise whatsapp_missing("interactive['action']['sections'][]['rows']")
    title = str(raw.get("title") or "")
    _length("Section title", title, ROW_TITLE, shortest=1 if titled else 0)
    return [_row(row, title) for row in raw["rows"]]


def _row(raw: Any, section: str) -> Choice:
    if not isinstance(raw, Mapping):
        raise whatsapp_value("A row must be an object")
    title, payload = str(raw.get("title") or ""), str(raw.get("id") or "")
    description = str(raw.get("description") or "")
    _length("Row title", title, ROW_TITLE)
    _length("Row id", payload, ROW_ID)
    _length("Row description", description, ROW_DESCRIPTION, shortest=0)
    return Choice(
        title=title, style="row", payload=payload, description=description, section=section
    )


def _link(action: Mapping[str, Any]) -> tuple[Choice, ...]:
    parameters = _object(action.get("parameters"))
    title, url = str(parameters.get("display_text") or ""), str(parameters.get("url") or "")
    _length("Display text", title, BUTTON_TITLE)
    if not url:
        raise whatsapp_missing("interactive['action']['parameters']['url']")
    return (Choice(title=title, style="link", url=url),)


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = body.get(name)
    if not isinstance(part, Mapping):
        raise bad_parameter(f"The parameter {name} is required.")
    return part


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _length(what: str, value: str, longest: int, *, shortest: int = 1) -> None:
    if not shortest <= len(value) <= longest:
        raise whatsapp_value(
            f"{what} length invalid. Min length: {shortest}, Max length: {longest}"
        )


def _unique(what: str, values: list[str]) -> None:
    if len(set(values)) < len(values):
        raise whatsapp_value(f"Duplicate {what} ids")


_READERS: dict[str, Callable[[Mapping[str, Any]], Content]] = {
    "text": _text,
    "location": _location,
    "reaction": _reaction,
    "interactive": _interactive,
    **{kind: _media(kind) for kind in ("image", "video", "audio", "document", "sticker")},
}
