"""Bodies of calls to the Graph API, of each form there is."""

from __future__ import annotations

from tests.unit.sandbox.conftest import PERSON


def page_body(message: dict, **more: object) -> dict:
    """Return a call that sends a message to the person on Messenger."""
    return {"recipient": {"id": PERSON["messenger"]}, "message": message, **more}


def quick_replies(count: int, title: str = "Yes") -> list[dict]:
    return [{"content_type": "text", "title": title, "payload": "/yes"} for _ in range(count)]


def button_template(text: str = "Well?", count: int = 1, title: str = "Yes") -> dict:
    buttons = [{"type": "postback", "title": title, "payload": "/yes"} for _ in range(count)]
    payload = {"template_type": "button", "text": text, "buttons": buttons}
    return {"attachment": {"type": "template", "payload": payload}}


def interactive(kind: str, action: dict, body: str = "Well?") -> dict:
    part = {"type": kind, "body": {"text": body}, "action": action}
    frame = {"messaging_product": "whatsapp", "to": PERSON["whatsapp"], "type": "interactive"}
    return {**frame, "interactive": part}


def reply_buttons(*titles: str) -> dict:
    buttons = [
        {"type": "reply", "reply": {"id": f"/{number}", "title": title}}
        for number, title in enumerate(titles)
    ]
    return interactive("button", {"buttons": buttons})


def list_of(count: int, title: str = "Row", description: str = "") -> dict:
    rows = [{"id": f"/{n}", "title": title, "description": description} for n in range(count)]
    return interactive("list", {"button": "Choose", "sections": [{"title": "All", "rows": rows}]})


def template(name: str) -> dict:
    part = {
        "name": name,
        "language": {"code": "en_US"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Hello again"}]}],
    }
    frame = {"messaging_product": "whatsapp", "to": PERSON["whatsapp"], "type": "template"}
    return {**frame, "template": part}
