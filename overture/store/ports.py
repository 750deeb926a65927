"""What services ask of the ledger; one transaction each, implemented in ``store.sql``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from overture.store.messages import Inbox, Outbox
from overture.store.records import (
    ContactState,
    ConversationState,
    DecisionRow,
    FactRow,
    PlanRow,
    Standing,
    Tombstone,
)
from overture.store.reviewing import (
    DayCount,
    FollowUp,
    Heard,
    Listing,
    Mark,
    Place,
    Refusal,
    Said,
)
from overture.store.rooms import Alerts, Attention, Deletions, Moving, Notes, Sharing, Typed


class People(Protocol):
    """Keep contacts and conversations."""

    def contact(self, contact_id: str) -> ContactState | None:
        """Return a contact."""

    def save_contact(self, contact_id: str, now: datetime, **changes: Any) -> None:
        """Create a contact or change some of what is known of it."""

    def conversation(self, conversation_id: str) -> ConversationState | None:
        """Return a conversation."""

    def save_conversation(self, conversation_id: str, now: datetime, **changes: Any) -> None:
        """Create a conversation or change some of its counters."""

    def conversations_of(self, contact_id: str) -> list[str]:
        """Return the ids of a person's conversations with all personas."""

    def alias(self, contact_id: str, aliases: Collection[str]) -> None:
        """Note other ids of the same person."""

    def known_as(self, channel: str, account_id: str, ids: Sequence[str]) -> str | None:
        """Return the contact that has one of these user ids or aliases."""

    def aliases_of(self, contact_id: str) -> list[str]:
        """Return the other ids of a person."""

    def erase(self, contact_id: str) -> None:
        """Delete a person with all conversations, messages, plans and decisions."""

    def bury(self, contact_id: str, kept: Tombstone, now: datetime) -> None:
        """Bind whoever writes under one of a person's ids again, once that one is created."""

    def standing(self, conversation_id: str, *, lock: bool = False) -> Standing | None:
        """Return all the gate asks about one conversation, locked for this transaction."""

    def standings(self, conversation_ids: Sequence[str], *, lock: bool = False) -> list[Standing]:
        """Return the same for several conversations."""


class Plans(Protocol):
    """Keep plans, permits and decisions."""

    def put(self, plan: PlanRow) -> None:
        """Set the plan of a conversation, in place of an older one."""

    def drop(self, conversation_ids: Sequence[str]) -> None:
        """Take plans away."""

    def planned(self, conversation_ids: Sequence[str]) -> set[str]:
        """Return those of these conversations that have a plan."""

    def claim(self, now: datetime, limit: int, owner: str, lease_until: datetime) -> list[Standing]:
        """Claim due plans, oldest first; nobody else gets them until the lease runs out."""

    def owners(self) -> set[str]:
        """Return the dispatchers that hold claims."""

    def prune(self, before: datetime) -> int:
        """Delete answers older than an instant; return how many."""

    def release(self, owners_gone: Sequence[str], now: datetime) -> int:
        """Make the claims of processes that are gone claimable at once; return how many."""

    def next_due(self) -> datetime | None:
        """Return when the next plan can be claimed."""

    def unplanned(
        self,
        *,
        opened_since: datetime,
        acted_since: datetime,
        messages: int,
        after: str,
        limit: int,
        planned_too: bool = False,
    ) -> list[str]:
        """Return conversations that might be owed a follow-up and have no plan, in order of id.

        Args:
            opened_since: of those whose window opened later.
            acted_since: of those who acted later, where the platform has a window and takes no
                template after it.
            messages: of those with at least as many messages in it.
            after: of those with a greater id.
            planned_too: with those that have a plan, unless somebody works on it.
        """

    def issue(self, standings: Sequence[Standing], now: datetime) -> None:
        """Issue the permit of each conversation's present cycle, unless there is one."""

    def note_sent(self, conversation_ids: Sequence[str], now: datetime) -> None:
        """Note in the conversations that their follow-up of this cycle went out."""

    def spend(self, permit_ids: Sequence[int], now: datetime) -> None:
        """Spend permits."""

    def record(self, decisions: Sequence[DecisionRow]) -> None:
        """Keep answers of the gate."""

    def decisions(self, conversation_id: str, limit: int = 20) -> list[DecisionRow]:
        """Return the latest answers about a conversation, newest first."""

    def last_sent(self, conversation_id: str) -> DecisionRow | None:
        """Return the answer that let the last follow-up go, while it is kept."""


class Memory(Protocol):
    """Keep what people told, with its source."""

    def current(self, conversation_id: str) -> list[FactRow]:
        """Return what holds now, oldest first."""

    def history(self, conversation_id: str) -> list[FactRow]:
        """Return everything, replaced facts included."""

    def add(self, facts: Sequence[FactRow]) -> list[int]:
        """Store facts and return their numbers."""

    def supersede(self, fact_ids: Sequence[int], by: int | None, now: datetime) -> None:
        """Mark facts as replaced."""

    def delete(self, conversation_id: str, fact_ids: Sequence[int] | None = None) -> int:
        """Delete facts, or all of a conversation; return how many."""

    def delete_from(self, conversation_id: str, source_message_id: str) -> int:
        """Delete what was drawn from one message; return how many."""


class Tracker(Protocol):
    """Keep Rasa's events of conversations."""

    def append(self, sender_id: str, events: Sequence[Mapping[str, Any]]) -> int:
        """Store new events of a conversation, in order; return the last one's number."""

    def last(self, sender_id: str) -> int:
        """Return the number of a conversation's last event; 0 if it has none."""

    def count(self, sender_id: str) -> int:
        """Return how many events the last session of a conversation has."""

    def load(self, sender_id: str, *, session_only: bool) -> list[dict[str, Any]]:
        """Return the events of a conversation, or of its last session alone."""

    def senders(self) -> list[str]:
        """Return every conversation that has a history."""

    def lines_said(self, sender_id: str, limit: int = 400) -> list[str]:
        """Return the ids of the persona's lines said last, the oldest first."""

    def rewind(self, sender_id: str, message_id: str) -> int:
        """Delete a message's event and all after it; return how many."""

    def reword(self, sender_id: str, message_id: str, text: str | None) -> bool:
        """Put other words, or none, in the place of one message's in the history."""

    def delete(self, sender_id: str) -> int:
        """Delete the history of a conversation; return how many events it had."""


class Ledger(Protocol):
    """Hold one transaction on everything that must not be lost."""

    inbox: Inbox
    people: People
    plans: Plans
    outbox: Outbox
    memory: Memory
    tracker: Tracker
    moving: Moving
    sharing: Sharing
    deletions: Deletions
    attention: Attention
    typed: Typed
    alerts: Alerts
    notes: Notes

    def switch(self, name: str) -> str | None:
        """Return the value of a deployment-wide switch."""

    def set_switch(self, name: str, value: str, now: datetime) -> None:
        """Set a deployment-wide switch."""

    def account_paused_until(self, channel: str, account_id: str) -> datetime | None:
        """Return until when nothing is sent from an account."""

    def describe_account(self, channel: str, account_id: str, detail: Mapping[str, Any]) -> None:
        """Note what the connector knows of an account."""

    def account_timezone(self, channel: str, account_id: str) -> str | None:
        """Return the name of an account's zone, which holds for people whose own is unknown."""

    def account_kept(self, channel: str, account_id: str) -> dict[str, Any]:
        """Return what the platform told of an account."""

    def keep_for_account(self, channel: str, account_id: str, **kept: Any) -> None:
        """Keep something the platform told of an account, beside what is kept already."""

    def accounts(self) -> list[dict[str, Any]]:
        """Return every account that was ever configured or paused."""

    def pause_account(
        self, channel: str, account_id: str, until: datetime | None, because: str
    ) -> None:
        """Stop sending from an account for a while, or resume."""


class Review(Protocol):
    """Read what reviewers look at, page by page, whatever the number of conversations."""

    def conversations(self, asked: Listing, now: datetime) -> list[Place]:
        """Return one page of a list of conversations."""

    def known_as(self, text: str, accounts: Collection[tuple[str, str]]) -> list[str]:
        """Return the conversations of the person with this id, in any of these accounts."""

    def search(self, words: str, before: Mark | None, limit: int) -> tuple[list[Said], Mark]:
        """Return messages with these words, newest first, and how far back they were read."""

    def transcript(
        self, conversation_id: str, before: Mark | None, limit: int
    ) -> tuple[list[Said], Mark | None]:
        """Return messages of both sides, oldest first, and where earlier ones begin."""

    def told(self, conversation_id: str, before: int | None, limit: int) -> list[Said]:
        """Return what both sides said by Rasa's own history, oldest first."""

    def last_words(self, conversation_ids: Sequence[str]) -> dict[str, Said]:
        """Return the newest message of each conversation."""

    def heard_as(self, conversation_id: str, limit: int) -> dict[str, Heard]:
        """Return what the newest messages of a conversation were taken for, by message."""

    def names(self, conversation_ids: Sequence[str]) -> dict[str, str]:
        """Return the names people told, by conversation."""

    def follow_ups(self, before: int | None, limit: int) -> list[FollowUp]:
        """Return follow-ups that went out, newest first, from below a permit's number."""

    def withheld(self, after: Refusal | None, limit: int) -> list[Refusal]:
        """Return follow-ups that were withheld, newest first."""

    def by_day(self, since: datetime) -> list[DayCount]:
        """Count by day what went out, answered and not, and what was withheld, by its reasons."""
