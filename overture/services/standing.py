"""From the ledger's records to the facts the gate reads."""

from __future__ import annotations

from datetime import date, datetime

from overture.policy.facts import Facts
from overture.policy.limits import Policy
from overture.services.deployment import Deployment
from overture.store.records import ContactState, ConversationState, Standing


def policy_of(standing: Standing, deployment: Deployment) -> Policy:
    """Return the limits that hold for a conversation."""
    contact = standing.contact
    return deployment.policy_for(
        standing.conversation.persona_id, contact.channel, contact.account_id
    )


def facts_of(
    standing: Standing,
    deployment: Deployment,
    *,
    kind: str = "follow_up",
    planning: bool = False,
) -> Facts | None:
    """Return the gate's facts, or None while the person has not written at all.

    Args:
        planning: leave the messages out whose turn is not over; the one that is being
            counted just now is among them.
    """
    contact, conversation = standing.contact, standing.conversation
    if conversation.window_opened_at is None or conversation.last_message_at is None:
        return None
    persona = deployment.persona(conversation.persona_id, contact.id)
    account = standing.account_detail
    since, until = _with_human(conversation)
    return Facts(
        conversation=conversation.id,
        channel=contact.channel,
        cycle=conversation.cycle,
        window_opened_at=conversation.window_opened_at,
        messages_in_window=conversation.messages_in_window,
        window_message_ids=conversation.window_message_ids,
        last_message_at=conversation.last_message_at,
        last_user_action_at=contact.last_action_at or conversation.last_message_at,
        platform_window_closed_at=_latest(contact.window_closed_at, contact.unreachable_at),
        last_follow_up_at=conversation.last_follow_up_at,
        last_follow_up_cycle=conversation.last_follow_up_cycle,
        follow_ups_in_window=conversation.follow_ups_in_window,
        opted_out_at=contact.opted_out_at,
        paused_until=conversation.paused_until,
        crisis_hold_since=contact.crisis_hold_since,
        takeover_since=since,
        takeover_until=until,
        kind=kind,
        birth_year=contact.birth_year,
        birth_date=date.fromisoformat(contact.birth_date) if contact.birth_date else None,
        declared_minor=contact.declared_minor,
        region=contact.region,
        timezone=contact.timezone,
        account_timezone=account.get("timezone"),
        persona_released=persona.released,
        persona_visible=persona.visible or conversation.persona_id in contact.shared,
        pending_inbound=0 if planning else standing.pending_inbound,
        account_paused_until=_latest(standing.account_paused_until, contact.unreachable_until),
        template_available=bool(account.get("template")) and not _is_out_of_reach(contact),
        kill_switch=standing.kill_switch,
    )


def _with_human(conversation: ConversationState) -> tuple[datetime | None, datetime | None]:
    """Return since and until when a human has a conversation, or is waited for: without end."""
    if conversation.human_asked_at is not None:
        return conversation.human_asked_at, None
    return conversation.takeover_since, conversation.takeover_until


def _is_out_of_reach(contact: ContactState) -> bool:
    """Return whether the platform refused this person, whom no template reaches either."""
    acted, refused = contact.last_action_at, contact.unreachable_at
    return refused is not None and (acted is None or refused >= acted)


def _latest(first: datetime | None, second: datetime | None) -> datetime | None:
    if first is None or second is None:
        return first or second
    return max(first, second)
