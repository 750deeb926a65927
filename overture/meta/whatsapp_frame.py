"""Whose number, and which person: the frame around everything in a WhatsApp change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from overture.meta import wire

#: A business-scoped user id: country, then up to 128 letters and digits (``US.ENT.…`` for parents).
_SCOPED = re.compile(r"[A-Za-z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")

_WRITTEN_NUMBER = re.compile(r"\+?[\d\s().-]*\d[\d\s().-]*")


class Origin(TypedDict):
    """The fields every event record starts with."""

    channel: str
    account_id: str
    user_id: str | None
    aliases: tuple[str, ...]
    occurred_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person as named in one webhook: the key to use, and the numbers known beside it."""

    user_id: str
    aliases: tuple[str, ...] = ()
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Scope:
    """One ``value``: our number, its contacts and the field it came under."""

    channel: str
    account_id: str | None  #: ``phone_number_id``; None when not named
    owner_id: str | None  #: the WhatsApp Business account
    display_number: str | None
    contacts: tuple[dict[str, Any], ...]
    errors: Any
    field: str

    @classmethod
    def of(cls, value: dict[str, Any], entry: dict[str, Any], field: str) -> Scope:
        """Read the frame of a change."""
        metadata = wire.mapping(value.get("metadata"))
        contacts = wire.items(value.get("contacts"))
        return cls(
            channel="whatsapp",
            account_id=wire.identifier(metadata.get("phone_number_id")),
            owner_id=wire.identifier(entry.get("id")),
            display_number=phone(metadata.get("display_phone_number")),
            contacts=tuple(contact for contact in contacts if isinstance(contact, dict)),
            errors=value.get("errors"),
            field=field,
        )

    @property
    def standby(self) -> bool:
        """Whether another app is handling the conversation."""
        return self.field == "standby"

    def origin(self, person: Person | None, stamp: Any) -> Origin:
        """Return the fields every event record starts with."""
        return {
            "channel": self.channel,
            "account_id": self.account_id or self.owner_id or "",
            "user_id": person.user_id if person else None,
            "aliases": person.aliases if person else (),
            "occurred_at": wire.instant(stamp),
        }

    def person(self, scoped: Any, address: Any, parent: Any = None) -> Person | None:
        """Name the person: business-scoped id first, then number, then the parent id.

        Contacts are matched by id, never by position; a lone contact stands in only for a message
        that names nobody.

        Args:
            scoped: ``from_user_id``, ``recipient_user_id`` or ``user_id``.
            address: ``from``, ``recipient_id`` or ``wa_id``; can itself be a business-scoped id.
            parent: The portfolio's id of the person, used when nothing else is known.
        """
        scoped, number = wire.identifier(scoped) or scoped_id(address), phone(address)
        contact = self._contact(scoped, number)
        scoped = scoped or wire.identifier(contact.get("user_id"))
        numbers = tuple(dict.fromkeys(filter(None, (number, phone(contact.get("wa_id"))))))
        parent = wire.identifier(parent) or wire.identifier(contact.get("parent_user_id"))
        key = scoped or next(iter(numbers), None) or parent
        if key is None:
            return None
        name = wire.text(wire.mapping(contact.get("profile")).get("name"))
        return Person(user_id=key, aliases=tuple(n for n in numbers if n != key), name=name)

    def _contact(self, scoped: str | None, number: str | None) -> dict[str, Any]:
        if not scoped and not number:
            return self.contacts[0] if len(self.contacts) == 1 else {}
        for contact in self.contacts:
            if scoped and wire.identifier(contact.get("user_id")) == scoped:
                return contact
            if number and phone(contact.get("wa_id")) == number:
                return contact
        return {}


def phone(value: Any) -> str | None:
    """Return a number as WhatsApp keys it (digits without plus sign or blanks), or None.

    What is neither a number nor a business-scoped id is returned as it is.
    """
    found = wire.identifier(value)
    if found is None or found.isdecimal():
        return found
    if _SCOPED.fullmatch(found):
        return None
    return re.sub(r"\D", "", found) if _WRITTEN_NUMBER.fullmatch(found) else found


def scoped_id(value: Any) -> str | None:
    """Return a business-scoped user id, or None."""
    found = wire.identifier(value)
    return found if found and _SCOPED.fullmatch(found) else None
