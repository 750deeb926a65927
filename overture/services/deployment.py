"""What use cases need to know of a deployment besides the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from overture.memory.records import ExtractedFact
from overture.policy.limits import Policy


class Place(Protocol):
    """Describe where a person is, as far as it is known."""

    @property
    def region(self) -> str | None:
        """Hold an ISO 3166 country or subdivision."""

    @property
    def timezone(self) -> str | None:
        """Hold an IANA zone."""


@dataclass(frozen=True, kw_only=True)
class PersonaStanding:
    """Say whether a persona may write to a person."""

    released: bool = True
    visible: bool = True


def _anybody(persona_id: str, contact_id: str) -> PersonaStanding:
    return PersonaStanding()


def _first_persona(channel: str, account_id: str) -> str:
    return "maestro"


def _nothing(*_: object) -> None:
    return None


def _no_labels(text: str) -> frozenset[str]:
    return frozenset()


def _no_facts(text: str, now: datetime, zone: str | None) -> Sequence[ExtractedFact]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Hold what differs from one deployment to another; every default is a plain one."""

    policy: Policy = field(default_factory=Policy)
    #: Names all the limits in force; when it changes, what is planned is planned anew.
    version: str = ""
    #: Policy of one persona on one account, at most as loose as ``policy``.
    policy_of: Callable[[str, str, str], Policy | None] = _nothing
    #: (persona id, contact id) to whether it may write to that person.
    persona: Callable[[str, str], PersonaStanding] = _anybody
    #: (channel, account id) to the persona that answers where nothing names another.
    default_persona: Callable[[str, str], str] = _first_persona
    #: Persona's id in a link, to the persona; None when it is unknown. Codes are in the ledger.
    persona_by_ref: Callable[[str], str | None] = _nothing
    #: Labels of a text from a person.
    screen: Callable[[str], frozenset[str]] = _no_labels
    #: Facts in a text from a person: (text, now, time zone).
    extract: Callable[[str, datetime, str | None], Sequence[ExtractedFact]] = _no_facts
    #: Digits of a telephone number, to the place it is from; None if that is not known.
    place_of_number: Callable[[str], Place | None] = _nothing
    #: How long a human who writes from the inbox keeps a conversation.
    takeover: timedelta = timedelta(hours=12)
    #: Whether somebody is told of what needs a human, outside of the console.
    alerts: bool = False

    def policy_for(self, persona_id: str, channel: str, account_id: str) -> Policy:
        """Return the limits of one persona on one account."""
        return self.policy_of(persona_id, channel, account_id) or self.policy
