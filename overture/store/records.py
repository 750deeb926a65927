"""The rows services work with, as frozen records; no SQL here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from overture.identity import Contact

#: What is said of a day holds until it is over, and is worth coming back to for a while longer.
DAY_ENDS, PLAN_LASTS = timedelta(days=1), timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Inbound:
    """Hold one message from a person, as it was accepted."""

    #: Number in the ledger; 0 until it is stored.
    id: int = 0
    channel: str
    account_id: str
    user_id: str
    message_id: str
    kind: str
    text: str | None
    payload: str | None = None
    #: What else the platform told: referral, attachments, aliases, context.
    detail: Mapping[str, Any] = field(default_factory=dict)
    #: When the person sent it, by the platform's clock but never later than ``received_at``.
    occurred_at: datetime
    received_at: datetime
    #: Four parts, once the persona is known.
    conversation_id: str | None = None
    labels: tuple[str, ...] = ()
    observed_at: datetime | None = None
    attempts: int = 0
    #: The worker that holds it.
    lease_owner: str | None = None

    def __post_init__(self) -> None:
        if self.occurred_at.tzinfo is None:
            raise ValueError(f"occurred_at needs a time zone: {self.occurred_at!r}")
        if self.received_at.tzinfo is None:
            raise ValueError(f"received_at needs a time zone: {self.received_at!r}")

    @property
    def contact(self) -> Contact:
        """Return who wrote."""
        return Contact(self.channel, self.account_id, self.user_id)

    @property
    def contact_id(self) -> str:
        """Return who wrote, as text."""
        return f"{self.channel}:{self.account_id}:{self.user_id}"

    @property
    def is_link_alone(self) -> bool:
        """Tell whether the person opened a link and wrote nothing.

        On WhatsApp a code arrives as a text the person has sent.
        """
        return self.kind == "referral" and self.channel != "whatsapp"


@dataclass(frozen=True, kw_only=True)
class ContactState:
    """Hold what is known of a person on one account."""

    id: str
    channel: str
    account_id: str
    user_id: str
    persona_id: str | None = None
    timezone: str | None = None
    birth_year: int | None = None
    birth_date: str | None = None
    declared_minor: bool = False
    #: When an operator took back that the person was said to be a minor.
    minor_lifted_at: datetime | None = None
    region: str | None = None
    opted_out_at: datetime | None = None
    #: The message that opted out first: it alone gets a confirmation.
    opted_out_by: str | None = None
    crisis_hold_since: datetime | None = None
    memory_off_at: datetime | None = None
    #: Last thing the person did that opens the platform's window.
    last_action_at: datetime | None = None
    #: When the platform said its window was closed.
    window_closed_at: datetime | None = None
    #: When the platform said the person cannot be reached; they can again once they write.
    unreachable_at: datetime | None = None
    #: Until when the platform wants no message to this person, whatever they do.
    unreachable_until: datetime | None = None
    #: Private personas that were shared with this person.
    shared: Sequence[str] = ()


#: Stands for the message that opted out where all messages of that time are erased.
BEFORE_ERASURE = "erased"


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """Hold what binds whoever writes under an id again after all else was erased."""

    opted_out: bool
    minor: bool


@dataclass(frozen=True, kw_only=True)
class ConversationState:
    """Hold the counters of one conversation."""

    id: str
    contact_id: str
    persona_id: str
    cycle: int = 0
    window_opened_at: datetime | None = None
    messages_in_window: int = 0
    window_message_ids: tuple[str, ...] = ()
    last_message_at: datetime | None = None
    last_follow_up_at: datetime | None = None
    last_follow_up_cycle: int | None = None
    follow_ups_in_window: int = 0
    paused_until: datetime | None = None
    takeover_since: datetime | None = None
    takeover_until: datetime | None = None
    #: When the person asked for a human, until one has the conversation or it is settled.
    human_asked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Hold everything in the ledger that the gate asks about one conversation."""

    contact: ContactState
    conversation: ConversationState
    #: Messages accepted from this person whose turn is not over.
    pending_inbound: int = 0
    account_paused_until: datetime | None = None
    #: What the connector told: ``timezone``, ``persona``, ``template``, ``human_agent``.
    account_detail: Mapping[str, Any] = field(default_factory=dict)
    #: The permit of the present cycle, if one was issued.
    permit_id: int | None = None
    permit_spent: bool = False
    #: All proactive messages of the deployment are stopped.
    kill_switch: bool = False
    plan: PlanRow | None = None


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """Hold when a conversation is to be written to first."""

    conversation_id: str
    cycle: int
    kind: str
    due_at: datetime
    planned_at: datetime
    attempts: int = 0


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """Hold one answer of the gate."""

    id: int = 0
    conversation_id: str
    cycle: int
    at: datetime
    #: ``plan``, ``claim`` or ``send``: which reading of the rules this was.
    stage: str
    #: ``planned``, ``not_planned``, ``send``, ``wait``, ``cease`` or ``sent``.
    outcome: str
    reasons: tuple[str, ...]
    record: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """Hold one memory with its source."""

    id: int = 0
    conversation_id: str
    kind: str
    value: str
    topic: str | None = None
    #: ISO date or time, if the fact has one.
    when: str | None = None
    sensitive: bool = False
    confidence: float = 1.0
    source_message_id: str
    #: The words it was drawn from.
    quote: str
    said_at: datetime
    valid_until: datetime | None = None
    superseded_at: datetime | None = None
    superseded_by: int | None = None

    @property
    def until(self) -> str | None:
        """Return the last ISO day of what lasts longer than one, or may be on any of some days."""
        if self.valid_until is None or self.when is None:
            return None
        last = (self.valid_until - DAY_ENDS - PLAN_LASTS).date().isoformat()
        return last if last > self.when[:10] else None


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """Hold one platform message on its way out."""

    id: int = 0
    conversation_id: str
    contact_id: str
    #: ``reply``, ``follow_up`` or ``person`` (typed by a human in the inbox).
    kind: str
    permit_id: int | None = None
    inbound_id: int | None = None
    text: str | None = None
    #: Body of the Graph call, without the recipient's token.
    request: Mapping[str, Any]
    #: Ids of the memories the text speaks of.
    uses: tuple[int, ...] = ()
    state: str = "queued"
    attempts: int = 0
    next_attempt_at: datetime | None = None
    platform_message_id: str | None = None
    error: Mapping[str, Any] | None = None
    created_at: datetime
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
