"""How a persona is shared: links per account, what stands on a profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from overture.meta.links import instagram_link, messenger_link, whatsapp_link
from overture.personas.card import Card

#: Longest text of a profile: an Instagram biography.
PROFILE_LIMIT = 150


@dataclass(frozen=True, kw_only=True)
class Account:
    """Name the account a persona can be reached on."""

    #: ``messenger``, ``instagram`` or ``whatsapp``.
    channel: str
    #: Page name or id, user name, or phone number.
    handle: str


_LINKS: Mapping[str, Callable[[str, str], str]] = {
    "messenger": messenger_link,
    "instagram": instagram_link,
    "whatsapp": whatsapp_link,
}
CHANNELS = tuple(_LINKS)


def link(card: Card, account: Account, ref: str | None = None) -> str:
    """Return the link that opens a chat with a persona.

    Args:
        card: the persona.
        account: where.
        ref: the code the link brings along; the persona's id by default. A private persona
            is opened with a code that only the people hold it is shared with.

    Raises:
        ValueError: the handle or the code cannot stand in a link.
    """
    return _LINKS[account.channel](account.handle, ref or card.id)


def profile(card: Card) -> str:
    """Return a text for a profile: tagline, and that this is an AI, within its limit."""
    note = "AI program, may be wrong."
    first = card.tagline.rstrip(".") or card.name
    room = PROFILE_LIMIT - len(note) - 2
    return f"{first if len(first) <= room else first[: room - 1] + '…'}. {note}"


def links(card: Card, accounts: Sequence[Account], ref: str | None = None) -> dict[str, str]:
    """Return the link of each account, by ``channel:handle``."""
    return {f"{one.channel}:{one.handle}": link(card, one, ref) for one in accounts}
