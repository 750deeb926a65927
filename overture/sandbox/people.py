"""The people who hold the phones: one person has another id on every app, as on the platform."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from overture.sandbox.config import CHANNELS

#: Area codes before the numbers 555-0100 to 555-0199, which belong to nobody.
_AREAS = (202, 212, 213, 303, 312, 404, 415, 503, 617, 702)
_BUSINESS_SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, kw_only=True)
class Person:
    """One person: ``ids`` maps each channel to the id the account knows them by."""

    number: int
    ids: dict[str, str]

    def has(self, channel: str, user_id: str) -> bool:
        """Tell whether ``user_id`` means this person, by id or by WhatsApp number."""
        own = self.ids.get(channel, "")
        return user_id == own or (channel == "whatsapp" and user_id == business_scoped_id(own))


def new_person(number: int, **known: str) -> Person:
    """Make the ``number``-th person; ids in ``known`` replace the made-up ones."""
    made = {
        "messenger": str(24_680_000_000_001_000 + number),
        "instagram": str(17_840_000_000_002_000 + number),
        "whatsapp": _phone_number(number),
    }
    return Person(number=number, ids={name: known.get(name, made[name]) for name in CHANNELS})


def business_scoped_id(wa_id: str) -> str:
    """Return the business-scoped user id that belongs to a WhatsApp number, always the same one."""
    if not wa_id or is_business_scoped(wa_id):
        return wa_id
    return "US." + str(int(hashlib.sha256(wa_id.encode()).hexdigest()[:16], 16)).zfill(18)[:18]


def is_business_scoped(user_id: str) -> bool:
    """Tell a business-scoped id (``US.1349...``) from a number."""
    return _BUSINESS_SCOPED.fullmatch(user_id) is not None


def shown_number(wa_id: str) -> str:
    """Write a North American number the way people read it."""
    if len(wa_id) == 11 and wa_id.startswith("1"):
        return f"+1 {wa_id[1:4]}-{wa_id[4:7]}-{wa_id[7:]}"
    return f"+{wa_id}" if wa_id.isdigit() else wa_id


def _phone_number(number: int) -> str:
    area = _AREAS[(number // 100) % len(_AREAS)]
    return f"1{area}55501{number % 100:02d}"
