"""What a person does to a message that has not arrived yet: taken back or changed before it.

No platform keeps the order of its webhooks. What is told of a message that is not there is kept
in the inbox beside the messages, as long as they are, and never has a turn of its own.
"""

from __future__ import annotations

from datetime import datetime

from overture.identity import Contact
from overture.store.ports import Ledger
from overture.store.records import Inbound

#: Before the id of a message: its words as they were changed before it arrived.
_EDIT = "edit-of:"


def taken_back(ledger: Ledger, person: Contact, message_id: str, now: datetime) -> None:
    """Let a message that arrives later be a repeated one: it is not stored and has no turn."""
    _keep(ledger, person, message_id, now, {"unsent": True})
    ledger.inbox.erase_text(_key(person), _EDIT + message_id)


def changed(
    ledger: Ledger,
    person: Contact,
    message_id: str,
    text: str | None,
    revision: float,
    now: datetime,
) -> None:
    """Keep the newest words of a message that arrives later."""
    _keep(ledger, person, _EDIT + message_id, now, {})
    ledger.inbox.replace_text(_key(person), _EDIT + message_id, text, revision)


def caught_up(ledger: Ledger, message: Inbound) -> Inbound:
    """Give a message that is about to have its turn the words it was changed to before."""
    key = _key(message.contact)
    edit = ledger.inbox.one(*key, _EDIT + message.message_id)
    if edit is None or "revision" not in edit.detail:
        return message
    ledger.inbox.erase_text(key, edit.message_id)
    revision = edit.detail["revision"]
    return ledger.inbox.replace_text(key, message.message_id, edit.text, revision) or message


def _keep(
    ledger: Ledger, person: Contact, message_id: str, now: datetime, detail: dict[str, object]
) -> None:
    """Store a row whose turn is over, unless it is there."""
    if ledger.inbox.one(*_key(person), message_id) is not None:
        return
    row = Inbound(
        channel=person.channel,
        account_id=person.account_id,
        user_id=person.user_id,
        message_id=message_id,
        kind="text",
        text=None,
        detail=detail,
        occurred_at=now,
        received_at=now,
    )
    ledger.inbox.add([row], "", now)
    stored = ledger.inbox.one(*_key(person), message_id)
    assert stored is not None
    ledger.inbox.finish(stored.id, now)


def _key(person: Contact) -> tuple[str, str, str]:
    return person.channel, person.account_id, person.user_id
