"""Open a talk, say whose turn it is, and hand over to another persona."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from overture.identity import Conversation
from overture.personas import Card
from overture.personas.knowledge.folding import folded
from overture.rasa_ext.acting import Events, PersonaAction, Turn
from overture.rasa_ext.speaker import SLOT, needs_slot


class ActionGreet(PersonaAction):
    """Greet somebody new, or somebody who is back."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_greet"

    async def answer(self, turn: Turn) -> Events | None:
        """Greet; at first contact the disclosure comes with it."""
        await turn.say("greet" if turn.heard.undisclosed else "greet_again")
        return None


class ActionSwitchPersona(PersonaAction):
    """Hand over to the persona that was named, or say which there are."""

    def name(self) -> str:
        """Return the name that the domain knows."""
        return "action_switch_persona"

    async def answer(self, turn: Turn) -> Events | None:
        """Switch from the next message on."""
        others = _others(turn)
        named = _named(turn, others)
        if named and await turn.runtime.switch_persona(turn.conversation, named.id):
            await turn.say("switch_persona", {"persona": named.name})
            if needs_slot(Conversation.parse(turn.conversation).channel):
                return [SlotSet(SLOT, named.id)]
        else:
            await turn.say("switch_unknown", {"personas": _listed(others)})
        return None


def _others(turn: Turn) -> list[Card]:
    registry = turn.runtime.registry
    cards = (registry.get(one) for one in registry.ids() if one != turn.card.id)
    return [card for card in cards if card.status == "released" and card.audience == "public"]


def _named(turn: Turn, others: list[Card]) -> Card | None:
    """Return the persona a message names: by entity, or by a name or alias in its text."""
    found = turn.runtime.registry.find(turn.entities.get("persona", ""))
    words = f" {' '.join(folded(turn.text))} "
    for card in others:
        names = (" ".join(folded(name)) for name in (card.id, card.name, *card.aliases))
        if card.id == found or any(f" {name} " in words for name in names):
            return card
    return None


def _listed(cards: list[Card]) -> str:
    return ", ".join(f"{card.name} ({card.tagline.rstrip('.')})" for card in cards[:10])
