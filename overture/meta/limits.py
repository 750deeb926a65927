"""What each channel takes, as data: lengths, counts and pace.

Lengths in "characters" are measured in UTF-16 units: the platforms do not say how they count, and
this is the count that is never too small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from overture.meta.text import Size, utf8_bytes, utf16_units


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Lengths and counts of one channel; None means the channel has no such thing."""

    text: int
    size: Size = utf16_units  #: how ``text`` is measured; titles and labels are in UTF-16 units
    caption: int | None = None
    quick_replies: int = 0
    buttons: int
    button_text: int  #: text beside buttons
    title: int = 20
    payload: int
    list_rows: int = 0
    row_title: int = 0
    row_description: int = 0
    row_payload: int = 0
    cards: int = 0
    card_title: int = 0
    reference: int = 0  #: what can be sent along and comes back


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast one account may send, and how fast to one person.

    A person's credit is a bucket of ``pair_burst`` that gains one in every ``pair_every``.
    """

    account_per_second: float
    media_per_second: float
    pair_every: timedelta
    pair_burst: int


LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "messenger": Limits(
            text=2000,
            quick_replies=13,
            buttons=3,
            button_text=640,
            payload=1000,
            cards=10,
            card_title=80,
            reference=1000,
        ),
        "instagram": Limits(
            text=1000,
            size=utf8_bytes,
            quick_replies=13,
            buttons=3,
            button_text=640,
            payload=1000,
            cards=10,
            card_title=80,
        ),
        "whatsapp": Limits(
            text=4096,
            caption=1024,
            buttons=3,
            button_text=1024,
            payload=256,
            list_rows=10,
            row_title=24,
            row_description=72,
            row_payload=200,
            reference=512,
        ),
    }
)

#: Send API 300 texts and 10 recordings a second for a Page or Instagram account, but more than 40
#: a second freezes the inbox; WhatsApp 80 a second for a number and one in 6 s for a person.
PACES: Mapping[str, Pace] = MappingProxyType(
    {
        "messenger": Pace(
            account_per_second=40,
            media_per_second=10,
            pair_every=timedelta(seconds=1),
            pair_burst=10,
        ),
        "instagram": Pace(
            account_per_second=40,
            media_per_second=10,
            pair_every=timedelta(seconds=1),
            pair_burst=10,
        ),
        "whatsapp": Pace(
            account_per_second=80,
            media_per_second=80,
            pair_every=timedelta(seconds=6),
            pair_burst=45,
        ),
    }
)
