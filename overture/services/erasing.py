"""Everything held about a person: hand it over, or remove it everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from overture.services.remembering import is_adult
from overture.store.ports import Ledger
from overture.store.records import Tombstone
from overture.store.reviewing import Noted


def export(ledger: Ledger, contact_id: str) -> dict[str, Any] | None:
    """Return everything held about a contact as JSON-able data; None if nothing is."""
    contact = ledger.people.contact(contact_id)
    if contact is None:
        return None
    conversations = ledger.people.conversations_of(contact_id)
    return {
        "contact": _plain(asdict(contact)),
        "aliases": ledger.people.aliases_of(contact_id),
        "conversations": [_plain(_conversation(ledger, one)) for one in conversations],
    }


def _conversation(ledger: Ledger, conversation_id: str) -> dict[str, Any]:
    state = ledger.people.conversation(conversation_id)
    noted = ledger.notes.of([conversation_id]).get(conversation_id, Noted())
    return {
        "id": conversation_id,
        "state": asdict(state) if state else None,
        "messages": ledger.outbox.transcript(conversation_id),
        "memories": [asdict(one) for one in ledger.memory.history(conversation_id)],
        "noted": asdict(noted) | {"corrections": ledger.notes.corrections(conversation_id)},
        "decisions": [asdict(one) for one in ledger.plans.decisions(conversation_id, 1_000_000)],
        "history": ledger.tracker.load(conversation_id, session_only=False),
    }


def erase(ledger: Ledger, contact_id: str, now: datetime) -> bool:
    """Remove everything held about a contact, Rasa's history included.

    What outlives it, under a digest of their ids: that they asked not to be written to, and
    that they are a minor. Both protect whoever writes from there again.

    Returns:
        Whether anything was held.
    """
    contact = ledger.people.contact(contact_id)
    if contact is not None:
        kept = Tombstone(
            opted_out=contact.opted_out_at is not None, minor=not is_adult(contact, now)
        )
        if kept.opted_out or kept.minor:
            ledger.people.bury(contact_id, kept, now)
    conversations = ledger.people.conversations_of(contact_id)
    for conversation_id in conversations:
        ledger.tracker.delete(conversation_id)
        ledger.memory.delete(conversation_id)
    ledger.people.erase(contact_id)
    return contact is not None or bool(conversations)


def in_words(held: Mapping[str, Any]) -> str:
    """Return what is held as a short text for the person themself."""
    messages = sum(len(one["messages"]) for one in held["conversations"])
    memories = [
        f"{memory['kind']}: {memory['value']}"
        for one in held["conversations"]
        for memory in one["memories"]
        if memory["superseded_at"] is None
    ]
    since = str(held["contact"].get("last_action_at") or "")[:10]
    lines = [f"I hold {messages} messages between us, the last of yours from {since}."]
    lines.append("What I remember: " + ("; ".join(memories) if memories else "nothing") + ".")
    if held["contact"].get("opted_out_at"):
        lines.append("You asked me not to write first.")
    return "\n".join(lines)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
