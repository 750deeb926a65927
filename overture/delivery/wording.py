"""What Rasa is told for a message from a person; pure."""

from __future__ import annotations

import json

from overture.store.records import Inbound

#: Marks that make Rasa read a text as a command, and what keeps them from doing so: an
#: invisible character that is neither blank (Rasa strips blanks) nor part of a word.
_COMMANDS = ("/", "EXTERNAL:")
_SHIELD = "\u2060"
#: Characters of a text that the dialogue reads, more than anybody types: a turn's cost grows with
#: them, and others wait meanwhile.
_LONGEST = 4096
#: Kinds whose payload was written by us and only tapped by the person.
_TAPPED = frozenset({"quick_reply", "postback", "button_reply", "list_reply"})
#: Kinds that carry the person's own words.
_WORDS = frozenset({"text", "story_reply", *_TAPPED})


def rasa_text(message: Inbound) -> str | None:
    """Return the text of the turn, or None if the message needs no answer.

    Words of a person never act as a command; a tapped button's payload does, and so does
    what a kind without words stands for.
    """
    if message.kind in _TAPPED and (message.payload or "").startswith("/"):
        return message.payload
    if message.kind == "referral" or (message.kind == "postback" and not message.text):
        return "/get_started"
    if message.kind == "postback" and message.detail.get("ref"):
        return "/get_started"
    text = (message.text or "").strip()[:_LONGEST]
    if text:
        return shielded(text)
    if message.kind in _WORDS or message.detail.get("unsent"):
        return None
    return f"/share_attachment{json.dumps({'kind': attachment_kind(message)})}"


def shielded(text: str) -> str:
    """Return a person's text so that Rasa cannot take it for a command."""
    return _SHIELD + text if text.lstrip(_SHIELD).startswith(_COMMANDS) else text


def attachment_kind(message: Inbound) -> str:
    """Return Meta's word for the first thing that came with a message."""
    attachments = message.detail.get("attachments") or []
    if message.kind == "attachment" and attachments:
        return str(attachments[0].get("kind", "attachment"))
    return message.kind
