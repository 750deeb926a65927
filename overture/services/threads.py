"""Who has the thread: us, a human in the inbox or another app; and whose message an echo is."""

from __future__ import annotations

from datetime import datetime, timedelta

from overture.meta import events
from overture.services import consent, deliveries
from overture.services.deployment import Deployment
from overture.services.naming import OWN_MARK, contact_id_of, number_in
from overture.store.ports import Ledger
from overture.store.records import Outbound

#: An echo of our own message may overtake the answer to our call; by this long at most.
_ECHO_RACE = timedelta(minutes=2)


def echo(ledger: Ledger, event: events.Echo, now: datetime, deployment: Deployment) -> None:
    """Let a human who writes from the inbox have the conversation."""
    if (event.metadata or "").startswith(OWN_MARK):
        _own_echo(ledger, event, now)
        return
    contact_id = contact_id_of(ledger, event)
    if contact_id is None:
        return
    if ledger.outbox.is_own(contact_id, event.message_id, event.text, now - _ECHO_RACE):
        return
    contact = ledger.people.contact(contact_id)
    if contact is None or contact.persona_id is None:
        return
    conversation_id = f"{contact_id}:{contact.persona_id}"
    consent.keep_for_human(ledger, conversation_id, now, deployment)
    ledger.outbox.add([_typed_by_a_person(event, conversation_id, contact_id, now)], "", now)


def _own_echo(ledger: Ledger, event: events.Echo, now: datetime) -> None:
    """Take an echo for the answer to our call where that was lost."""
    prefix, number = f"{event.channel}:{event.account_id}:", number_in(event.metadata)
    if event.message_id is None or number is None:
        return
    message = ledger.outbox.find(prefix, event.message_id, number)
    if message is not None and message.platform_message_id is None:
        deliveries.accepted(ledger, message, event.message_id, event.occurred_at or now)


def _typed_by_a_person(
    event: events.Echo, conversation_id: str, contact_id: str, now: datetime
) -> Outbound:
    return Outbound(
        conversation_id=conversation_id,
        contact_id=contact_id,
        kind="person",
        text=event.text,
        request={},
        state="sent",
        platform_message_id=event.message_id,
        created_at=event.occurred_at or now,
        sent_at=event.occurred_at or now,
    )


def handover(ledger: Ledger, event: events.Handover, now: datetime, deployment: Deployment) -> None:
    """Be silent while another app has the thread; a thread that is passed is passed to us."""
    conversation_id = _present_conversation(ledger, event)
    if conversation_id is None:
        return
    if event.action == "take":
        until = now + deployment.takeover
        consent.take_over(ledger, conversation_id, now, deployment, until=until)
    elif event.action == "pass":
        consent.hand_back(ledger, conversation_id, now, deployment)


def standby(ledger: Ledger, event: events.Standby, now: datetime, deployment: Deployment) -> None:
    """Be silent: what comes for reading only is handled by another app."""
    conversation_id = _present_conversation(ledger, event)
    if conversation_id is not None:
        until = now + deployment.takeover
        consent.take_over(ledger, conversation_id, now, deployment, until=until)


def _present_conversation(ledger: Ledger, event: events.Event) -> str | None:
    """Return the conversation a person is in, if they are known."""
    contact_id = contact_id_of(ledger, event)
    contact = ledger.people.contact(contact_id) if contact_id else None
    if contact is None or contact.persona_id is None:
        return None
    return f"{contact.id}:{contact.persona_id}"
