"""The ground that actions stand on: one turn of a conversation, and the base of all actions."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from overture.identity import Conversation
from overture.personas import Card, Knowledge, UnknownPersona
from overture.personas.knowledge import Match
from overture.rasa_ext.meaning import ASKING_WHICH
from overture.rasa_ext.ports import Fact, Runtime
from overture.rasa_ext.speaker import SLOT, switched
from overture.rasa_ext.transcript import Said, Transcript
from overture.rasa_ext.voice import compose, opinion

Events = list[dict[str, Any]]
#: What connectors put before a person's words that look like a command.
_SHIELD = "\u2060"


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Hold one turn: what the person said, to whom, and the means to answer."""

    runtime: Runtime
    dispatcher: CollectingDispatcher
    conversation: str
    card: Card
    heard: Transcript = field(default_factory=Transcript)
    text: str = ""
    message_id: str = ""
    #: 1.0 for a command, a button or what screening is sure of.
    confidence: float = 1.0
    entities: Mapping[str, str] = field(default_factory=dict)
    rng: Random = field(default_factory=Random)
    #: What was said in this turn.
    said: list[Said] = field(default_factory=list)
    #: What was looked up once in this turn.
    held: dict[str, tuple[Fact, ...]] = field(default_factory=dict)

    @classmethod
    async def open(
        cls, runtime: Runtime, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Turn:
        """Read a tracker and record the person's message, if it is one."""
        message = tracker.latest_message
        conversation = await _observed(runtime, tracker)
        return cls(
            runtime=runtime,
            dispatcher=dispatcher,
            conversation=conversation,
            card=await asyncio.to_thread(_card, runtime, conversation),
            heard=Transcript.read(tracker.events),
            text=str(message.get("text") or "").lstrip(_SHIELD),
            message_id=_message_id(tracker),
            confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
            entities=_entities(message),
        )

    @property
    def knowledge(self) -> Knowledge:
        """Return what the persona knows."""
        return self.runtime.registry.knowledge(self.card.id)

    def find(self) -> tuple[Match, ...]:
        """Return what the message names; an answer to "which one?" may be any word."""
        words = self.entities.get("work", "") if self.text.startswith("/") else self.text
        return self.knowledge.find(words, answering=self.heard.last_key in ASKING_WHICH)

    async def facts(self) -> tuple[Fact, ...]:
        """Return what is remembered, the newest last; read once in a turn."""
        if "facts" not in self.held:
            self.held["facts"] = await self.runtime.facts(self.conversation)
        return self.held["facts"]

    async def say(
        self,
        key: str,
        values: Mapping[str, object] | None = None,
        *,
        work: str = "",
        uses: Sequence[str] = (),
        asked: str = "",
        wish: str = "",
    ) -> None:
        """Say a line of the persona.

        Args:
            key: the response key, without ``utter_``.
            values: what fills the placeholders.
            work: id of the item the line names, so that it is not named again.
            uses: ids of memories the values come from.
            asked: the placeholder that holds what the person wants to know, if one does.
            wish: words of the wish the line answers, for "another one".
        """
        facts, earlier = await asyncio.gather(self.facts(), self.runtime.said(self.conversation))
        heard = replace(self.heard, said=(*self.heard.said, *self.said))
        message = compose(
            self.card.telling(key, asked),
            key,
            heard=heard,
            earlier=earlier,
            facts=facts,
            values=values,
            rng=self.rng,
            now=self.runtime.clock.now(),
        )
        if message is not None:
            message["uses"] = list(dict.fromkeys([*uses, *message["uses"]]))
            self._utter({**message, "work": work, "wish": wish})

    def _utter(self, message: dict[str, Any]) -> None:
        self.said.append(Said.read(message))
        self.dispatcher.utter_message(**message)

    def say_opinion(self) -> bool:
        """Give the view that the card holds on a topic of the message; say whether it does."""
        message = opinion(self.card, self.text)
        if message is None or message["line"] in self.heard.lines:
            return False
        self._utter(message)
        return True


class PersonaAction(Action, ABC):
    """Answer a message in the persona's words.

    Abstract, so that the action server, which builds every concrete class it finds, leaves
    it alone.
    """

    def __init__(self, runtime: Runtime | None = None) -> None:
        """Take the runtime; the action server gives none, and the process's own is used."""
        self._runtime = runtime

    @abstractmethod
    def name(self) -> str:
        """Return the name that the domain knows."""

    @abstractmethod
    async def answer(self, turn: Turn) -> Events | None:
        """Say what is to be said and return events for the tracker, if any."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Record the message, then answer it."""
        turn = await Turn.open(self._runtime or _process_runtime(), dispatcher, tracker)
        return await self.answer(turn) or []


def _process_runtime() -> Runtime:
    from overture.bootstrap import runtime  # the composition root, built at first use

    return runtime()


async def _observed(runtime: Runtime, tracker: Tracker) -> str:
    """Record the message and return its conversation; a triggered turn has no message."""
    message = tracker.latest_message
    if (message.get("metadata") or {}).get("is_external"):
        return str(Conversation.parse(tracker.sender_id))
    channel = str(tracker.get_latest_input_channel() or "")
    return await runtime.observe(
        sender_id=switched(tracker.sender_id, channel, tracker.get_slot(SLOT)),
        channel=channel,
        message_id=_message_id(tracker),
        text=str(message.get("text") or ""),
    )


def _message_id(tracker: Tracker) -> str:
    """Return the id of the latest message; its time and text where a channel gives none."""
    message = tracker.latest_message
    if message.get("message_id"):
        return str(message["message_id"])
    users = (one for one in reversed(tracker.events) if one.get("event") == "user")
    user: Mapping[str, Any] = next(users, {})
    return f"{user.get('timestamp', 0)}:{message.get('text') or ''}"


def _card(runtime: Runtime, conversation: str) -> Card:
    persona_id = Conversation.parse(conversation).persona_id
    try:
        card = runtime.registry.get(persona_id)
    except UnknownPersona:
        return Card(id=persona_id, name=persona_id)
    runtime.registry.knowledge(persona_id)  # read here, off the event loop
    return card


def _entities(message: Mapping[str, Any]) -> dict[str, str]:
    found = message.get("entities") or ()
    return {str(one["entity"]): str(one["value"]) for one in reversed(found)}
