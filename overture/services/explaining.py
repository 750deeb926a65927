"""Why it wrote and why it did not: from the ledger, never from memory of the dialogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from overture.personas.phrasing import as_said
from overture.policy import decide, explain, plan
from overture.services.deployment import Deployment
from overture.services.planning import REMINDER
from overture.services.reminding import Reminder
from overture.services.standing import facts_of, policy_of
from overture.store.ports import Ledger
from overture.store.records import ConversationState, DecisionRow, FactRow, Standing

#: Reasons in words for the person themself.
_TO_PERSON = {
    "window_closed": "our talk began too long ago",
    "too_few_messages": "we have not talked enough yet",
    "unanswered": "I wrote once already and it is your turn now",
    "opted_out": "you asked me not to write first",
    "paused": "you asked me for a pause",
    "crisis_hold": "I hold back after what you told me, until a person has looked at it",
    "minor": "I do not write first to people under 18",
    "law": "the law where you are does not allow it",
    "channel_window": "this app lets me write only within a day of your last message",
    "quiet_hours": "it is night where you are",
    "gap": "I wrote not long ago",
    "cap": "I have written as often as I may",
    "pending_inbound": "I am still reading what you wrote",
    "takeover": "a person is looking after our talk, or is asked to",
    "persona_not_released": "I am not available to write at the moment",
    "disabled": "writing first is switched off",
    "no_time": "I need a day or a time for it, such as Friday, or tomorrow at 8 pm",
    "past": "that time is over",
    "often": "I may write only once before you write again; ask me for one day, and then anew",
}
#: What somebody erased may have got is not known any more.
_NOT_SO = "As far as I know, I have not written to you first"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Hold what the gate knows and said about one conversation."""

    conversation_id: str
    standing: Standing
    #: What the gate would answer at this moment.
    now: dict[str, Any] | None
    #: Latest answers, newest first.
    decisions: tuple[DecisionRow, ...]
    memories: tuple[FactRow, ...]

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON-able data."""
        return {
            "conversation": self.conversation_id,
            "contact": _plain(asdict(self.standing.contact)),
            "facts": _plain(asdict(self.standing.conversation)),
            "pending_inbound": self.standing.pending_inbound,
            "plan": _plain(asdict(self.standing.plan)) if self.standing.plan else None,
            "permit": {"issued": self.standing.permit_id is not None}
            | {"spent": self.standing.permit_spent},
            "now": self.now,
            "decisions": [_plain(asdict(one)) for one in self.decisions],
            "memories": [_plain(asdict(one)) for one in self.memories],
        }

    def in_words(self) -> str:
        """Return the same for a person who operates the bot."""
        conversation = self.standing.conversation
        lines = [
            f"{self.conversation_id}",
            (
                f"  messages in window  {conversation.messages_in_window}"
                f" (opened {_time(conversation.window_opened_at)})"
            ),
            f"  last message        {_time(conversation.last_message_at)}",
            f"  last follow-up      {_time(conversation.last_follow_up_at)}",
        ]
        if conversation.human_asked_at is not None:
            lines.append(f"  asked for a human   {_time(conversation.human_asked_at)}")
        if self.standing.plan is not None:
            lines.append(f"  planned             {_time(self.standing.plan.due_at)}")
        if self.now is not None:
            lines += ["", "Now:", _indent(explain(self.now))]
        for one in self.decisions:
            lines += ["", f"{_time(one.at)} {one.stage}: {one.outcome} {', '.join(one.reasons)}"]
            if one.outcome in {"withheld", "wait"} and "verdicts" in one.record:
                lines.append(_indent(explain(one.record)))
        return "\n".join(lines)


def explanation(
    ledger: Ledger, conversation_id: str, now: datetime, deployment: Deployment
) -> Explanation | None:
    """Gather what is known and was decided; None for a conversation that is not known."""
    standing = ledger.people.standing(conversation_id)
    if standing is None:
        return None
    facts = facts_of(standing, deployment)
    policy = policy_of(standing, deployment)
    present = decide(facts, policy, now).to_record() if facts is not None else None
    return Explanation(
        conversation_id=conversation_id,
        standing=standing,
        now=present,
        decisions=tuple(ledger.plans.decisions(conversation_id)),
        memories=tuple(ledger.memory.current(conversation_id)),
    )


def to_person(ledger: Ledger, conversation_id: str, now: datetime, deployment: Deployment) -> str:
    """Answer «why did you write to me?» truthfully, in words for the person.

    If nothing was ever written first, say why it is not, or when it is planned.
    """
    standing = ledger.people.standing(conversation_id)
    if standing is None:
        return f"{_NOT_SO}."
    sent = standing.conversation.last_follow_up_at
    if sent is not None:
        return _sent(ledger, standing, sent)
    facts = facts_of(standing, deployment, planning=True)
    if facts is None:
        return f"{_NOT_SO}."
    outcome = plan(facts, policy_of(standing, deployment), now)
    reasons = _reasons(outcome.reasons)
    if not reasons:
        return f"{_NOT_SO}. I may do so once, about what you told me."
    return f"{_NOT_SO}: {reasons}."


def reminder(kept: Reminder) -> tuple[str, str, str]:
    """Say when a reminder comes, about what, and why it cannot come, each empty if it is not so."""
    at = f"{kept.at:%A %-d %B at %H:%M} ({kept.at.tzname()})" if kept.at else ""
    return at, kept.about, _reasons(kept.reasons)


def _sent(ledger: Ledger, standing: Standing, sent: datetime) -> str:
    conversation = standing.conversation
    message = ledger.outbox.last_follow_up(conversation.id)
    known = {one.id: one for one in ledger.memory.history(conversation.id)}
    told = [known[one] for one in (message.uses if message else ()) if one in known]
    about = ", ".join(as_said(one.kind, one.value) for one in told)
    at = f"{sent:%d %B at %H:%M} UTC"
    allowed = f"{_allowance(ledger, conversation)}, so I was allowed to write once before you"
    if message is not None and message.state == "failed":
        return f"{allowed} write again. I tried to on {at}, but this app did not deliver it."
    words = f"{allowed} write again, and I did on {at}."
    if any(one.topic == REMINDER for one in told):
        return f"{words} You had asked me for it: {', '.join(one.value for one in told)}."
    return f"{words} It was because you told me about {about}." if about else words


def _allowance(ledger: Ledger, conversation: ConversationState) -> str:
    """Say what earned the last follow-up, in numbers as long as they are on record."""
    answer = ledger.plans.last_sent(conversation.id)
    if answer is None or answer.cycle != conversation.last_follow_up_cycle:
        return "You had written to me often enough"
    counted, window = _evidence(answer, "messages_in_window"), _evidence(answer, "window")
    if counted is None or window is None:
        return "You had written to me often enough"
    return f"You had written {counted} messages within {_in_words(window)}"


def _in_words(duration: str) -> str:
    """Spell out the unit of a duration as records hold it."""
    return f"{duration[:-1]} {_UNITS[duration[-1]]}"


def _evidence(answer: DecisionRow, name: str) -> Any:
    for verdict in answer.record.get("verdicts", ()):
        if name in verdict.get("evidence", {}):
            return verdict["evidence"][name]
    return None


def _reasons(reasons: Sequence[str]) -> str:
    return ", and ".join(_TO_PERSON.get(one, one) for one in reasons)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "never"


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
