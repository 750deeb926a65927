"""What the gate knows about one conversation at one moment: a value, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timezone
from operator import attrgetter

from overture.policy.intervals import as_utc

#: How many message ids a record keeps as evidence.
EVIDENCE_LIMIT = 20

_INSTANTS = (
    "window_opened_at",
    "last_message_at",
    "last_user_action_at",
    "platform_window_closed_at",
    "last_follow_up_at",
    "opted_out_at",
    "paused_until",
    "crisis_hold_since",
    "takeover_since",
    "takeover_until",
    "account_paused_until",
)
_COUNTS = ("cycle", "messages_in_window", "follow_ups_in_window", "pending_inbound")
_instants, _counts = attrgetter(*_INSTANTS), attrgetter(*_COUNTS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The facts the rules read. Every instant is aware and is held in UTC.

    Raises:
        ValueError: An instant is naive, a count is negative, or a birth year is impossible.
    """

    #: `channel:account:user:persona`
    conversation: str
    channel: str
    #: Grows with each message of the person.
    cycle: int
    #: Time of the message that opened the current window.
    window_opened_at: datetime
    #: Distinct messages of the person since then.
    messages_in_window: int
    #: Their ids as evidence, the latest `EVIDENCE_LIMIT` at most.
    window_message_ids: tuple[str, ...] = ()
    last_message_at: datetime
    #: Last act that opens the platform's window: a message, a tapped button, a story reply.
    last_user_action_at: datetime
    #: When the platform answered that its window is closed; a newer act opens it again.
    platform_window_closed_at: datetime | None = None
    last_follow_up_at: datetime | None = None
    #: The cycle in which the last follow-up was permitted.
    last_follow_up_cycle: int | None = None
    follow_ups_in_window: int = 0
    opted_out_at: datetime | None = None
    paused_until: datetime | None = None
    crisis_hold_since: datetime | None = None
    takeover_since: datetime | None = None
    #: When the takeover ends by itself; None: only a hand-back ends it.
    takeover_until: datetime | None = None
    #: What is to be sent: `follow_up`, `reminder`, ... All kinds live under the same limits.
    kind: str = "follow_up"
    #: The person has switched this kind off.
    kind_disabled: bool = False
    birth_year: int | None = None
    birth_date: date | None = None
    #: The person, or an operator, has said that the person is a minor.
    declared_minor: bool = False
    #: ISO 3166 country, or country and subdivision: `DE`, `US-TN`.
    region: str | None = None
    #: IANA zone of the person.
    timezone: str | None = None
    #: IANA zone of the business account, for people whose own is unknown.
    account_timezone: str | None = None
    persona_released: bool = True
    #: This person may see this persona.
    persona_visible: bool = True
    #: Accepted messages of the contact that no turn has taken up yet, without the one at work.
    pending_inbound: int = 0
    account_paused_until: datetime | None = None
    #: An approved template is there for a channel that asks for one after its window.
    template_available: bool = False
    account_enabled: bool = True
    #: All proactive messages of the installation are stopped.
    kill_switch: bool = False

    def __post_init__(self) -> None:
        for name, instant in zip(_INSTANTS, _instants(self), strict=True):
            if instant is not None and instant.tzinfo is not timezone.utc:
                object.__setattr__(self, name, as_utc(instant))
        for name, count in zip(_COUNTS, _counts(self), strict=True):
            if count < 0:
                raise ValueError(f"{name} must not be negative: {count!r}")
        if self.birth_year is not None and not 1 <= self.birth_year <= 9999:
            raise ValueError(f"birth_year must be from 1 to 9999: {self.birth_year!r}")
        latest = self.window_message_ids[-EVIDENCE_LIMIT:]
        object.__setattr__(self, "window_message_ids", latest)
