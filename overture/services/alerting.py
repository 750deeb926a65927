"""What somebody is told of who does not look at the console: stored with what it is about."""

from __future__ import annotations

from datetime import datetime

from overture.identity import Contact, Conversation
from overture.services.deployment import Deployment
from overture.store.ports import Ledger
from overture.store.rooms import Alert


def needs_human(
    ledger: Ledger, conversation_id: str, because: str, now: datetime, deployment: Deployment
) -> None:
    """Note that a conversation needs a human; if it did not, somebody is told."""
    if not ledger.attention.ask(conversation_id, because, now) or not deployment.alerts:
        return
    one = Conversation.parse(conversation_id)
    ledger.alerts.add(
        Alert(
            event="needs_human",
            because=because,
            since=now,
            channel=one.channel,
            account_id=one.account_id,
            contact_id=str(one.contact),
            conversation_id=conversation_id,
        )
    )


def crisis_hold(ledger: Ledger, contact_id: str, now: datetime, deployment: Deployment) -> None:
    """Tell that follow-ups to a person are held because of a possible crisis."""
    if not deployment.alerts:
        return
    one = Contact.parse(contact_id)
    ledger.alerts.add(
        Alert(
            event="crisis_hold",
            because="crisis",
            since=now,
            channel=one.channel,
            account_id=one.account_id,
            contact_id=contact_id,
        )
    )


def account_paused(
    ledger: Ledger,
    channel: str,
    account_id: str,
    because: str,
    now: datetime,
    deployment: Deployment,
) -> None:
    """Tell that nothing is sent from an account for now."""
    if not deployment.alerts:
        return
    ledger.alerts.add(
        Alert(
            event="account_paused",
            because=because,
            since=now,
            channel=channel,
            account_id=account_id,
        )
    )
