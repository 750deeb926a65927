"""Conversations as lines of a list: who, with whom, in which states, and the last words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from overture.identity import Conversation
from overture.store.records import Standing
from overture.store.reviewing import Noted, Said
from overture.store.rooms import Need
from overture.store.sql import SqlLedger


@dataclass(frozen=True, kw_only=True)
class State:
    """Hold one state a conversation is in."""

    #: As in ``overture.store.reviewing.VIEWS``.
    key: str
    #: Since when, or until when for what lies ahead.
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """Hold one line of a list."""

    identity: Conversation
    name: str | None
    states: tuple[State, ...]
    last_message_at: datetime | None
    said: Said | None
    tags: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the conversation."""
        return str(self.identity)


def states(
    standing: Standing, now: datetime, need: Need | None = None, noted: Noted | None = None
) -> tuple[State, ...]:
    """Return the states a conversation is in, the gravest first."""
    contact, conversation = standing.contact, standing.conversation
    found = []
    if contact.crisis_hold_since is not None:
        found.append(State(key="crisis_hold", at=contact.crisis_hold_since))
    if need is not None:
        found.append(State(key="needs_human", at=need.since))
    until = conversation.takeover_until
    if conversation.takeover_since is not None and (until is None or now < until):
        found.append(State(key="taken_over", at=conversation.takeover_since))
    if contact.opted_out_at is not None:
        found.append(State(key="opted_out", at=contact.opted_out_at))
    if conversation.paused_until is not None and now < conversation.paused_until:
        found.append(State(key="paused", at=conversation.paused_until))
    if conversation.last_follow_up_cycle == conversation.cycle:
        found.append(State(key="unanswered", at=conversation.last_follow_up_at))
    if standing.plan is not None:
        found.append(State(key="planned", at=standing.plan.due_at))
    if noted is not None and noted.state is not None:
        found.append(State(key=noted.state, at=noted.at))
    return tuple(found)


def rows(
    ledger: SqlLedger,
    conversation_ids: Sequence[str],
    now: datetime,
    found: dict[str, Said] | None = None,
) -> list[Row]:
    """Return the lines of these conversations, in this order.

    Args:
        found: what to quote of a conversation in place of its last words.
    """
    standings = {one.conversation.id: one for one in ledger.people.standings(conversation_ids)}
    needs = ledger.attention.needs(conversation_ids)
    noted = ledger.notes.of(conversation_ids)
    names = ledger.review.names(conversation_ids)
    said = found if found is not None else ledger.review.last_words(conversation_ids)
    return [
        Row(
            identity=Conversation.parse(one),
            name=names.get(one),
            states=states(standings[one], now, needs.get(one), noted.get(one)),
            last_message_at=standings[one].conversation.last_message_at,
            said=said.get(one),
            tags=noted[one].tags if one in noted else (),
        )
        for one in conversation_ids
        if one in standings
    ]
