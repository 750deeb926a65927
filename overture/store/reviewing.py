"""What a reviewer reads from the ledger, as frozen records; no SQL here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: Lists of conversations a reviewer can ask for; each is in the order of its own instant.
VIEWS = (
    "all",
    "needs_human",
    "planned",
    "opted_out",
    "crisis_hold",
    "paused",
    "taken_over",
    "unanswered",
    "later",
    "reviewed",
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Hold one entry of a list in order: where it is, so that the next page can go on there."""

    at: datetime
    conversation_id: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Ask for one page of conversations."""

    #: One of ``VIEWS``.
    view: str = "all"
    channel: str | None = None
    persona_id: str | None = None
    #: A tag that reviewers gave; the list of all is then in the order in which it was given.
    tag: str | None = None
    #: The last entry of the page before.
    after: Place | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class Said:
    """Hold one message of either side as a reviewer sees it."""

    number: int
    conversation_id: str
    at: datetime
    #: ``person`` wrote it, the ``bot`` answered, ``follow_up`` or a human typed it: ``inbox``.
    by: str
    kind: str
    text: str | None
    message_id: str | None = None
    labels: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    #: ``queued`` to ``read``, ``failed`` or ``unknown``; None for what people wrote.
    state: str | None = None
    error: Mapping[str, Any] | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    #: Numbers of the memories it speaks of.
    uses: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Noted:
    """Hold what reviewers noted about a conversation."""

    #: ``reviewed`` or ``later``, and since when.
    state: str | None = None
    at: datetime | None = None
    note: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Hold what the dialogue took a message for."""

    intent: str
    #: From 0 to 1; 1 where a rule heard it.
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Hold how far back both sides of a transcript, or of a search, were read."""

    heard: int
    said: int


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """Hold one follow-up that went out."""

    permit_id: int
    message: Said
    #: Whether the person wrote again after it.
    answered: bool


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Hold one follow-up that was withheld."""

    number: int
    at: datetime
    conversation_id: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """Count one thing on one day in UTC."""

    #: Days since 1970.
    day: int
    #: ``answered``, ``unanswered`` or ``withheld``.
    what: str
    count: int
    #: Why it was withheld.
    reasons: tuple[str, ...] = ()
