"""Count a message from a person: who it is for, what it changes, when to write next."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from overture.identity import Conversation
from overture.policy.limits import Policy
from overture.services import consent
from overture.services.deployment import Deployment
from overture.services.planning import Withheld, replan
from overture.services.remembering import remember
from overture.store.ports import Ledger
from overture.store.records import ContactState, ConversationState, Inbound

logger = logging.getLogger(__name__)

#: How many ids of messages are kept as evidence of a window.
_EVIDENCE = 20
#: Kinds whose text the person typed or chose: these are screened and remembered.
_WORDS = {
    "text",
    "quick_reply",
    "story_reply",
    "button_reply",
    "list_reply",
    "attachment",
}


@dataclass(frozen=True, kw_only=True)
class Observation:
    """Tell what a message changed."""

    message: Inbound
    conversation_id: str
    #: False if the message had been counted before.
    new: bool
    labels: frozenset[str] = frozenset()
    withheld: tuple[Withheld, ...] = ()


def observe(ledger: Ledger, message: Inbound, now: datetime, deployment: Deployment) -> Observation:
    """Count one stored message, once.

    Args:
        message: as the inbox has it; its ``conversation_id`` may be given already.
        now: the instant of counting.
    """
    contact_id = str(message.contact)
    contact = ledger.people.contact(contact_id)
    conversation_id = message.conversation_id or str(_conversation(message, contact, deployment))
    labels = _labels(message, deployment)
    message = replace(message, conversation_id=conversation_id, labels=tuple(sorted(labels)))
    if not ledger.inbox.observed(message, now):
        return Observation(message=message, conversation_id=conversation_id, new=False)
    contact = _note_contact(ledger, contact, message, now, deployment)
    _count(ledger, message, now, deployment)
    withheld = _heed(ledger, message, labels, now, deployment)
    remember(ledger, message, now, deployment, contact if not labels else None)
    last = replan(ledger, conversation_id, now, deployment, asked=True)
    return Observation(
        message=message,
        conversation_id=conversation_id,
        new=True,
        labels=labels,
        withheld=(*withheld, *([last] if last else [])),
    )


def count_now(
    ledger: Ledger, message: Inbound, now: datetime, deployment: Deployment
) -> Observation | None:
    """Store, count and finish a message whose turn is under way; None if it was there."""
    ledger.inbox.add([message], "", now)
    stored = ledger.inbox.one(
        message.channel, message.account_id, message.user_id, message.message_id
    )
    if stored is None or stored.observed_at is not None:
        return None
    stored = replace(stored, conversation_id=message.conversation_id)
    observed = observe(ledger, stored, now, deployment)
    ledger.inbox.finish(stored.id, now)
    return observed


def _conversation(
    message: Inbound, contact: ContactState | None, deployment: Deployment
) -> Conversation:
    """Choose the persona: a link's, else the one talked to last, else the account's."""
    persona_id = message.detail.get("persona")
    if persona_id is None and contact is not None:
        persona_id = contact.persona_id
    if persona_id is None:
        persona_id = deployment.default_persona(message.channel, message.account_id)
    return Conversation(message.channel, message.account_id, message.user_id, persona_id)


def _labels(message: Inbound, deployment: Deployment) -> frozenset[str]:
    if not message.text or message.kind not in _WORDS:
        return frozenset()
    return deployment.screen(message.text)


def _note_contact(
    ledger: Ledger,
    contact: ContactState | None,
    message: Inbound,
    now: datetime,
    deployment: Deployment,
) -> ContactState | None:
    """Note what a message tells of its person; return the person, if they were known before."""
    assert message.conversation_id is not None
    changes: dict[str, Any] = _place(message, deployment) if contact is None else {}
    persona_id = Conversation.parse(message.conversation_id).persona_id
    if contact is None or contact.persona_id != persona_id:
        changes["persona_id"] = persona_id
    if (
        contact is None
        or contact.last_action_at is None
        or message.occurred_at > contact.last_action_at
    ):
        changes["last_action_at"] = message.occurred_at
    known = list(contact.shared) if contact is not None else []
    if message.detail.get("shared") and persona_id not in known:
        changes["shared"] = [*known, persona_id]
    if contact is not None and contact.unreachable_at is not None:
        changes["unreachable_at"] = None  # they write, so they can be reached
    ledger.people.save_contact(str(message.contact), now, **changes)
    return None if contact is None else replace(contact, **changes)


def _place(message: Inbound, deployment: Deployment) -> dict[str, object]:
    """Return what the number of somebody new tells of their place; they may say otherwise."""
    if message.channel != "whatsapp":
        return {}
    numbers = [
        one for one in (message.user_id, *message.detail.get("aliases", ())) if one.isdigit()
    ]
    place = deployment.place_of_number(numbers[0]) if numbers else None
    known = {"region": place.region, "timezone": place.timezone} if place else {}
    return {name: value for name, value in known.items() if value}


def _count(ledger: Ledger, message: Inbound, now: datetime, deployment: Deployment) -> None:
    assert message.conversation_id is not None
    identity = Conversation.parse(message.conversation_id)
    policy = deployment.policy_for(identity.persona_id, identity.channel, identity.account_id)
    before = ledger.people.conversation(message.conversation_id) or ConversationState(
        id=message.conversation_id,
        contact_id=str(message.contact),
        persona_id=identity.persona_id,
    )
    if message.is_link_alone:  # it is answered, but it is none of the messages limits speak of
        ledger.people.save_conversation(message.conversation_id, now)
        return
    changes = counted(before, message, policy)
    if before.window_opened_at is not None and message.occurred_at < before.window_opened_at:
        changes |= recounted(ledger.inbox.counted(message.conversation_id), policy)
    ledger.people.save_conversation(message.conversation_id, now, **changes)


def counted(before: ConversationState, message: Inbound, policy: Policy) -> dict[str, object]:
    """Return the counters of a conversation after one more message.

    A window is anchored at its first message and does not slide.
    """
    at, opened = message.occurred_at, before.window_opened_at
    last = max(at, before.last_message_at or at)
    changes: dict[str, object] = {"cycle": before.cycle + 1, "last_message_at": last}
    if opened is None or at > opened + policy.window:
        fresh = {
            "window_opened_at": at,
            "messages_in_window": 1,
            "follow_ups_in_window": 0,
        }
        return changes | fresh | {"window_message_ids": (message.message_id,)}
    return changes | {
        "messages_in_window": before.messages_in_window + 1,
        "window_message_ids": (*before.window_message_ids, message.message_id)[-_EVIDENCE:],
    }


def recounted(messages: Sequence[tuple[datetime, str]], policy: Policy) -> dict[str, object]:
    """Return the newest window of all messages, in the order in which they were sent.

    One that arrives late, from before the window opened, may have opened that window itself,
    belong to an earlier one, or move the borders of all that came after it.
    """
    opened, ids = messages[0][0], list[str]()
    for at, message_id in messages:
        if at > opened + policy.window:
            opened, ids = at, []
        ids.append(message_id)
    return {
        "window_opened_at": opened,
        "messages_in_window": len(ids),
        "window_message_ids": tuple(ids[-_EVIDENCE:]),
    }


def heed(ledger: Ledger, message: Inbound, now: datetime, deployment: Deployment) -> list[Withheld]:
    """Apply what the words of a message decide by themselves."""
    return _heed(ledger, message, _labels(message, deployment), now, deployment)


def _heed(
    ledger: Ledger,
    message: Inbound,
    labels: frozenset[str],
    now: datetime,
    deployment: Deployment,
) -> list[Withheld]:
    contact_id = str(message.contact)
    withheld: list[Withheld] = []
    if "opt_out" in labels:
        withheld += consent.opt_out(ledger, contact_id, now, deployment, by=message.message_id)
    elif "opt_in" in labels:
        withheld += consent.opt_in(ledger, contact_id, now, deployment)
    if "crisis" in labels:
        withheld += consent.hold_for_crisis(ledger, contact_id, now, deployment)
    if "minor" in labels:
        withheld += consent.change(ledger, contact_id, now, deployment, declared_minor=True)
    if "asks_human" in labels and message.conversation_id is not None:
        withheld += consent.ask_for_human(ledger, message.conversation_id, now, deployment)
    return withheld


def log_wish_for_human(conversation_id: str) -> None:
    """Tell those who watch the log that somebody asked for a human; the console says who."""
    one = Conversation.parse(conversation_id)
    logger.warning("human.asked_for channel=%s persona=%s", one.channel, one.persona_id)
