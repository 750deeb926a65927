"""What a human answers from the console: whether the app takes it, and how it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from overture.policy.channels import CHANNEL_WINDOWS, STRICTEST_WINDOW
from overture.services import consent
from overture.services.deployment import Deployment
from overture.store.ports import Ledger
from overture.store.records import Outbound, Standing

#: What marks a message as typed by a human, where Meta has granted the app the feature: source of
#: the seven days is Meta's page on the Human Agent tag (META-HUMAN-AGENT).
HUMAN_AGENT = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
_HUMAN_WINDOW = timedelta(days=7)
_HUMAN_CHANNELS = frozenset({"messenger", "instagram"})


@dataclass(frozen=True, kw_only=True)
class Way:
    """Say until when an app takes words typed by a human for a person."""

    #: When the app's window closes, or has closed; None while the person has not written.
    until: datetime | None
    #: The platform refused this person, or said that its window is closed, since they last acted.
    refused: bool = False
    #: From when on a message has to say that a human typed it; None: it need not.
    marked_from: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Return whether a message may be sent."""
        return not self.refused and self.until is not None and now < self.until

    def is_marked(self, now: datetime) -> bool:
        """Return whether a message has to say that a human typed it."""
        return self.marked_from is not None and now >= self.marked_from


def way_to(standing: Standing) -> Way:
    """Return until when the person of a conversation can be answered.

    It is the platform's own window, and longer where Meta lets humans answer for longer. No limit
    of contact stands in the way of a human's answer.
    """
    contact = standing.contact
    acted = contact.last_action_at or standing.conversation.last_message_at
    if acted is None:
        return Way(until=None)
    closes = acted + (CHANNEL_WINDOWS.get(contact.channel) or STRICTEST_WINDOW)
    gone = contact.unreachable_at is not None and contact.unreachable_at >= acted
    if contact.channel in _HUMAN_CHANNELS and standing.account_detail.get("human_agent"):
        return Way(until=acted + _HUMAN_WINDOW, refused=gone, marked_from=closes)
    closed = contact.window_closed_at is not None and contact.window_closed_at >= acted
    return Way(until=closes, refused=gone or closed)


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
        for one in {conversation_id, _present(standing)}:
            consent.keep_for_human(ledger, one, now, deployment)
    return True


def _present(standing: Standing) -> str:
    """Return the conversation the person's next message belongs to: they may have switched."""
    contact = standing.contact
    return f"{contact.id}:{contact.persona_id or standing.conversation.persona_id}"
