"""Smaller rooms of the ledger: ids that change, shared codes, who needs a human, what waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from overture.store.records import Outbound
from overture.store.reviewing import Noted


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Say who has which of some ids on one account."""

    #: Ids a person is known by, or has messages waiting under.
    keys: set[str] = field(default_factory=set)
    #: Other ids, to the contact that has each.
    aliases: dict[str, str] = field(default_factory=dict)


class Moving(Protocol):
    """Give rows to another contact; ``services.moving`` merges what both have."""

    def holders(self, channel: str, account_id: str, names: Collection[str]) -> Holders:
        """Return who has these ids, as a key or as an alias."""

    def conversation(self, old: str, new: str, shift: int) -> None:
        """Give everything of one conversation to another, which exists already.

        The other's own cycles are numbered ``shift`` further; both plans are dropped.
        """

    def history(self, old: str, new: str) -> None:
        """Give Rasa's events of one conversation to another."""

    def contact(self, old: str, new: str) -> None:
        """Give what is left of a contact to another: its messages, on both ways."""


class Sharing(Protocol):
    """Keep the codes that open private personas."""

    def add(self, code: str, persona_id: str, now: datetime) -> None:
        """Let a code open a persona."""

    def persona(self, code: str) -> str | None:
        """Return the persona a code opens."""

    def codes(self, persona_id: str) -> list[str]:
        """Return the codes that open a persona, the oldest first."""

    def revoke(self, code: str, now: datetime) -> bool:
        """Let a code open nothing any more; False if it did not."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """Say what a conversation needs a human for."""

    #: ``asked_for_human`` or ``given_up``.
    because: str
    since: datetime


class Attention(Protocol):
    """Keep which conversations need a human, until somebody looks after them."""

    def ask(self, conversation_id: str, because: str, now: datetime) -> bool:
        """Note that a conversation needs a human; False if it did already."""

    def settle(self, conversation_id: str) -> None:
        """Note that somebody looks after a conversation."""

    def needs(self, conversation_ids: Sequence[str]) -> dict[str, Need]:
        """Return what these conversations need a human for, by conversation."""

    def count(self) -> int:
        """Return how many conversations need a human."""


class Typed(Protocol):
    """Keep what humans type in the console until a sender takes it up."""

    def add(self, messages: Sequence[Outbound], key: str) -> bool:
        """Store what was typed in a form, for any sender; False if the form was sent before.

        Whoever calls this holds the lock on the conversation.
        """

    def waits(self) -> bool:
        """Return whether something waits for a sender."""

    def take(self, owner: str, lease_until: datetime) -> list[str]:
        """Take up what waits for a sender; return the contacts."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Say what somebody is to be told of outside of the console."""

    id: int = 0
    #: ``needs_human``, ``crisis_hold`` or ``account_paused``.
    event: str
    #: Why, in a word or a sentence of ours; never the words of people.
    because: str
    since: datetime
    channel: str
    account_id: str
    contact_id: str | None = None
    conversation_id: str | None = None
    #: How often it was tried.
    attempts: int = 0


class Alerts(Protocol):
    """Keep what somebody is to be told of, until they were told."""

    def add(self, alert: Alert) -> None:
        """Store what somebody is to be told of."""

    def waits(self, now: datetime) -> bool:
        """Return whether something is due."""

    def claim(self, now: datetime, lease_until: datetime, limit: int) -> list[Alert]:
        """Return what is due, oldest first; it comes again when the lease has run out."""

    def put_off(self, alert_id: int, until: datetime) -> None:
        """Try again later."""

    def drop(self, alert_id: int) -> None:
        """Forget it: somebody was told, or nobody can be."""


@dataclass(frozen=True, kw_only=True)
class Deletion:
    """Say what became of a person's wish to be deleted, without saying who they are."""

    code: str
    channel: str
    requested_at: datetime
    done_at: datetime | None = None
    #: How many contacts were erased; 0 if nothing was held.
    erased: int = 0


class Deletions(Protocol):
    """Keep what people asked a platform to have deleted."""

    def add(self, request: Deletion) -> None:
        """Store a request."""

    def get(self, channel: str, code: str) -> Deletion | None:
        """Return a request."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Count what waits for one step, and say since when the first of it does."""

    count: int
    since: datetime | None


class Backlog(Protocol):
    """Count what is not done yet, from indexes that hold nothing else."""

    def messages(self) -> Waiting:
        """Return the messages of people whose turn is not over."""

    def outgoing(self) -> Waiting:
        """Return the messages that the platforms have not taken yet."""

    def due(self, now: datetime) -> Waiting:
        """Return the plans that no dispatcher has claimed although their time has come."""


class Notes(Protocol):
    """Keep what reviewers note, until the conversation is erased."""

    def of(self, conversation_ids: Sequence[str]) -> dict[str, Noted]:
        """Return what is noted about these conversations, by conversation."""

    def set_state(self, conversation_id: str, state: str | None, now: datetime) -> None:
        """Note that a conversation was reviewed, is saved for later, or neither."""

    def set_note(self, conversation_id: str, note: str) -> None:
        """Keep a note about a conversation, in place of an earlier one."""

    def set_tags(self, conversation_id: str, tags: Sequence[str], now: datetime) -> None:
        """Give a conversation these tags and no others."""

    def tags(self) -> list[str]:
        """Return the tags in use, in order."""

    def correct(
        self, conversation_id: str, message_id: str, intent: str | None, now: datetime
    ) -> None:
        """Note what a message means; None: it means what it was heard as."""

    def corrections(self, conversation_id: str) -> dict[str, str]:
        """Return what messages of a conversation mean where they were heard as something else."""

    def corrected(self, limit: int) -> list[tuple[str, str]]:
        """Return intents with the words they were corrected for, by intent."""

    def has_corrected(self) -> bool:
        """Return whether a message was corrected."""
