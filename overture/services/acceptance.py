"""Turn what a webhook says into rows of the ledger; pure until ``store`` is called."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from overture.making import made
from overture.meta.events import Attachment, InboundMessage, Parsed
from overture.meta.whatsapp_frame import scoped_id
from overture.services.deployment import Deployment
from overture.services.linking import opened
from overture.services.moving import Moved, move
from overture.store.ports import Ledger
from overture.store.records import Inbound
from overture.store.rooms import Holders


def inbound_of(message: InboundMessage, received_at: datetime) -> Inbound:
    """Return the row of a message.

    A platform's clock is believed only as far as ours: a message from the future is taken
    to be sent when it was received, so that no limit is loosened by a clock.
    """
    occurred_at = min(message.occurred_at or received_at, received_at)
    detail: dict[str, Any] = {}
    if message.aliases:
        detail["aliases"] = list(message.aliases)
    if message.attachments:
        detail["attachments"] = [_plain(one) for one in message.attachments]
    if message.referral is not None and message.referral.ref:
        detail["ref"] = message.referral.ref
    if message.reply_to:
        detail["reply_to"] = message.reply_to
    return made(
        Inbound,
        {
            "channel": message.channel,
            "account_id": message.account_id,
            "user_id": message.user_id.replace(":", "%3A"),
            "message_id": message.message_id,
            "kind": message.kind,
            "text": message.text,
            "payload": message.payload,
            "detail": detail,
            "occurred_at": occurred_at,
            "received_at": received_at,
        },
    )


def _plain(attachment: Attachment) -> dict[str, Any]:
    """Return what is kept of an attachment: of a story not its address, good for a day."""
    known = {name: value for name, value in asdict(attachment).items() if value is not None}
    return known if "story" not in attachment.kind else known | {"url": None}


def messages_of(parsed: Parsed, received_at: datetime, accounts: Collection[str]) -> list[Inbound]:
    """Return the rows of the messages to accounts that are ours; others are skipped."""
    return [
        inbound_of(message, received_at)
        for message in parsed.messages
        if message.account_id in accounts
    ]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Say under which ids messages were stored."""

    messages: tuple[Inbound, ...]
    #: People who turned out to be known by another id before.
    moved: tuple[Moved, ...] = ()
    #: Conversations in which words were taken back or changed.
    unsaid: tuple[str, ...] = ()


def store(
    ledger: Ledger,
    messages: Sequence[Inbound],
    now: datetime,
    deployment: Deployment,
    *,
    owner: str,
    lease_until: datetime,
) -> Stored:
    """Store accepted messages under the id the person is known by."""
    moved: list[Moved] = []
    holders = _holders(ledger, messages)
    known = [
        opened(ledger, _known(ledger, one, holders, moved, now, deployment), deployment)
        for one in messages
    ]
    ledger.inbox.add(known, owner, lease_until)
    return Stored(messages=tuple(known), moved=tuple(moved))


def _holders(ledger: Ledger, messages: Sequence[Inbound]) -> dict[str, Holders]:
    """Return who has the ids of these messages, by account; only WhatsApp has several."""
    names: dict[str, set[str]] = {}
    for message in messages:
        if message.channel == "whatsapp":
            ids = names.setdefault(message.account_id, set())
            ids |= {message.user_id, *message.detail.get("aliases", ())}
    return {
        account_id: ledger.moving.holders("whatsapp", account_id, ids)
        for account_id, ids in names.items()
    }


def _known(
    ledger: Ledger,
    message: Inbound,
    holders: Mapping[str, Holders],
    moved: list[Moved],
    now: datetime,
    deployment: Deployment,
) -> Inbound:
    """Return the message under its person's id; a business-scoped id replaces a number."""
    if message.channel != "whatsapp":
        return message
    known = holders[message.account_id]
    scoped = scoped_id(message.user_id) is not None
    if not scoped:
        message = _under_alias(message, known)
    contact_id = str(message.contact)
    for number in message.detail.get("aliases", ()):
        if number in known.keys:
            if not scoped:
                continue  # a number does not replace a number
            old = f"{message.channel}:{message.account_id}:{number}"
            moved.append(move(ledger, old, contact_id, now, deployment, aliases=[number]))
            known.keys.discard(number)
        elif known.aliases.get(number) != contact_id:
            ledger.people.alias(contact_id, [number])
        known.aliases[number] = contact_id
    if scoped:
        known.keys.add(message.user_id)
    return message


def _under_alias(message: Inbound, known: Holders) -> Inbound:
    """Return a message that names a number alone under the person who has this number."""
    contact_id = known.aliases.get(message.user_id)
    if contact_id is None or message.user_id in known.keys:
        return message
    return replace(message, user_id=contact_id.rsplit(":", 1)[1])
