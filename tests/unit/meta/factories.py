"""Bodies of one event, with overrides."""

from __future__ import annotations

from typing import Any

from overture.meta.events import Event, InboundMessage, Parsed
from overture.meta.inbound import parse

PAGE, PSID = "100000000000101", "24000000000000001"
NUMBER_ID, DISPLAY = "440000000000601", "15550100601"
WA_ID, SCOPED = "4915550100777", "DE.1349120865530274191"
MS = 1781514000000
OBJECTS = {"messenger": "page", "instagram": "instagram"}


def direct(*events: Any, channel: str = "messenger", box: str = "messaging") -> dict[str, Any]:
    entry = {"id": PAGE, "time": MS, box: list(events)}
    return {"object": OBJECTS[channel], "entry": [entry]}


def event(**fields: Any) -> dict[str, Any]:
    return {"sender": {"id": PSID}, "recipient": {"id": PAGE}, "timestamp": MS, **fields}


def said(mid: str = "m_1", **fields: Any) -> dict[str, Any]:
    return event(message={"mid": mid, **(fields or {"text": "hello"})})


def value(*messages: Any, **fields: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": DISPLAY, "phone_number_id": NUMBER_ID}
    return {"metadata": metadata, "contacts": [], "messages": list(messages), **fields}


def whatsapp(*messages: Any, field: Any = "messages", **fields: Any) -> dict[str, Any]:
    change = {"field": field, "value": value(*messages, **fields)}
    return {"object": "whatsapp_business_account", "entry": [{"id": "22", "changes": [change]}]}


def wrote(**fields: Any) -> dict[str, Any]:
    frame = {"from": WA_ID, "id": "wamid.1", "timestamp": "1781514000", "type": "text"}
    return {**frame, "text": {"body": "hello"}, **fields}


def only_message(parsed: Parsed) -> InboundMessage:
    assert len(parsed.messages) == 1, parsed
    return parsed.messages[0]


def only_event(parsed: Parsed) -> Event:
    assert not parsed.messages
    found = [*parsed.events, *parsed.statuses]
    assert len(found) == 1, parsed
    return found[0]


def read(channel: str, body: Any) -> Parsed:
    return parse(channel, body)
