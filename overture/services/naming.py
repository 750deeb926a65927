"""Who and what a platform speaks of: ids of people, the numbers of our own messages."""

from __future__ import annotations

import re

from overture.meta import events
from overture.store.ports import Ledger

#: What is sent along with our messages to know their echoes.
OWN_MARK = "overture"
_NUMBERED = re.compile(rf"{OWN_MARK}-([0-9]{{1,18}})")


def reference(number: int) -> str:
    """Return what is sent along with a message, to know its number again."""
    return f"{OWN_MARK}-{number}"


def number_in(mark: str | None) -> int | None:
    """Return the number of the message a reference names."""
    found = _NUMBERED.fullmatch(mark or "")
    return int(found[1]) if found else None


def contact_id_of(ledger: Ledger, event: events.Event) -> str | None:
    """Return the contact an event is about, if they are known."""
    ids = [quoted(one) for one in (event.user_id, *event.aliases) if one]
    return ledger.people.known_as(event.channel, event.account_id, ids) if ids else None


def contact_id_in(event: events.Event) -> str | None:
    """Return the contact an event names, known or not."""
    if not event.user_id:
        return None
    return f"{event.channel}:{event.account_id}:{quoted(event.user_id)}"


def quoted(name: str) -> str:
    """Return an id so that it can be part of a contact."""
    return name.replace(":", "%3A")
