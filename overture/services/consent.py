"""What a person, or somebody who looks after them, says about being written to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from overture.services import alerting
from overture.services.deployment import Deployment
from overture.services.planning import Withheld, replan, replan_all
from overture.store.ports import Ledger
from overture.store.records import BEFORE_ERASURE

#: Stands for the message that opted out where a person did so in the app's own menu.
BY_PLATFORM = "platform"
#: Opt-outs that no message on record asked for: the first that does gets its confirmation.
_UNSAID = (BY_PLATFORM, BEFORE_ERASURE)


def opt_out(
    ledger: Ledger, contact_id: str, now: datetime, deployment: Deployment, *, by: str
) -> list[Withheld]:
    """Stop all follow-ups to a person.

    Args:
        by: id of the message that asked for it; the first one is kept.
    """
    contact = ledger.people.contact(contact_id)
    if contact is not None and contact.opted_out_at is not None:
        if contact.opted_out_by in _UNSAID and by not in _UNSAID:
            ledger.people.save_contact(contact_id, now, opted_out_by=by)
        return []
    return change(ledger, contact_id, now, deployment, opted_out_at=now, opted_out_by=by)


def opt_in(
    ledger: Ledger, contact_id: str, now: datetime, deployment: Deployment
) -> list[Withheld]:
    """Allow follow-ups to a person again."""
    return _change(
        ledger, contact_id, now, deployment, asked=True, opted_out_at=None, opted_out_by=None
    )


def hold_for_crisis(
    ledger: Ledger, contact_id: str, now: datetime, deployment: Deployment
) -> list[Withheld]:
    """Stop all follow-ups to a person until somebody releases the hold."""
    known = ledger.people.contact(contact_id)
    if known is None or known.crisis_hold_since is None:
        alerting.crisis_hold(ledger, contact_id, now, deployment)
    return change(ledger, contact_id, now, deployment, crisis_hold_since=now)


def release_hold(
    ledger: Ledger, contact_id: str, now: datetime, deployment: Deployment
) -> list[Withheld]:
    """End a crisis hold."""
    return _change(ledger, contact_id, now, deployment, asked=True, crisis_hold_since=None)


def lift_minor(
    ledger: Ledger, contact_id: str, now: datetime, deployment: Deployment
) -> list[Withheld]:
    """Take back that somebody is a minor, as an operator who has asked may.

    Nobody can do so for themselves. It is noted when; a birth date or year on record stands.
    """
    fields = {"declared_minor": False, "minor_lifted_at": now}
    return _change(ledger, contact_id, now, deployment, asked=True, **fields)


def change(
    ledger: Ledger,
    contact_id: str,
    now: datetime,
    deployment: Deployment,
    **changes: Any,
) -> list[Withheld]:
    """Change what is known of a person and plan all their conversations anew.

    Args:
        changes: fields of ``ContactState``, such as ``timezone`` or ``birth_year``.
    """
    return _change(ledger, contact_id, now, deployment, asked=False, **changes)


def pause(
    ledger: Ledger,
    conversation_id: str,
    now: datetime,
    deployment: Deployment,
    *,
    until: datetime | None,
) -> Withheld | None:
    """Stop follow-ups of one conversation for a while; a later pause replaces an earlier one."""
    return _change_conversation(ledger, conversation_id, now, deployment, paused_until=until)


def take_over(
    ledger: Ledger,
    conversation_id: str,
    now: datetime,
    deployment: Deployment,
    *,
    until: datetime | None = None,
) -> Withheld | None:
    """Let a human have a conversation; the bot is silent until handed back, or until then."""
    ledger.attention.settle(conversation_id)
    return _change_conversation(
        ledger,
        conversation_id,
        now,
        deployment,
        takeover_since=now,
        takeover_until=until,
        human_asked_at=None,
    )


def keep_for_human(
    ledger: Ledger, conversation_id: str, now: datetime, deployment: Deployment
) -> None:
    """Let a human who has just written have the conversation, for the set time at least."""
    known = ledger.people.conversation(conversation_id)
    endless = known is not None and known.takeover_since and known.takeover_until is None
    until = None if endless else now + deployment.takeover
    take_over(ledger, conversation_id, now, deployment, until=until)


def hand_back(
    ledger: Ledger, conversation_id: str, now: datetime, deployment: Deployment
) -> Withheld | None:
    """Give a conversation back to the bot."""
    ledger.attention.settle(conversation_id)
    return _change_conversation(
        ledger,
        conversation_id,
        now,
        deployment,
        asked=True,
        takeover_since=None,
        takeover_until=None,
        human_asked_at=None,
    )


def ask_for_human(
    ledger: Ledger, conversation_id: str, now: datetime, deployment: Deployment
) -> list[Withheld]:
    """Note that a person asked for a human, unless one has the conversation.

    The bot goes on answering, and writes nothing first until a human has looked after it.
    """
    known = ledger.people.conversation(conversation_id)
    if known is not None and (known.human_asked_at or taken_over(ledger, conversation_id, now)):
        return []
    alerting.needs_human(ledger, conversation_id, "asked_for_human", now, deployment)
    held = _change_conversation(ledger, conversation_id, now, deployment, human_asked_at=now)
    return [held] if held else []


def settle(
    ledger: Ledger, conversation_id: str, now: datetime, deployment: Deployment
) -> Withheld | None:
    """Note that somebody has looked after a conversation that needed a human."""
    ledger.attention.settle(conversation_id)
    return _change_conversation(
        ledger, conversation_id, now, deployment, asked=True, human_asked_at=None
    )


def taken_over(ledger: Ledger, conversation_id: str, now: datetime) -> bool:
    """Return whether a human has a conversation now."""
    conversation = ledger.people.conversation(conversation_id)
    if conversation is None or conversation.takeover_since is None:
        return False
    return conversation.takeover_until is None or now < conversation.takeover_until


def _change(
    ledger: Ledger,
    contact_id: str,
    now: datetime,
    deployment: Deployment,
    *,
    asked: bool,
    **changes: Any,
) -> list[Withheld]:
    ledger.people.save_contact(contact_id, now, **changes)
    theirs = ledger.people.conversations_of(contact_id)
    return replan_all(ledger, theirs, now, deployment, asked=asked)


def _change_conversation(
    ledger: Ledger,
    conversation_id: str,
    now: datetime,
    deployment: Deployment,
    *,
    asked: bool = False,
    **changes: Any,
) -> Withheld | None:
    contact_id = conversation_id.rsplit(":", 1)[0]
    ledger.people.save_contact(contact_id, now)
    ledger.people.save_conversation(conversation_id, now, **changes)
    return replan(ledger, conversation_id, now, deployment, asked=asked)
