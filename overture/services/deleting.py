"""What a platform asks for a person: delete everything, or write to them no more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from overture.services import consent, erasing
from overture.services.deployment import Deployment
from overture.services.naming import quoted
from overture.store.ports import Ledger
from overture.store.rooms import Deletion


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Name a person as a signed request does: by an id, on all accounts of a channel."""

    channel: str
    accounts: Collection[str]
    user_id: str


def delete(ledger: Ledger, asking: Asking, code: str, now: datetime) -> list[str]:
    """Erase a person on every account where the id is known, and note the request.

    Args:
        code: under which the person can ask what became of it.

    Returns:
        The conversations that are gone.
    """
    known = contacts_of(ledger, asking)
    gone = [one for contact_id in known for one in ledger.people.conversations_of(contact_id)]
    for contact_id in known:
        erasing.erase(ledger, contact_id, now)
    ledger.deletions.add(
        Deletion(
            code=code, channel=asking.channel, requested_at=now, done_at=now, erased=len(known)
        )
    )
    return gone


def deauthorise(ledger: Ledger, asking: Asking, now: datetime, deployment: Deployment) -> int:
    """Write first no more to a person who took the app out of their account."""
    known = contacts_of(ledger, asking)
    for contact_id in known:
        consent.opt_out(ledger, contact_id, now, deployment, by=consent.BY_PLATFORM)
    return len(known)


def contacts_of(ledger: Ledger, asking: Asking) -> list[str]:
    """Return the contacts that have the id; it is often one that no message ever named."""
    name = quoted(asking.user_id)
    found = (ledger.people.known_as(asking.channel, one, [name]) for one in asking.accounts)
    return [contact_id for contact_id in found if contact_id is not None]
