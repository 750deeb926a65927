"""What the dialogue asks of the rest of Overture; ``overture.bootstrap`` answers."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from overture.clock import Clock
from overture.personas import Registry


class Fact(Protocol):
    """Describe one memory as the dialogue sees it."""

    @property
    def id(self) -> str:
        """Identify the memory."""

    @property
    def kind(self) -> str:
        """Name its kind, as in ``overture facts``."""

    @property
    def value(self) -> str:
        """Hold what was said."""

    @property
    def topic(self) -> str | None:
        """Name its subject: film, genre, food ..."""

    @property
    def when(self) -> str | None:
        """Hold the ISO date or time it is about."""

    @property
    def until(self) -> str | None:
        """Hold the last ISO day of that time, if it is longer than a day."""

    @property
    def sensitive(self) -> bool:
        """Say whether only the person may bring it up."""

    @property
    def source_message_id(self) -> str:
        """Name the message it was drawn from."""

    @property
    def quote(self) -> str:
        """Hold the words it was drawn from."""

    @property
    def said_at(self) -> datetime:
        """Hold when it was said, aware."""


class Composed(Protocol):
    """Describe a follow-up that is ready to be said."""

    @property
    def text(self) -> str:
        """Hold the whole message."""

    @property
    def uses(self) -> tuple[str, ...]:
        """Name the memories it speaks of."""

    @property
    def line_id(self) -> str:
        """Name the line of the persona it was made from."""


class Runtime(Protocol):
    """Offer the use cases of one deployment, keyed by conversation id."""

    @property
    def registry(self) -> Registry:
        """Hold the personas."""

    @property
    def clock(self) -> Clock:
        """Tell the time."""

    async def observe(
        self,
        *,
        sender_id: str,
        channel: str,
        message_id: str,
        text: str,
        at: datetime | None = None,
    ) -> str:
        """Record a message once, however it came; return the id of its conversation."""

    async def facts(self, conversation: str) -> tuple[Fact, ...]:
        """Return what is remembered and still holds, the newest last."""

    async def said(self, conversation: str) -> frozenset[str]:
        """Return the ids of the lines this person has heard."""

    async def remember(self, conversation: str, message_id: str, text: str) -> None:
        """Keep what a person asked to be kept."""

    async def remember_about(self, conversation: str, message_id: str, name: str) -> None:
        """Keep what a person means to do with what was talked about, under its name."""

    async def remind(self, conversation: str, message_id: str, text: str) -> tuple[str, str, str]:
        """Keep a wish for a reminder; return when it comes, about what, or why it does not."""

    async def forget(self, conversation: str, query: str | None) -> tuple[Fact, ...]:
        """Delete what the words point at, the newest memory for None; return what went."""

    async def forget_everything(self, conversation: str) -> None:
        """Delete every memory of the person."""

    async def stop_remembering(self, conversation: str) -> None:
        """Keep nothing new from now on."""

    async def export(self, conversation: str) -> str:
        """Return how the person gets everything that is held, in words."""

    async def why(self, conversation: str) -> str:
        """Return why it wrote last, or why it does not, in words."""

    async def pause(self, conversation: str, until: datetime | None) -> None:
        """Write nothing first until then."""

    async def ask_for_human(self, conversation: str) -> None:
        """Tell those who look after the account that a person asks for a human."""

    async def first(self, conversation: str, message_id: str, label: str) -> bool:
        """Say whether this message is the one that first set the state of a label."""

    async def follow_up(self, conversation: str) -> Composed | None:
        """Compose the follow-up whose permit is open, if one is."""

    async def switch_persona(self, conversation: str, persona_id: str) -> bool:
        """Let another persona answer this person from the next message on, if it may."""
