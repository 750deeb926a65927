"""What a platform tells besides messages: deliveries, echoes, unsends, edits, changed ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from overture.identity import Contact
from overture.meta import events
from overture.meta.errors import classify_code
from overture.meta.whatsapp_frame import scoped_id
from overture.services import accounts, consent, deliveries, early, threads
from overture.services.deployment import Deployment
from overture.services.intake import heed
from overture.services.moving import Moved, move
from overture.services.naming import contact_id_in, contact_id_of, number_in, quoted
from overture.services.remembering import remember
from overture.store.ports import Ledger
from overture.store.records import Inbound

#: Words of the platforms for what became of a message, to ours.
_STATES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}


@dataclass(frozen=True)
class Changes:
    """Say whose history is not what it was."""

    #: People who are known by another id now.
    moved: list[Moved] = field(default_factory=list)
    #: Conversations in which words were taken back or changed.
    unsaid: list[str] = field(default_factory=list)


def apply(
    ledger: Ledger, told: Sequence[events.Event], now: datetime, deployment: Deployment
) -> Changes:
    """Apply events in their order; doing so again changes nothing."""
    changes = Changes()
    for event in told:
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(ledger, event, now, deployment)
        elif isinstance(event, events.IdentityChange):
            changes.moved.extend(_changed_id(ledger, event, now, deployment))
        elif isinstance(event, events.Unsend):
            changes.unsaid.extend(_unsend(ledger, event, now))
        elif isinstance(event, events.Edit):
            changes.unsaid.extend(_edit(ledger, event, now, deployment))
    return changes


def _status(
    ledger: Ledger, event: events.DeliveryStatus, now: datetime, deployment: Deployment
) -> None:
    """Note what became of a message; a refusal has the same effect as one at sending."""
    prefix, state = f"{event.channel}:{event.account_id}:", _STATES.get(event.status)
    message = ledger.outbox.find(prefix, event.platform_message_id, number_in(event.reference))
    if message is None or state is None:
        return
    if message.platform_message_id is None:
        ledger.outbox.update(message.id, platform_message_id=event.platform_message_id)
    if state == "failed":
        if message.state != "failed":
            failure = classify_code(event.channel, event.error_code)
            detail = event.error_detail
            deliveries.refused_later(ledger, message, failure, now, deployment, detail=detail)
        return
    changes: dict[str, Any] = {f"{state}_at": event.occurred_at or now}
    ledger.outbox.advance(message.id, state=state, **changes)


def _arrived(
    ledger: Ledger, event: events.DeliveryMark, now: datetime, deployment: Deployment
) -> None:
    contact_id = contact_id_of(ledger, event)
    if contact_id and event.up_to:
        ledger.outbox.read_up_to(contact_id, event.up_to, read=False)


def _read(ledger: Ledger, event: events.ReadMark, now: datetime, deployment: Deployment) -> None:
    contact_id = contact_id_of(ledger, event)
    if event.message_id:
        prefix = f"{event.channel}:{event.account_id}:"
        message = ledger.outbox.find(prefix, event.message_id)
        if message is not None:
            at = event.occurred_at or now
            ledger.outbox.advance(message.id, state="read", read_at=at)
    elif contact_id and event.up_to:
        ledger.outbox.read_up_to(contact_id, event.up_to, read=True)


def _reaction(
    ledger: Ledger, event: events.Reaction, now: datetime, deployment: Deployment
) -> None:
    """Note an act that opens the platform's window on Messenger and Instagram."""
    contact_id = contact_id_of(ledger, event)
    if contact_id is None or event.removed or event.channel == "whatsapp":
        return
    contact = ledger.people.contact(contact_id)
    at = min(event.occurred_at or now, now)
    if contact is not None and (contact.last_action_at is None or at > contact.last_action_at):
        consent.change(ledger, contact_id, now, deployment, last_action_at=at)


def _unsend(ledger: Ledger, event: events.Unsend, now: datetime) -> list[str]:
    """Remove what was stored of a message: its words and the memories drawn from it."""
    contact_id = contact_id_of(ledger, event) or contact_id_in(event)
    if contact_id is None:
        return []
    person = Contact.parse(contact_id)
    key = (person.channel, person.account_id, person.user_id)
    message = ledger.inbox.one(*key, event.message_id)
    if message is None:
        early.taken_back(ledger, person, event.message_id, now)
        return []
    conversation_id = ledger.inbox.erase_text(key, event.message_id)
    if conversation_id is None:
        return []  # not counted yet: its turn finds nothing to answer
    forget_words(ledger, replace(message, text=None))
    return [conversation_id]


def _edit(ledger: Ledger, event: events.Edit, now: datetime, deployment: Deployment) -> list[str]:
    """Replace the words of a message and the memories drawn from it; heed what they say now."""
    contact_id = contact_id_of(ledger, event) or contact_id_in(event)
    if contact_id is None:
        return []
    person, at = Contact.parse(contact_id), event.occurred_at or now
    key = (person.channel, person.account_id, person.user_id)
    revision = at.timestamp() if event.revision is None else float(event.revision)
    if ledger.inbox.one(*key, event.message_id) is None:
        early.changed(ledger, person, event.message_id, event.text, revision, now)
        return []
    changed = ledger.inbox.replace_text(key, event.message_id, event.text, revision)
    if changed is None or changed.conversation_id is None:
        return []  # not counted yet: its turn reads the new words
    forget_words(ledger, changed)
    heed(ledger, changed, now, deployment)
    remember(ledger, changed, now, deployment)
    return [changed.conversation_id]


def forget_words(ledger: Ledger, message: Inbound) -> None:
    """Remove what was drawn from a message's former words; its history gets those it has now."""
    assert message.conversation_id is not None
    ledger.memory.delete_from(message.conversation_id, message.message_id)
    ledger.tracker.reword(message.conversation_id, message.message_id, message.text)


def _preference(
    ledger: Ledger, event: events.MarketingPreference, now: datetime, deployment: Deployment
) -> None:
    """Heed what a person chose in WhatsApp's own menu; their own words in the chat come first."""
    contact_id = contact_id_of(ledger, event) or contact_id_in(event)
    if contact_id is None:
        return
    contact = ledger.people.contact(contact_id)
    stopped_by = contact.opted_out_by if contact is not None else None
    if event.value == "stop":
        consent.opt_out(ledger, contact_id, now, deployment, by=consent.BY_PLATFORM)
    elif event.value == "resume" and stopped_by == consent.BY_PLATFORM:
        consent.opt_in(ledger, contact_id, now, deployment)


def _notice(
    ledger: Ledger, event: events.AccountNotice, now: datetime, deployment: Deployment
) -> None:
    """Keep news about an account for its operator; an error's code may mean that it cannot send.

    A block by policy is only noted: what it forbids, the answers to our calls tell.
    """
    channel, account_id = event.channel, event.account_id
    words = ": ".join(filter(None, (event.topic, event.detail)))
    accounts.note(ledger, channel, account_id, now, words, code=event.code)
    if event.code is not None:
        failure = classify_code(channel, event.code)
        if failure.action in deliveries.ACCOUNT_STOPS:
            until = now + deliveries.rest(failure)
            accounts.pause(ledger, channel, account_id, until, failure, now, deployment)
    elif event.topic == "policy_enforcement" and (event.detail or "").startswith("unblock"):
        accounts.works(ledger, channel, account_id)


def _changed_id(
    ledger: Ledger, event: events.IdentityChange, now: datetime, deployment: Deployment
) -> list[Moved]:
    """Carry limits, opt-out, memory and history along to a new number or id.

    The former number is forgotten: it may be somebody else's next.
    """
    former = [quoted(one) for one in event.old_ids]
    ids = [quoted(one) for one in event.new_ids]
    old = ledger.people.known_as(event.channel, event.account_id, former) if former else None
    if old is None or not ids:
        return []
    key = next((one for one in ids if scoped_id(one)), ids[0])
    new = f"{event.channel}:{event.account_id}:{key}"
    others = [one for one in ids if one != key]
    if new == old:
        ledger.people.alias(old, others)
        return []
    return [move(ledger, old, new, now, deployment, aliases=others)]


_HANDLERS: dict[type, Callable[..., None]] = {
    events.DeliveryStatus: _status,
    events.DeliveryMark: _arrived,
    events.ReadMark: _read,
    events.Echo: threads.echo,
    events.Reaction: _reaction,
    events.MarketingPreference: _preference,
    events.Handover: threads.handover,
    events.Standby: threads.standby,
    events.AccountNotice: _notice,
}
