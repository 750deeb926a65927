"""Carry everything of a person along when the id they are known by becomes another one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from overture.memory.lifecycle import replaces
from overture.policy.limits import Policy
from overture.services.deployment import Deployment
from overture.services.planning import replan_all
from overture.store.ports import Ledger
from overture.store.records import ContactState, ConversationState

#: Of these the later instant holds, or the larger value: each makes limits tighter, or is news.
_LATEST = (
    "last_action_at",
    "window_closed_at",
    "unreachable_at",
    "unreachable_until",
    "minor_lifted_at",
)
_YOUNGEST = ("birth_year", "birth_date")
#: Of these the first holds: what a person, or somebody for them, has switched off stays off.
_FIRST = ("opted_out_at", "crisis_hold_since", "memory_off_at")
#: Of these the newer contact's holds, if it has one.
_NEWER = ("persona_id", "timezone", "region")


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Say that a person is known by another id now."""

    old: str
    new: str
    #: Conversations by their old id, to the new one.
    conversations: tuple[tuple[str, str], ...]


def move(
    ledger: Ledger,
    old: str,
    new: str,
    now: datetime,
    deployment: Deployment,
    *,
    aliases: Collection[str] = (),
) -> Moved:
    """Give everything of one contact to another, in this transaction; both may have a history.

    Args:
        old: contact id that is not used any more.
        new: contact id from now on.
        aliases: ids by which the person is still known beside the new one.
    """
    pairs = tuple((one, _renamed(one, new)) for one in ledger.people.conversations_of(old))
    if pairs:  # nobody spends a permit of these meanwhile
        ledger.people.standings([one for pair in pairs for one in pair], lock=True)
    before = ledger.people.contact(old)
    if before is not None:
        merged = merged_contact(before, ledger.people.contact(new))
        ledger.people.save_contact(new, now, **merged)
    for one, other in pairs:
        _move_conversation(ledger, one, other, now, deployment)
    ledger.moving.contact(old, new)
    ledger.people.alias(new, aliases)
    replan_all(ledger, ledger.people.conversations_of(new), now, deployment)
    return Moved(old=old, new=new, conversations=pairs)


def _renamed(conversation_id: str, contact_id: str) -> str:
    return f"{contact_id}:{conversation_id.rsplit(':', 1)[1]}"


def _move_conversation(
    ledger: Ledger, old: str, new: str, now: datetime, deployment: Deployment
) -> None:
    first, second = ledger.people.conversation(old), ledger.people.conversation(new)
    assert first is not None
    channel, account_id, _, persona_id = new.split(":")
    policy = deployment.policy_for(persona_id, channel, account_id)
    ledger.people.save_conversation(new, now, **merged_conversation(first, second, policy))
    ledger.moving.conversation(old, new, shift=first.cycle if second is not None else 0)
    if second is not None:
        _settle_memories(ledger, new, now)


def _settle_memories(ledger: Ledger, conversation_id: str, now: datetime) -> None:
    """Let the newer of two memories hold where they contradict or repeat each other."""
    facts = sorted(ledger.memory.current(conversation_id), key=lambda fact: (fact.said_at, fact.id))
    for index, newer in enumerate(facts):
        replaced = [older.id for older in facts[:index] if replaces(newer, older)]
        ledger.memory.supersede(replaced, newer.id, now)


def merged_contact(old: ContactState, new: ContactState | None) -> dict[str, Any]:
    """Return what is known of a person from two contacts; the tighter one holds in doubt."""
    if new is None:
        names = (*_LATEST, *_YOUNGEST, *_FIRST, *_NEWER)
        values = {name: getattr(old, name) for name in names}
    else:
        values = {name: _pick(max, old, new, name) for name in (*_LATEST, *_YOUNGEST)}
        values |= {name: _pick(min, old, new, name) for name in _FIRST}
        values |= {name: getattr(new, name) or getattr(old, name) for name in _NEWER}
    stopped = new if new is not None and new.opted_out_at is not None else old
    minor = old.declared_minor or (new is not None and new.declared_minor)
    shared = dict.fromkeys([*old.shared, *(new.shared if new is not None else ())])
    return values | {
        "opted_out_by": stopped.opted_out_by,
        "declared_minor": minor,
        "shared": list(shared),
    }


def _pick(choose: Any, old: object, new: object, name: str) -> Any:
    return _choose(choose, (getattr(old, name), getattr(new, name)))


def _choose(choose: Any, values: Iterable[Any]) -> Any:
    return choose((value for value in values if value is not None), default=None)


def merged_conversation(
    old: ConversationState, new: ConversationState | None, policy: Policy
) -> dict[str, Any]:
    """Return the counters of two conversations of one person with one persona, as one.

    The cycles of the newer one go on where those of the older one end.
    """
    if new is None:
        return _counters(old)
    cycle = old.cycle + new.cycle
    last_message_at = _pick(max, old, new, "last_message_at")
    last_follow_up_at = _pick(max, old, new, "last_follow_up_at")
    answered = last_follow_up_at is None or (
        last_message_at is not None and last_message_at > last_follow_up_at
    )
    return _merged_window(old, new, policy) | {
        "cycle": cycle,
        "last_message_at": last_message_at,
        "last_follow_up_at": last_follow_up_at,
        "last_follow_up_cycle": _last_cycle(old, new) if answered else cycle,
        "paused_until": _pick(max, old, new, "paused_until"),
        "takeover_since": _pick(min, old, new, "takeover_since"),
        "takeover_until": _takeover_until(old, new),
        "human_asked_at": _pick(min, old, new, "human_asked_at"),
    }


def _counters(state: ConversationState) -> dict[str, Any]:
    own = {"id", "contact_id", "persona_id"}
    return {name: value for name, value in vars(state).items() if name not in own}


def _last_cycle(old: ConversationState, new: ConversationState) -> int | None:
    if new.last_follow_up_cycle is not None:
        return old.cycle + new.last_follow_up_cycle
    return old.last_follow_up_cycle


def _takeover_until(old: ConversationState, new: ConversationState) -> datetime | None:
    taken = [one for one in (old, new) if one.takeover_since is not None]
    if any(one.takeover_until is None for one in taken):
        return None
    return max((one.takeover_until for one in taken if one.takeover_until), default=None)


def _merged_window(
    old: ConversationState, new: ConversationState, policy: Policy
) -> dict[str, Any]:
    """Join two windows that overlap, at the earlier anchor; else the later one holds."""
    windows = [one for one in (old, new) if one.window_opened_at is not None]
    windows.sort(key=lambda one: (one.window_opened_at, one is new))
    first, last = (windows[0], windows[-1]) if windows else (old, new)
    if len(windows) < 2 or not _overlap(first, last, policy):
        return _window(last)
    both = (*first.window_message_ids, *last.window_message_ids)
    return {
        "window_opened_at": first.window_opened_at,
        "messages_in_window": first.messages_in_window + last.messages_in_window,
        "window_message_ids": tuple(dict.fromkeys(both))[-20:],
        "follow_ups_in_window": first.follow_ups_in_window + last.follow_ups_in_window,
    }


def _overlap(first: ConversationState, last: ConversationState, policy: Policy) -> bool:
    assert first.window_opened_at is not None
    latest = last.last_message_at or last.window_opened_at
    return latest is not None and latest <= first.window_opened_at + policy.window


def _window(state: ConversationState) -> dict[str, Any]:
    names = ("window_opened_at", "messages_in_window", "window_message_ids")
    return {name: getattr(state, name) for name in (*names, "follow_ups_in_window")}
