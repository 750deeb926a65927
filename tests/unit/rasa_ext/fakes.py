"""A runtime in memory, a persona of four films, and turns to try actions on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from random import Random
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from overture.clock import FakeClock
from overture.identity import Conversation
from overture.personas import Registry
from overture.rasa_ext.acting import PersonaAction, Turn
from overture.rasa_ext.transcript import Said, Transcript

PERSONAS = Path(__file__).parent / "personas"
CONVERSATION = "messenger:100:200:sol"
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=timezone.utc)  # a Wednesday


@dataclass(frozen=True, kw_only=True)
class FakeFact:
    """One memory."""

    id: str = "1"
    kind: str = "likes"
    value: str = "jazz"
    topic: str | None = None
    when: str | None = None
    until: str | None = None
    sensitive: bool = False
    source_message_id: str = "earlier"
    quote: str = "i like jazz"
    said_at: datetime = NOW


@dataclass(frozen=True, kw_only=True)
class FakeComposed:
    """A follow-up that may be said."""

    text: str = "How did it go?"
    uses: tuple[str, ...] = ("7",)
    line_id: str = "sol.follow_ups.1"


@dataclass
class FakeRuntime:
    """Record what it is asked to do."""

    known: tuple[FakeFact, ...] = ()
    #: What is kept once "it" has a name.
    pointed_at: tuple[FakeFact, ...] = ()
    lines_said: frozenset[str] = frozenset()
    composed: FakeComposed | None = None
    first_time: bool = True
    reminder: tuple[str, str, str] = ("Friday at 10:30", "watch my film", "")
    may_switch: bool = True
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    registry: Registry = field(default_factory=lambda: Registry.load(PERSONAS))
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))

    async def observe(self, **message: Any) -> str:
        self.calls.append(("observe", message))
        return CONVERSATION

    async def facts(self, conversation: str) -> tuple[FakeFact, ...]:
        self.calls.append(("facts", conversation))
        return self.known

    async def said(self, conversation: str) -> frozenset[str]:
        return self.lines_said

    async def remember(self, conversation: str, message_id: str, text: str) -> None:
        self.calls.append(("remember", message_id, text))

    async def remember_about(self, conversation: str, message_id: str, name: str) -> None:
        self.calls.append(("remember_about", message_id, name))
        self.known = (*self.known, *(one for one in self.pointed_at if name in one.value))

    async def forget(self, conversation: str, query: str | None) -> tuple[FakeFact, ...]:
        self.calls.append(("forget", query))
        gone = self.known[-1:] if query is None or "jazz" in query else ()
        self.known = tuple(one for one in self.known if one not in gone)
        return gone

    async def forget_everything(self, conversation: str) -> None:
        self.calls.append(("forget_everything", conversation))
        self.known = ()

    async def stop_remembering(self, conversation: str) -> None:
        self.calls.append(("stop_remembering", conversation))

    async def export(self, conversation: str) -> str:
        return "all of it"

    async def why(self, conversation: str) -> str:
        return "you had a plan"

    async def pause(self, conversation: str, until: datetime | None) -> None:
        self.calls.append(("pause", until))

    async def remind(self, conversation: str, message_id: str, text: str) -> tuple[str, str, str]:
        self.calls.append(("remind", message_id, text))
        return self.reminder

    async def ask_for_human(self, conversation: str) -> None:
        self.calls.append(("ask_for_human", conversation))

    async def first(self, conversation: str, message_id: str, label: str) -> bool:
        return self.first_time

    async def follow_up(self, conversation: str) -> FakeComposed | None:
        return self.composed

    async def switch_persona(self, conversation: str, persona_id: str) -> bool:
        self.calls.append(("switch_persona", persona_id))
        return self.may_switch

    def called(self, name: str) -> list[tuple[Any, ...]]:
        return [call for call in self.calls if call[0] == name]


def said(key: str, *, work: str = "", line: str = "", wish: str = "", uses: Any = ()) -> Said:
    return Said(key=key, line=line or f"sol.{key}.x", work=work, wish=wish, uses=tuple(uses))


def heard(*earlier: Said, intent: str = "") -> Transcript:
    """Return a talk that has begun: who speaks has already said what it is."""
    return Transcript(said=(said("greet"), *earlier), intents=(intent,), met_before=True)


def turn(text: str = "", *earlier: Said, runtime: FakeRuntime | None = None, **more: Any) -> Turn:
    """Return one turn of the conversation with Sol."""
    runtime = runtime or FakeRuntime()
    transcript = more.pop("heard", None) or heard(*earlier, intent=more.pop("intent", ""))
    return Turn(
        runtime=runtime,
        dispatcher=CollectingDispatcher(),
        conversation=CONVERSATION,
        card=runtime.registry.get(Conversation.parse(CONVERSATION).persona_id),
        heard=transcript,
        text=text,
        message_id="now",
        rng=Random(1),
        **more,
    )


def texts(of: Turn) -> list[str]:
    return [str(message["text"]) for message in of.dispatcher.messages]


async def answers(action: PersonaAction, to: Turn) -> list[str]:
    """Run an action on a turn and return what it says."""
    await action.answer(to)
    return texts(to)


def tracker(*events: dict[str, Any], text: str = "hello", sender: str = CONVERSATION) -> Tracker:
    """Return a tracker as the action server gives it, with a message of a person at its end."""
    parsed = {
        "text": text,
        "message_id": "m9",
        "intent": {"name": "greet", "confidence": 0.9},
        "entities": [{"entity": "work", "value": "Nightharbour"}],
        "metadata": {},
    }
    user = {"event": "user", "text": text, "parse_data": parsed, "timestamp": 5.0}
    return Tracker(
        sender,
        {"met": True},
        parsed,
        [*events, {**user, "input_channel": "messenger"}],
        False,
        None,
        {},
        "action_listen",
    )
