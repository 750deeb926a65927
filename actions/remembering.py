"""Keep what people tell, show it, say where it comes from, and forget it."""

from __future__ import annotations

from rasa_sdk.events import AllSlotsReset, SlotSet

from overture.identity import Conversation
from overture.memory.pointing import points
from overture.personas import phrasing
from overture.rasa_ext import recall
from overture.rasa_ext.acting import Events, PersonaAction, Turn
from overture.rasa_ext.noting import note, take, told
from overture.rasa_ext.picking import refused
from overture.rasa_ext.speaker import SLOT, needs_slot
from overture.rasa_ext.subjects import subject, tell

#: What is said when nothing could be kept of a message, by its intent; no claim to have noted it.
_ELSE = {"tell_plan": "ask_mood", "tell_like": "ask_favorite", "tell_dislike": "ask_mood"}


class ActionNoteFact(PersonaAction):
    """Answer what a person told of themselves."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_note_fact"

    async def answer(self, turn: Turn) -> Events | None:
        """Say what was just noted; speak of the item named, or ask, where nothing was."""
        if (points(turn.text) and await take(turn)) or await note(turn):
            return None
        if turn.heard.intent == "tell_dislike" and await refused(turn):
            return None
        found = subject(turn)
        if found is not None:
            await tell(turn, found, "opinion")
            return None
        if turn.heard.intent != "tell_plan" or not await take(turn):
            await turn.say(_ELSE.get(turn.heard.intent, "small_talk"))
        return None


class ActionMemoryList(PersonaAction):
    """Say what is remembered, all of it."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_memory_list"

    async def answer(self, turn: Turn) -> Events | None:
        """List every memory, sensitive ones too: the person asks for their own."""
        facts = await turn.facts()
        if not facts:
            await turn.say("memory_empty")
            return None
        listed = recall.listed(facts, turn.runtime.clock.now())
        await turn.say("memory_intro", {"facts": listed}, uses=[fact.id for fact in facts])
        return None


class ActionMemorySource(PersonaAction):
    """Say where a memory comes from."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_memory_source"

    async def answer(self, turn: Turn) -> Events | None:
        """Quote the message of the memory that is asked about."""
        lately = turn.heard.said[-1].uses if turn.heard.said else ()
        fact = recall.meant(await turn.facts(), turn.text, lately)
        if fact is None:
            await turn.say("memory_empty")
            return None
        now = turn.runtime.clock.now()
        values = {**told(fact, now), "reason": recall.source(fact, now)}
        await turn.say("memory_source", values, uses=(fact.id,))
        return None


class ActionForgetThat(PersonaAction):
    """Forget one thing."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_forget_that"

    async def answer(self, turn: Turn) -> Events | None:
        """Forget what the words name, the newest memory where they name none."""
        query = turn.text if recall.named(turn.text) else None
        gone = await turn.runtime.forget(turn.conversation, query)
        now = turn.runtime.clock.now()
        if gone:
            await turn.say("forgot_one", {"value": recall.listed(gone, now)})
            return None
        facts = await turn.facts()
        key = "forget_unsure" if facts else "memory_empty"
        await turn.say(key, {"facts": recall.listed(facts, now)})
        return None


class ActionForgetAll(PersonaAction):
    """Forget everything."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_forget_all"

    async def answer(self, turn: Turn) -> Events | None:
        """Empty memory and the slots of the talk."""
        await turn.runtime.forget_everything(turn.conversation)
        await turn.say("forgot_all")
        speaking = Conversation.parse(turn.conversation)
        kept = [SlotSet(SLOT, speaking.persona_id)] if needs_slot(speaking.channel) else []
        return [AllSlotsReset(), SlotSet("met", True), *kept]


class ActionRememberThis(PersonaAction):
    """Keep what a person asks to be kept."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_remember_this"

    async def answer(self, turn: Turn) -> Events | None:
        """Keep the words after "remember that"."""
        words = recall.to_keep(turn.text)
        if not words:
            await turn.say("noted_fact")
            return None
        await turn.runtime.remember(turn.conversation, turn.message_id, words)
        await turn.say("remember_done", {"value": phrasing.second_person(words)})
        return None


class ActionStopRemembering(PersonaAction):
    """Keep nothing new."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_stop_remembering"

    async def answer(self, turn: Turn) -> Events | None:
        """Switch memory off."""
        await turn.runtime.stop_remembering(turn.conversation)
        await turn.say("remembering_off")
        return None


class ActionExport(PersonaAction):
    """Say how to get everything that is held."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_export"

    async def answer(self, turn: Turn) -> Events | None:
        """Give the way to the data."""
        await turn.say("export", {"facts": await turn.runtime.export(turn.conversation)})
        return None
