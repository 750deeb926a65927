"""Messages on their way in and out, as the ledger holds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from overture.store.records import Inbound, Outbound


class Inbox(Protocol):
    """Keep what people sent until its turn is over."""

    def add(self, messages: Sequence[Inbound], owner: str, lease_until: datetime) -> None:
        """Store messages; one that is already there (same person and id) is left as it is."""

    def one(self, channel: str, account_id: str, user_id: str, message_id: str) -> Inbound | None:
        """Return a stored message."""

    def get(self, inbound_id: int) -> Inbound | None:
        """Return a stored message by its number, as it is now."""

    def pending(self, channel: str, account_id: str, user_id: str) -> list[Inbound]:
        """Return a person's messages whose turn is not over, in the order they were sent."""

    def next(self, channel: str, account_id: str, user_id: str) -> Inbound | None:
        """Return the first of a person's messages whose turn is not over."""

    def abandoned(self, owner: str, now: datetime, lease_until: datetime) -> list[str]:
        """Take over messages whose worker's lease has run out; return the contacts."""

    def observed(self, message: Inbound, now: datetime) -> bool:
        """Mark a message as counted; False if it already was."""

    def counted(self, conversation_id: str) -> list[tuple[datetime, str]]:
        """Return when each counted message of a conversation was sent, and its id, in order."""

    def try_again(self, inbound_id: int) -> int:
        """Count one more attempt at a turn and return how many there were."""

    def finish(self, inbound_id: int, now: datetime) -> bool:
        """Mark a turn as over; False if it already was."""

    def renew(self, owner: str, lease_until: datetime) -> None:
        """Keep this worker's messages for longer."""

    def owners(self) -> set[str]:
        """Return the workers that hold messages."""

    def release(self, owners_gone: Sequence[str], now: datetime) -> None:
        """Let the messages of processes that are gone be taken over at once."""

    def prune(self, before: datetime, limit: int) -> int:
        """Delete messages that were answered before an instant; return how many."""

    def erase_text(self, contact: tuple[str, str, str], message_id: str) -> str | None:
        """Remove the words of an unsent message; return its conversation."""

    def replace_text(
        self, contact: tuple[str, str, str], message_id: str, text: str | None, revision: float
    ) -> Inbound | None:
        """Put other words in the place of a message's; return the message.

        None if there is no such message, its words were taken back, or it has this revision
        or a later one already.
        """


class Outbox(Protocol):
    """Keep what goes out, in order."""

    def add(self, messages: Sequence[Outbound], owner: str, lease_until: datetime) -> list[int]:
        """Store messages in the order they were said; return their numbers."""

    def pending(self, contact_id: str) -> list[Outbound]:
        """Return a person's messages that still have to go, in order."""

    def abandoned(self, owner: str, now: datetime, lease_until: datetime) -> list[str]:
        """Take over messages whose sender's lease has run out; return the contacts."""

    def owners(self) -> set[str]:
        """Return the senders that hold messages."""

    def release(self, owners_gone: Sequence[str], now: datetime) -> None:
        """Let the messages of processes that are gone be taken over at once."""

    def renew(self, owner: str, lease_until: datetime) -> None:
        """Keep this sender's messages for longer."""

    def update(self, outbound_id: int, **changes: Any) -> None:
        """Change the state of a message."""

    def get(self, outbound_id: int) -> Outbound | None:
        """Return a message by its number, as it is now."""

    def begin(self, outbound_id: int) -> Outbound | None:
        """Mark a waiting message as being sent; None if it does not wait any more."""

    def withdraw(self, outbound_id: int) -> None:
        """Remove a message that still waits."""

    def find(
        self, contact_prefix: str, platform_message_id: str, number: int | None = None
    ) -> Outbound | None:
        """Return the message the platform speaks of.

        Args:
            number: our own, where the platform gave it back; for a message whose answer
                from the platform we have not seen.
        """

    def advance(self, outbound_id: int, **changes: Any) -> None:
        """Change what is known of a message; its state moves forward only."""

    def prune(self, before: datetime, limit: int) -> int:
        """Delete messages that went out before an instant; return how many."""

    def strip(self, after: int, before: datetime, limit: int) -> list[int]:
        """Empty the bodies of messages with higher numbers that are older than an instant."""

    def read_up_to(self, contact_id: str, watermark: datetime, read: bool) -> None:
        """Note that a person got (and read) everything sent up to an instant."""

    def is_own(
        self,
        contact_id: str,
        platform_message_id: str | None,
        text: str | None,
        since: datetime,
    ) -> bool:
        """Return whether an echo is of a message of ours, also if it overtook our answer."""

    def last_follow_up(self, conversation_id: str) -> Outbound | None:
        """Return the last message that was not asked for."""

    def spoken_of(self, conversation_id: str) -> set[int]:
        """Return the memories that follow-ups have spoken of."""

    def transcript(self, conversation_id: str) -> list[dict[str, Any]]:
        """Return what both sides said, oldest first."""
