"""What a human answers from the console: whether the app takes it, and how it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from overture.policy.channels import CHANNEL_WINDOWS, STRICTEST_WINDOW
from overture.services import consent
from overture.services.deployment import Deployment
from overture.store.ports import Ledger
from overture.store.records import Outbound, Standing


@dataclass(frozen=True, kw_only=True)
class Way:
    """Say until when an app takes words typed by a human for a person."""

    #: When the app's window closes, or has closed; None while the person has not written.
    until: datetime | None
    #: The platform refused this person, or said that its window is closed, since they last acted.
    refused: bool = False

    def is_open(self, now: datetime) -> bool:
        """Return whether a message may be sent."""
        return not self.refused and self.until is not None and now < self.until


def way_to(standing: Standing) -> Way:
    """Return until when the person of a conversation can be answered.

    It is the platform's own window. No limit of contact stands in the way of a human's answer.
    """
    contact = standing.contact
    acted = contact.last_action_at or standing.conversation.last_message_at
    if acted is None:
        return Way(until=None)
    refusals = [one for one in (contact.window_closed_at, contact.unreachable_at) if one]
    window = CHANNEL_WINDOWS.get(contact.channel) or STRICTEST_WINDOW
    return Way(until=acted + window, refused=any(one >= acted for one in refusals))


def answer(
    ledger: Ledger,
    conversation_id: str,
    messages: Sequence[Outbound],
    key: str,
    now: datetime,
    deployment: Deployment,
) -> bool:
    """Store what a human typed, and let the human have the conversation.

    Args:
        messages: the words in the app's own form, as rows of the outbox.
        key: names the form they were typed in; a form that is sent again changes nothing.

    Returns:
        Whether the app takes them; if not, nothing is stored.
    """
    standing = ledger.people.standing(conversation_id, lock=True)
    if standing is None or not way_to(standing).is_open(now):
        return False
    if ledger.typed.add(messages, key):
        consent.keep_for_human(ledger, conversation_id, now, deployment)
    return True
