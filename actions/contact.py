"""Writing first, and all that people say about it; help that only people can give."""

from __future__ import annotations

from datetime import datetime

from overture.personas import phrasing
from overture.rasa_ext.acting import Events, PersonaAction, Turn
from overture.rasa_ext.until import LONGEST, until


class ActionFollowUp(PersonaAction):
    """Say a follow-up whose permit is open."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_follow_up"

    async def answer(self, turn: Turn) -> Events | None:
        """Say one message, or nothing when no permit is open."""
        composed = await turn.runtime.follow_up(turn.conversation)
        if composed is not None:
            turn.dispatcher.utter_message(
                text=composed.text,
                uses=list(composed.uses),
                line=composed.line_id,
                utter_action="utter_follow_up",
            )
        return None


class ActionWhy(PersonaAction):
    """Say why it wrote."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_why"

    async def answer(self, turn: Turn) -> Events | None:
        """Give the true reason on record."""
        await turn.say("why", {"reason": await turn.runtime.why(turn.conversation)})
        return None


class ActionOptOut(PersonaAction):
    """Confirm that it will not write first."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_opt_out"

    async def answer(self, turn: Turn) -> Events | None:
        """Confirm the first STOP once; further ones get no answer.

        What screening is not sure of is no STOP on record: it gets a long pause instead.
        """
        if turn.confidence < 1.0:
            await _pause(turn, turn.runtime.clock.now() + LONGEST)
            return None
        if await turn.runtime.first(turn.conversation, turn.message_id, "opt_out"):
            await turn.say("opt_out")
        return None


class ActionOptIn(PersonaAction):
    """Confirm that it may write first again."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_opt_in"

    async def answer(self, turn: Turn) -> Events | None:
        """Confirm."""
        await turn.say("opt_in")
        return None


class ActionPause(PersonaAction):
    """Keep quiet for a while."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_pause"

    async def answer(self, turn: Turn) -> Events | None:
        """Pause until the time that was named, a week where none was."""
        await _pause(turn, until(turn.text, turn.runtime.clock.now()))
        return None


class ActionRemind(PersonaAction):
    """Write at a time the person names, if the limits let it."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_remind"

    async def answer(self, turn: Turn) -> Events | None:
        """Say when it will come or, at once, why it cannot."""
        when, about, reason = await turn.runtime.remind(
            turn.conversation, turn.message_id, turn.text
        )
        value = phrasing.second_person(about)
        key = "remind_done" if when else "remind_not"
        asked = "value" if when and value else ""
        await turn.say(key, {"when": when, "value": value, "reason": reason}, asked=asked)
        return None


class ActionAskHuman(PersonaAction):
    """Say how to reach a person."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_ask_human"

    async def answer(self, turn: Turn) -> Events | None:
        """Pass the wish on, which intake has done if it was sure of it, and say so."""
        await turn.runtime.ask_for_human(turn.conversation)
        await turn.say("ask_human")
        return None


class ActionMinor(PersonaAction):
    """Answer a person who says they are under age."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_minor"

    async def answer(self, turn: Turn) -> Events | None:
        """Say what changes."""
        await turn.say("minor")
        return None


class ActionCrisis(PersonaAction):
    """Answer a person who may be in danger."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_crisis"

    async def answer(self, turn: Turn) -> Events | None:
        """Point to people who help, without the persona's manner."""
        await turn.say("crisis")
        return None


async def _pause(turn: Turn, end: datetime) -> None:
    await turn.runtime.pause(turn.conversation, end)
    spoken = phrasing.spoken(end.date(), turn.runtime.clock.now())
    await turn.say("paused", {"when": spoken or ""})
