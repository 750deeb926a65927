"""A ledger in memory for replays: what the use cases of a replay ask of the store, nothing more.

It keeps people, conversations, plans and permits, whose number does not grow with the messages,
memories that still hold, and the ids of messages in a temporary file; no words and no records.
The tests hold it against the SQL ledger: both give the same answers.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from overture.identity import Contact, Conversation
from overture.replay.seen import Inbox
from overture.store.records import (
    ContactState,
    ConversationState,
    DecisionRow,
    FactRow,
    Outbound,
    PlanRow,
    Standing,
)


class People:
    """Keep contacts and conversations; implements part of `store.ports.People`."""

    def __init__(self, plans: Plans) -> None:
        self._contacts: dict[str, ContactState] = {}
        self._conversations: dict[str, ConversationState] = {}
        self._theirs: dict[str, list[str]] = defaultdict(list)
        self._plans = plans

    def contact(self, contact_id: str) -> ContactState | None:
        """Return a contact."""
        return self._contacts.get(contact_id)

    def save_contact(self, contact_id: str, now: datetime, **changes: Any) -> None:
        """Create a contact or change some of what is known of it."""
        known = self._contacts.get(contact_id)
        if known is None:
            who = Contact.parse(contact_id)
            known = ContactState(
                id=contact_id,
                channel=who.channel,
                account_id=who.account_id,
                user_id=who.user_id,
            )
        self._contacts[contact_id] = replace(known, **changes)

    def conversation(self, conversation_id: str) -> ConversationState | None:
        """Return a conversation."""
        return self._conversations.get(conversation_id)

    def save_conversation(self, conversation_id: str, now: datetime, **changes: Any) -> None:
        """Create a conversation or change some of its counters."""
        known = self._conversations.get(conversation_id)
        if known is None:
            who = Conversation.parse(conversation_id)
            contact_id = str(who.contact)
            known = ConversationState(
                id=conversation_id, contact_id=contact_id, persona_id=who.persona_id
            )
            self._theirs[contact_id] = sorted([*self._theirs[contact_id], conversation_id])
        self._conversations[conversation_id] = replace(known, **changes)

    def conversations_of(self, contact_id: str) -> list[str]:
        """Return the ids of a person's conversations with all personas."""
        return list(self._theirs.get(contact_id, ()))

    def standing(self, conversation_id: str, *, lock: bool = False) -> Standing | None:
        """Return all the gate asks about one conversation."""
        conversation = self._conversations.get(conversation_id)
        if conversation is None:
            return None
        permit = self._plans.permit(conversation_id, conversation.cycle)
        return Standing(
            contact=self._contacts[conversation.contact_id],
            conversation=conversation,
            plan=self._plans.plan(conversation_id),
            permit_id=permit,
            permit_spent=permit is not None and self._plans.is_spent(permit),
        )

    def standings(self, conversation_ids: Sequence[str], *, lock: bool = False) -> list[Standing]:
        """Return the same for several conversations."""
        found = [self.standing(one) for one in sorted(set(conversation_ids))]
        return [one for one in found if one is not None]

    def note_sent(self, conversation_id: str, now: datetime) -> None:
        """Note that the follow-up of this cycle went out."""
        known = self._conversations[conversation_id]
        self._conversations[conversation_id] = replace(
            known,
            last_follow_up_at=now,
            last_follow_up_cycle=known.cycle,
            follow_ups_in_window=known.follow_ups_in_window + 1,
        )


class Plans:
    """Keep plans and permits; implements part of `store.ports.Plans`."""

    def __init__(self) -> None:
        self.people: People | None = None
        self._plans: dict[str, PlanRow] = {}
        #: Due times, with some of plans that have since moved or gone.
        self._queue: list[tuple[datetime, str]] = []
        #: When each plan can be claimed next.
        self._claimable: dict[str, datetime] = {}
        #: The newest permit of each conversation: its cycle and its number.
        self._permits: dict[str, tuple[int, int]] = {}
        #: Those of them that are spent.
        self._spent: set[int] = set()
        self._last_permit = 0
        #: The newest answer about each conversation, without its evidence.
        self._answers: dict[str, DecisionRow] = {}

    def plan(self, conversation_id: str) -> PlanRow | None:
        """Return the plan of a conversation."""
        return self._plans.get(conversation_id)

    def permit(self, conversation_id: str, cycle: int) -> int | None:
        """Return the permit of a conversation's cycle."""
        held, number = self._permits.get(conversation_id, (None, 0))
        return number if held == cycle else None

    def is_spent(self, permit_id: int) -> bool:
        """Tell whether a permit has been spent."""
        return permit_id in self._spent

    def put(self, new: PlanRow) -> None:
        """Set the plan of a conversation, in place of an older one."""
        self._plans[new.conversation_id] = new
        self._wait(new.conversation_id, new.due_at)

    def _wait(self, conversation_id: str, until: datetime) -> None:
        self._claimable[conversation_id] = until
        heapq.heappush(self._queue, (until, conversation_id))

    def drop(self, conversation_ids: Sequence[str]) -> None:
        """Take plans away."""
        for conversation_id in conversation_ids:
            self._plans.pop(conversation_id, None)
            self._claimable.pop(conversation_id, None)

    def next_due(self) -> datetime | None:
        """Return when the next plan can be claimed."""
        while self._queue:
            due_at, conversation_id = self._queue[0]
            if self._claimable.get(conversation_id) == due_at:
                return due_at
            heapq.heappop(self._queue)
        return None

    def claim(self, now: datetime, limit: int, owner: str, lease_until: datetime) -> list[Standing]:
        """Claim due plans, oldest first; they come again when the lease has run out."""
        assert self.people is not None
        found: list[Standing] = []
        while len(found) < limit and (due := self.next_due()) is not None and due <= now:
            _, conversation_id = heapq.heappop(self._queue)
            standing = self.people.standing(conversation_id)
            assert standing is not None, "a plan belongs to a conversation"
            found.append(standing)
            self._wait(conversation_id, lease_until)
        return found

    def issue(self, standings: Sequence[Standing], now: datetime) -> None:
        """Issue the permit of each conversation's present cycle, unless there is one."""
        for standing in standings:
            if standing.permit_id is None:
                self._last_permit += 1
                conversation = standing.conversation
                self._spent.discard(self._permits.get(conversation.id, (0, 0))[1])
                self._permits[conversation.id] = (conversation.cycle, self._last_permit)

    def spend(self, permit_ids: Sequence[int], now: datetime) -> None:
        """Spend permits.

        Raises:
            ValueError: One of them has been spent before.
        """
        if not self._spent.isdisjoint(permit_ids):
            raise ValueError(f"a permit of {list(permit_ids)} is not there to be spent")
        self._spent.update(permit_ids)

    def note_sent(self, conversation_ids: Sequence[str], now: datetime) -> None:
        """Note in the conversations that their follow-up of this cycle went out."""
        assert self.people is not None
        for conversation_id in conversation_ids:
            self.people.note_sent(conversation_id, now)

    def record(self, decisions: Sequence[DecisionRow]) -> None:
        """Keep the newest answer alone, without its evidence."""
        for row in decisions:
            self._answers[row.conversation_id] = replace(row, record={})

    def decisions(self, conversation_id: str, limit: int = 20) -> list[DecisionRow]:
        """Return the newest answer about a conversation, if there is one."""
        last = self._answers.get(conversation_id)
        return [] if last is None else [last]


class Outbox:
    """Number what goes out; implements part of `store.ports.Outbox`."""

    def __init__(self) -> None:
        self._last = 0

    def add(self, messages: Sequence[Outbound], owner: str, lease_until: datetime) -> list[int]:
        """Return a number for each message."""
        first = self._last + 1
        self._last += len(messages)
        return list(range(first, self._last + 1))

    def update(self, outbound_id: int, **changes: Any) -> None:
        """Keep nothing: in a replay every message arrives."""


class Memory:
    """Keep what people told; implements part of `store.ports.Memory`."""

    def __init__(self) -> None:
        self._facts: dict[str, list[FactRow]] = defaultdict(list)
        self._owner: dict[int, str] = {}
        self._last = 0

    def current(self, conversation_id: str) -> list[FactRow]:
        """Return what holds now, oldest first."""
        return list(self._facts.get(conversation_id, ()))

    def add(self, facts: Sequence[FactRow]) -> list[int]:
        """Store facts and return their numbers."""
        numbers = []
        for fact in facts:
            self._last += 1
            known = self._facts[fact.conversation_id]
            over = [one.id for one in known if one.valid_until and one.valid_until <= fact.said_at]
            self.supersede(over, None, fact.said_at)  # so that what is kept does not only grow
            known.append(replace(fact, id=self._last))
            self._owner[self._last] = fact.conversation_id
            numbers.append(self._last)
        return numbers

    def supersede(self, fact_ids: Sequence[int], by: int | None, now: datetime) -> None:
        """Drop facts that are replaced; a replay needs no history of them."""
        for fact_id in fact_ids:
            known = self._facts[self._owner.pop(fact_id)]
            known[:] = [fact for fact in known if fact.id != fact_id]


class Attention:
    """Keep nothing: in a replay no human waits; implements part of `store.rooms.Attention`."""

    def ask(self, conversation_id: str, because: str, now: datetime) -> bool:
        """Take note of a wish for a human."""
        return True

    def settle(self, conversation_id: str) -> None:
        """Take note that somebody looks after a conversation."""


class ReplayLedger:
    """Hold the rooms of the ledger; implements part of `store.ports.Ledger`."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.plans = Plans()
        self.people = People(self.plans)
        self.plans.people = self.people
        self.outbox = Outbox()
        self.memory = Memory()
        self.attention = Attention()

    def account_timezone(self, channel: str, account_id: str) -> str | None:
        """Return nothing: in a replay no account has a zone."""
        return None
