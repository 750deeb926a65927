"""The use cases of one deployment, as the dialogue and the tools call them: one door, async."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TypeVar

from overture.accounts import PUSH_CHANNELS
from overture.clock import Clock
from overture.errors import InvalidCard
from overture.identity import Conversation, conversation_for
from overture.personas import Registry
from overture.personas.phrasing import second_person
from overture.services import (
    consent,
    erasing,
    explaining,
    intake,
    remembering,
    reminding,
)
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.records import FactRow, Inbound
from overture.store.sql import SqlLedger

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Hold one memory as the dialogue sees it."""

    id: str
    kind: str
    value: str
    topic: str | None
    when: str | None
    until: str | None
    sensitive: bool
    source_message_id: str
    quote: str
    said_at: datetime


@dataclass(frozen=True, kw_only=True)
class Composed:
    """Hold a follow-up that is ready to be said."""

    text: str
    uses: tuple[str, ...]
    line_id: str


class UseCases:
    """Offer the use cases, keyed by conversation id; every call is one transaction."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        deployment: Deployment,
        registry: Registry,
        rng: Random,
        default_persona: str,
    ) -> None:
        self.database = database
        self.clock = clock
        self.deployment = deployment
        self.registry = registry
        self._rng = rng
        self._default_persona = default_persona

    async def write(self, work: Callable[[SqlLedger], T]) -> T:
        """Run one transaction that writes."""
        return await self.database.write(lambda connection: work(SqlLedger(connection)))

    async def read(self, work: Callable[[SqlLedger], T]) -> T:
        """Run one transaction that reads."""
        return await self.database.read(lambda connection: work(SqlLedger(connection)))

    def conversation(self, sender_id: str, channel: str) -> Conversation:
        """Return the conversation a Rasa ``sender_id`` stands for."""
        return conversation_for(sender_id, channel, self._default_persona, reserved=PUSH_CHANNELS)

    async def observe(
        self,
        *,
        sender_id: str,
        channel: str,
        message_id: str,
        text: str,
        at: datetime | None = None,
    ) -> str:
        """Record a message once, however it came; return the id of its conversation.

        What came through a connector was counted before its turn.
        """
        conversation = self.conversation(sender_id, channel)
        if channel in PUSH_CHANNELS:
            return str(conversation)
        now, tapped = self.clock.now(), text.startswith("/")
        message = Inbound(
            channel=conversation.channel,
            account_id=conversation.account_id,
            user_id=conversation.user_id,
            message_id=message_id,
            kind="postback" if tapped else "text",
            text=None if tapped else text,
            payload=text if tapped else None,
            occurred_at=min(at or now, now),
            received_at=now,
            conversation_id=str(conversation),
        )
        await self.write(lambda ledger: intake.count_now(ledger, message, now, self.deployment))
        return str(conversation)

    async def facts(self, conversation: str) -> tuple[Memory, ...]:
        """Return what is remembered and still holds, the newest last."""
        now = self.clock.now()
        rows = await self.read(lambda ledger: remembering.current(ledger, conversation, now))
        return tuple(_memory(row) for row in rows)

    async def said(self, conversation: str) -> frozenset[str]:
        """Return the ids of the persona's lines this person has heard lately."""
        return frozenset(await self.read(lambda ledger: ledger.tracker.lines_said(conversation)))

    async def remember(self, conversation: str, message_id: str, text: str) -> None:
        """Keep what a person asked to be kept, as facts or else in their own words."""
        now = self.clock.now()
        await self.write(
            lambda ledger: remembering.remember_words(
                ledger, conversation, message_id, text, now, self.deployment
            )
        )

    async def remember_about(self, conversation: str, message_id: str, name: str) -> None:
        """Keep what a person means to do with what was talked about, under its name."""
        now = self.clock.now()
        await self.write(
            lambda ledger: remembering.remember_about(
                ledger, conversation, message_id, name, now, self.deployment
            )
        )

    async def forget(self, conversation: str, query: str | None) -> tuple[Memory, ...]:
        """Delete the memories the words point at, the newest for None; return what went."""
        now = self.clock.now()
        rows = await self.write(
            lambda ledger: reminding.forget(ledger, conversation, query, now, self.deployment)
        )
        return tuple(_memory(row) for row in rows)

    async def forget_everything(self, conversation: str) -> None:
        """Delete every memory of the person."""
        contact_id, now = str(Conversation.parse(conversation).contact), self.clock.now()
        await self.write(
            lambda ledger: reminding.forget_everything(ledger, contact_id, now, self.deployment)
        )

    async def remind(self, conversation: str, message_id: str, text: str) -> tuple[str, str, str]:
        """Keep a wish for a reminder; return when it comes, about what, or why it does not."""
        now = self.clock.now()
        kept = await self.write(
            lambda ledger: reminding.remind(
                ledger, conversation, message_id, text, now, self.deployment
            )
        )
        return explaining.reminder(kept)

    async def stop_remembering(self, conversation: str) -> None:
        """Keep nothing new from now on."""
        contact_id, now = str(Conversation.parse(conversation).contact), self.clock.now()
        await self.write(
            lambda ledger: ledger.people.save_contact(contact_id, now, memory_off_at=now)
        )

    async def export(self, conversation: str) -> str:
        """Return everything that is held about the person, in words."""
        contact_id = str(Conversation.parse(conversation).contact)
        held = await self.read(lambda ledger: erasing.export(ledger, contact_id))
        return erasing.in_words(held) if held else "I hold nothing about you."

    async def why(self, conversation: str) -> str:
        """Return why it wrote last, or why it does not, in words."""
        now = self.clock.now()
        return await self.read(
            lambda ledger: explaining.to_person(ledger, conversation, now, self.deployment)
        )

    async def pause(self, conversation: str, until: datetime | None) -> None:
        """Write nothing first until then; None ends a pause."""
        now = self.clock.now()
        await self.write(
            lambda ledger: consent.pause(ledger, conversation, now, self.deployment, until=until)
        )

    async def ask_for_human(self, conversation: str) -> None:
        """Show to those who look after the account that a person asks for a human."""
        now = self.clock.now()

        def ask(ledger: SqlLedger) -> bool:
            known = ledger.attention.needs([conversation])
            consent.ask_for_human(ledger, conversation, now, self.deployment)
            return not known and bool(ledger.attention.needs([conversation]))

        if await self.write(ask):
            intake.log_wish_for_human(conversation)

    async def first(self, conversation: str, message_id: str, label: str) -> bool:
        """Say whether this message is the one that first set the state of a label.

        Only an opt-out is answered once; other labels are answered each time.
        """
        if label != "opt_out":
            return True
        contact_id = str(Conversation.parse(conversation).contact)
        contact = await self.read(lambda ledger: ledger.people.contact(contact_id))
        return contact is None or contact.opted_out_by in (None, message_id)

    async def follow_up(self, conversation: str) -> Composed | None:
        """Compose the follow-up whose permit is open, if one is."""
        now = self.clock.now()

        def gather(ledger: SqlLedger) -> tuple[bool, list[FactRow], list[str], FactRow | None]:
            standing = ledger.people.standing(conversation)
            open_ = standing is not None and standing.permit_id and not standing.permit_spent
            known = remembering.current(ledger, conversation, now) if open_ else []
            asked = reminding.of(known)
            spoken = ledger.outbox.spoken_of(conversation) if asked else ()
            ready = reminding.due(asked, spoken, now)
            known = [one for one in known if one not in asked]
            return bool(open_), known, ledger.tracker.lines_said(conversation), ready

        permitted, known, heard, reminder = await self.read(gather)
        if not permitted:
            return None
        persona_id = Conversation.parse(conversation).persona_id
        return self._compose(persona_id, known, heard, now, reminder)

    def _compose(
        self,
        persona_id: str,
        known: list[FactRow],
        heard: list[str],
        now: datetime,
        reminder: FactRow | None,
    ) -> Composed | None:
        try:
            card = self.registry.get(persona_id)
        except InvalidCard:
            return None
        if reminder is not None:
            about = second_person(reminding.about(reminder))
            card, values = card.telling("reminder", "value" if about else ""), {"value": about}
            said = card.line("reminder", seen=heard, rng=self._rng, values=values)
            if said is not None:
                return Composed(text=said.text, uses=(str(reminder.id),), line_id=said.id)
        facts = [_memory(row) for row in known]
        line = card.opener(facts, heard, self._rng, now)
        if line is None:
            return None
        return Composed(text=line.text, uses=tuple(line.uses), line_id=line.id)

    async def switch_persona(self, conversation: str, persona_id: str) -> bool:
        """Let another persona answer this person from the next message on, if it may."""
        contact_id = str(Conversation.parse(conversation).contact)
        standing, now = self.deployment.persona(persona_id, contact_id), self.clock.now()

        def switch(ledger: SqlLedger) -> bool:
            contact = ledger.people.contact(contact_id)
            shared = contact is not None and persona_id in contact.shared
            if not (standing.released and (standing.visible or shared)):
                return False
            ledger.people.save_contact(contact_id, now, persona_id=persona_id)
            return True

        return await self.write(switch)

    async def explain(self, conversation: str) -> explaining.Explanation | None:
        """Return what the gate knows and decided about a conversation."""
        now = self.clock.now()
        return await self.read(
            lambda ledger: explaining.explanation(ledger, conversation, now, self.deployment)
        )


def _memory(row: FactRow) -> Memory:
    return Memory(
        id=str(row.id),
        kind=row.kind,
        value=row.value,
        topic=row.topic,
        when=row.when,
        until=row.until,
        sensitive=row.sensitive,
        source_message_id=row.source_message_id,
        quote=row.quote,
        said_at=row.said_at,
    )
