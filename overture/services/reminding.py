"""Reminders a person asks for: a follow-up at their time, under the same limits, or a true no."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from overture.memory.moments import moments
from overture.policy import Cease, Send, decide
from overture.policy.zones import zone_of
from overture.services import remembering
from overture.services.deployment import Deployment
from overture.services.planning import REMINDER, replan, replan_all
from overture.services.standing import facts_of, policy_of
from overture.store.ports import Ledger
from overture.store.records import FactRow

#: When on a day that is named without a time, in the person's zone; the later one for today.
_HOURS = (time(10, 30), time(18))
#: A reminder that limits move by more than this is none any more.
_LATE = timedelta(hours=12)
#: How long after its time a reminder is still one.
LASTS = timedelta(days=1)
_QUOTE = 300
_VALUE = 160
#: What a reminder is about is looked for in this much of a message.
_READ = 1000

_LEAD = re.compile(
    r"^.*?\b(?:reminder|remind|write|message|msg|text|ping|nudge|drop|send)(?:\s+(?:a|me|us|to|line|again"
    r"|back|message|reminder|note|for))*\b",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE = re.compile(
    r"^(?:\W|(?:to|about|of|that|again|please|pls|and|for|on|at)\b)+", re.IGNORECASE
)
_AFTER = re.compile(r"(?:\W|\b(?:please|pls|thanks|thank you|ok|okay|on|at))+$", re.IGNORECASE)
#: What comes again and again, which nobody is promised: one message, then it is their turn.
_OFTEN = re.compile(
    r"\b(?:every|each)\s+(?:single\s+|other\s+|few\s+|\d+\s+)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?|day|morning|noon|lunchtime"
    r"|afternoon|evening|night|week|weekend|weekday|month|year|hours?|days|weeks|minutes?|time)\b"
    r"|\beveryday\b"
    r"|\b(?:hourly|daily|nightly|weekly|monthly)(?=\s*(?:$|[.,!?]|(?:at|in|please|pls|from)\b))",
    re.IGNORECASE,
)
#: What follows a day of which something else is named.
_OWN = ("'s", "\u2019s")
#: What names one day all the same: "remind me tomorrow that every day counts".
_ONCE = re.compile(
    r"\b(?:today|tonight|tomorrow|next|this|once|in\s+(?:an?|\d+)|on)\b", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """Tell what became of a wish for a reminder."""

    #: When it will come, in the person's zone; None: it cannot be kept.
    at: datetime | None = None
    #: What it is about, in the person's words; empty if they named nothing.
    about: str = ""
    #: Why it cannot be kept: stable words of the gate, ``no_time``, ``past`` or ``often``.
    reasons: tuple[str, ...] = ()


def remind(
    ledger: Ledger,
    conversation_id: str,
    message_id: str,
    text: str,
    now: datetime,
    deployment: Deployment,
) -> Reminder:
    """Keep a wish for a reminder, in place of an earlier one, if the limits let it come.

    What the limits move by hours is kept; what they do not allow is not promised.
    """
    standing = ledger.people.standing(conversation_id, lock=True)
    facts = facts_of(standing, deployment, planning=True) if standing is not None else None
    if standing is None or facts is None:
        return Reminder(reasons=("too_few_messages",))
    if is_often(text):
        return Reminder(reasons=("often",))
    zone = zone_of(facts)[1]
    wish, about = read(text, now.astimezone(zone))
    if wish is None or wish <= now:
        return Reminder(about=about, reasons=("no_time" if wish is None else "past",))
    answer = decide(facts, policy_of(standing, deployment), wish)
    if isinstance(answer, Cease):
        return Reminder(about=about, reasons=answer.reasons)
    at = wish if isinstance(answer, Send) else answer.until
    if at - wish > _LATE:
        return Reminder(about=about, reasons=answer.reasons)
    earlier = [one.id for one in of(ledger.memory.current(conversation_id))]
    ledger.memory.delete(conversation_id, earlier)
    ledger.memory.add([_row(conversation_id, message_id, text, about, wish, now)])
    replan(ledger, conversation_id, now, deployment)
    return Reminder(at=at.astimezone(zone), about=about)


def _row(
    conversation_id: str, message_id: str, text: str, about: str, wish: datetime, now: datetime
) -> FactRow:
    return FactRow(
        conversation_id=conversation_id,
        kind="other",
        topic=REMINDER,
        value=f"a reminder: {about}" if about else "a reminder",
        when=wish.isoformat(timespec="seconds"),
        source_message_id=message_id,
        quote=text[:_QUOTE],
        said_at=now,
        valid_until=wish + LASTS,
    )


def of(memories: Iterable[FactRow]) -> list[FactRow]:
    """Return the reminders among memories."""
    return [one for one in memories if one.topic == REMINDER and one.when]


def due(memories: Iterable[FactRow], spoken: Iterable[int], now: datetime) -> FactRow | None:
    """Return the reminder whose time has come and that has not been given, if there is one."""
    given = set(spoken)
    ready = [one for one in of(memories) if one.id not in given and _wish(one) <= now]
    return ready[-1] if ready else None


def about(memory: FactRow) -> str:
    """Return what a reminder is about; empty if the person named nothing."""
    return memory.value.partition(": ")[2]


def forget(
    ledger: Ledger,
    conversation_id: str,
    query: str | None,
    now: datetime,
    deployment: Deployment,
) -> list[FactRow]:
    """Delete memories as ``remembering.forget`` does; the moment that hung on one goes with it."""
    gone = remembering.forget(ledger, conversation_id, query)
    replan(ledger, conversation_id, now, deployment)
    return gone


def forget_everything(
    ledger: Ledger, contact_id: str, now: datetime, deployment: Deployment
) -> None:
    """Delete all memories of a person, and the moments that hung on them."""
    remembering.forget_everything(ledger, contact_id, now)
    replan_all(ledger, ledger.people.conversations_of(contact_id), now, deployment)


def _wish(memory: FactRow) -> datetime:
    return datetime.fromisoformat(memory.when or "")


def read(text: str, now: datetime) -> tuple[datetime | None, str]:
    """Return the instant a text names, if any, and what the reminder is about.

    Args:
        text: the person's words.
        now: in the person's own zone.
    """
    found = moments(text, now)
    # "Friday's show" names a show: the time is another, if there is another.
    plain = [one for one in found if text[one.span[1] :][:2] not in _OWN]
    named = next(iter(plain or found), None)
    words = text if named is None else f"{text[: named.span[0]]} {text[named.span[1] :]}"
    rest = _AFTER.sub("", _BEFORE.sub("", _LEAD.sub("", words[:_READ], count=1)))
    return (None if named is None else _instant(named.iso(now), now)), " ".join(rest.split())[
        :_VALUE
    ]


def is_often(text: str) -> bool:
    """Tell whether somebody asks to be reminded again and again."""
    return _OFTEN.search(text) is not None and _ONCE.search(text) is None


def _instant(when: str, now: datetime) -> datetime:
    if len(when) > len("2026-03-06"):
        return datetime.fromisoformat(when)
    day, zone = datetime.fromisoformat(when).date(), now.tzinfo
    times = [_at(day, hour, zone) for hour in _HOURS]
    return next((one for one in times if one > now), times[-1])


def _at(day: date, hour: time, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, hour, zone)
