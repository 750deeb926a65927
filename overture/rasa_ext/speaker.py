"""Which persona answers where the id of a conversation does not tell: REST and the shell. Pure."""

from __future__ import annotations

from dataclasses import replace

from overture.accounts import PUSH_CHANNELS
from overture.identity import conversation_for

#: Slot of the persona that was switched to in a talk.
SLOT = "speaker"


def switched(sender_id: str, channel: str, persona_id: object) -> str:
    """Return a ``sender_id`` as whoever was switched to in the talk hears it.

    The three apps have the persona in their ids. REST and the shell send the same id again
    and again, so there a slot of the talk holds who was switched to.
    """
    if not persona_id or channel in PUSH_CHANNELS:
        return sender_id
    conversation = conversation_for(sender_id, channel, str(persona_id), reserved=PUSH_CHANNELS)
    return str(replace(conversation, persona_id=str(persona_id)))


def needs_slot(channel: str) -> bool:
    """Say whether a switch of persona must be kept in the talk itself."""
    return channel not in PUSH_CHANNELS
