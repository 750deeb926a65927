"""Recommend from what the persona knows, and tell about it."""

from __future__ import annotations

import re

from overture.rasa_ext.acting import Events, PersonaAction, Turn
from overture.rasa_ext.picking import recommend, reject, wished
from overture.rasa_ext.subjects import Subject, subject, tell, untold

_MORE_OF_THEM = re.compile(r"\b(?:else|other|more)\b", re.IGNORECASE)


class ActionRecommend(PersonaAction):
    """Recommend one item for a wish."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_recommend"

    async def answer(self, turn: Turn) -> Events | None:
        """Choose by mood, genre, occasion, likeness, and what is remembered."""
        await recommend(turn, "recommend")
        return None


class ActionAnother(PersonaAction):
    """Recommend another item for the same wish."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_another"

    async def answer(self, turn: Turn) -> Events | None:
        """Choose again, with the earlier wish and what the message adds."""
        await recommend(turn, "another", wish=turn.heard.last_wish)
        return None


class ActionRejected(PersonaAction):
    """Take a recommendation back."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_rejected"

    async def answer(self, turn: Turn) -> Events | None:
        """Ask what should be different, or recommend at once when that is said."""
        await reject(turn)
        return None


class ActionAbout(PersonaAction):
    """Tell what the persona knows about an item or its maker."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_about"

    async def answer(self, turn: Turn) -> Events | None:
        """Speak of what the message names, or of the item talked about last."""
        found = subject(turn, last=True)
        if found is None:
            if not await wished(turn):
                await turn.say("unknown_work", {"value": turn.entities.get("work", "")})
            return None
        maker = _maker(turn, found)
        if maker and _MORE_OF_THEM.search(turn.text):
            await recommend(turn, "another", text=maker)
            return None
        if untold(turn.text):
            await turn.say("untold", found.values)
            return None
        await tell(turn, found, "about_work")
        return None


class ActionExplain(PersonaAction):
    """Say why this and not another."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_explain"

    async def answer(self, turn: Turn) -> Events | None:
        """Give the reason of the last follow-up, or speak for the item named last."""
        if turn.heard.last_key == "follow_up":
            await turn.say("why", {"reason": await turn.runtime.why(turn.conversation)})
            return None
        found = subject(turn, last=True)
        if found is None or not turn.heard.works:
            await turn.say("help")
            return None
        await tell(turn, found, "about_work")
        return None


def _maker(turn: Turn, found: Subject) -> str | None:
    """Return the name of the maker a subject is or is by."""
    work = turn.knowledge.work(found.id)
    by = work.by[:1] if work else (found.id,)
    maker = turn.knowledge.person(by[0]) if by else None
    return maker.name if maker else None
