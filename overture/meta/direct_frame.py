"""Who wrote to whom, and when: the frame around every Messenger and Instagram event."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from overture.meta import wire


class Origin(TypedDict):
    """The fields every event record starts with."""

    channel: str
    account_id: str
    user_id: str | None
    occurred_at: datetime | None


class Frame(NamedTuple):
    """One event with its ids read: ``account_id`` is ours, ``user_id`` the person's.

    A tuple, since every event of every webhook makes one: half the price of a frozen dataclass.
    """

    channel: str
    account_id: str
    user_id: str | None
    occurred_at: datetime | None
    stamp: Any  #: the raw time, for ids made from content
    event: dict[str, Any]
    own: bool  #: sent by our side: an echo, or our own id as sender
    standby: bool

    @classmethod
    def of(
        cls, event: dict[str, Any], entry: dict[str, Any], channel: str, *, standby: bool
    ) -> Frame | None:
        """Read the frame, or return None when no account of ours is named anywhere."""
        sender, recipient = _id_of(event.get("sender")), _id_of(event.get("recipient"))
        owner = wire.identifier(entry.get("id"))
        own = _is_own(event, sender, recipient, owner)
        account, user = (sender, recipient) if own else (recipient, sender)
        account = account or owner
        if account is None:
            return None
        stamp = event.get("timestamp", entry.get("time"))
        return cls(channel, account, user, wire.instant(stamp), stamp, event, own, standby)

    @property
    def origin(self) -> Origin:
        """Return the fields every event record starts with."""
        return {
            "channel": self.channel,
            "account_id": self.account_id,
            "user_id": self.user_id,
            "occurred_at": self.occurred_at,
        }

    def id_for(self, given: Any, *content: str | None) -> str:
        """Return the platform's message id, or a stable one made from what the event says."""
        return wire.identifier(given) or wire.synthetic_id(
            self.channel, self.account_id, self.user_id, wire.text(self.stamp), *content
        )


def _is_own(
    event: dict[str, Any], sender: str | None, recipient: str | None, owner: str | None
) -> bool:
    message = event.get("message")
    if isinstance(message, dict) and wire.flag(message.get("is_echo")):
        return True
    return sender is not None and sender in (owner, recipient)


def _id_of(party: Any) -> str | None:
    return wire.identifier(party.get("id") if isinstance(party, dict) else party)
