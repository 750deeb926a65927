"""Keep the talk going: a yes, a no, a subject, an opinion, a picture, a riddle."""

from __future__ import annotations

from collections.abc import Sequence

from overture.memory.pointing import reports
from overture.rasa_ext.acting import Events, PersonaAction, Turn
from overture.rasa_ext.noting import hear_back, note, take
from overture.rasa_ext.picking import recommend, reject, wished
from overture.rasa_ext.ports import Fact
from overture.rasa_ext.subjects import described, fresh_line, subject, tell

#: Lines that offer a recommendation: a yes to them asks for one.
_OFFERS = frozenset(
    {
        "affirm",
        "ask_mood",
        "follow_up_yes",
        "greet",
        "greet_again",
        "help",
        "noted_plan",
        "recommend_none",
        "rejected",
        "unclear_second",
        "unknown_work",
    }
)
#: Lines after which a yes is the beginning of a story.
_TOLD = frozenset({"ask_favorite", "noted_favorite", "noted_like", "small_talk"})
#: Lines that offer one item: a yes takes it, a no wants something else.
_NAMED = frozenset({"recommend", "another"})
#: Questions that move a talk on, the first not asked lately is taken.
_QUESTIONS = ("ask_favorite", "ask_mood", "ask_plan", "small_talk")


class ActionAffirm(PersonaAction):
    """Take a yes for what it answers."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_affirm"

    async def answer(self, turn: Turn) -> Events | None:
        """Look at the last line: a follow-up, an offer, a question, or something small."""
        last = turn.heard.last_key
        if last in _OFFERS:
            await recommend(turn, "recommend", wish=_plans(await turn.facts()))
            return None
        if last in _NAMED and await take(turn):
            return None
        if last == "ask_plan":
            await turn.say("ask_mood")
        elif last in _TOLD or last == "follow_up":
            await turn.say("follow_up_yes")
        elif last in {"about_work", "about_person", "opinion"}:
            await ask(turn)
        else:
            await turn.say("affirm")
        return None


class ActionDeny(PersonaAction):
    """Take a no for what it answers."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_deny"

    async def answer(self, turn: Turn) -> Events | None:
        """Look at the last line: a follow-up, a recommendation, or something small."""
        if turn.heard.last_key == "follow_up":
            await turn.say("follow_up_not_now")
        elif turn.heard.last_key in _NAMED:
            await reject(turn)
            return None
        else:
            await turn.say("deny")
        return None


class ActionUnsure(PersonaAction):
    """Help somebody who cannot decide."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_unsure"

    async def answer(self, turn: Turn) -> Events | None:
        """Choose for them where something was offered, else ask something easier."""
        if turn.heard.last_key in _NAMED:
            await recommend(turn, "another", wish=turn.heard.last_wish)
            return None
        if turn.heard.last_key in _OFFERS:
            await recommend(turn, "recommend")
            return None
        await ask(turn)
        return None


class ActionSmallTalk(PersonaAction):
    """Keep up small talk."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_small_talk"

    async def answer(self, turn: Turn) -> Events | None:
        """Answer what was told, if anything was; else chat."""
        if not (await note(turn) or await wished(turn)):
            await turn.say("small_talk")
        return None


class ActionRepair(PersonaAction):
    """Repair a misunderstanding."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_repair"

    async def answer(self, turn: Turn) -> Events | None:
        """Speak of what was meant where the message names it, else ask."""
        found = subject(turn)
        if found is not None:
            await tell(turn, found, "about_work")
            return None
        if not await note(turn):
            await turn.say("repair")
        return None


class ActionTalk(PersonaAction):
    """Talk about the subject a person brought up."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_talk"

    async def answer(self, turn: Turn) -> Events | None:
        """Speak of what was noted, of the item that was named, or ask something."""
        if await _heard_back(turn) or await note(turn):
            return None
        found = subject(turn)
        if found is not None:
            await tell(turn, found, "opinion")
            return None
        if not turn.say_opinion():
            await _go_on(turn)
        return None


class ActionOpinion(PersonaAction):
    """Give the persona's view."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_opinion"

    async def answer(self, turn: Turn) -> Events | None:
        """Speak of the item named or talked about last, or of the topic in general."""
        if not subject(turn) and turn.say_opinion():
            return None
        found = subject(turn, last=True)
        if found is not None:
            await tell(turn, found, "opinion")
            return None
        await turn.say("opinion")
        return None


class ActionUnclear(PersonaAction):
    """Answer a message that was not understood, differently each time."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_unclear"

    async def answer(self, turn: Turn) -> Events | None:
        """Try what the persona knows; else ask, and offer what can be done the second time."""
        if await _heard_back(turn) or await note(turn):
            return None
        found = subject(turn)
        if found is not None:
            await tell(turn, found, "opinion")
            return None
        if await wished(turn):
            return None
        again = turn.heard.last_key in {"unclear_first", "unclear_second"}
        await turn.say("unclear_second" if again else "unclear_first")
        return None


class ActionShareAttachment(PersonaAction):
    """Answer a picture, a voice message, a sticker, a place or a file."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_share_attachment"

    async def answer(self, turn: Turn) -> Events | None:
        """Say that it cannot be seen or heard, by its kind."""
        await turn.say("media", {"kind": turn.entities.get("kind", "")})
        return None


async def _heard_back(turn: Turn) -> bool:
    """Take up what somebody tells of an item; one just recommended they know already."""
    if turn.heard.last_key in _NAMED and reports(turn.text):
        await reject(turn)
        return True
    return await hear_back(turn)


async def _go_on(turn: Turn) -> None:
    """Say more of the item talked about last where the message may mean it, else ask."""
    more = fresh_line(turn)
    if described(turn.text):
        await turn.say("unknown_work")
    elif more is not None and turn.heard.last_key not in _QUESTIONS:
        await tell(turn, *more)
    else:
        await ask(turn)


async def ask(turn: Turn) -> None:
    """Ask the question that was not asked for the longest time."""
    lately = [one.key for one in turn.heard.said]
    fresh = [key for key in _QUESTIONS if key not in lately]
    await turn.say(fresh[0] if fresh else min(_QUESTIONS, key=lambda key: _last(lately, key)))


def _plans(facts: Sequence[Fact]) -> str:
    """Return the words of the newest plan: a yes after it asks for something that suits it."""
    return next((fact.value for fact in reversed(facts) if fact.kind == "plan"), "")


def _last(keys: list[str], key: str) -> int:
    return len(keys) - 1 - keys[::-1].index(key)
