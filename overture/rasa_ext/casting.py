"""Who speaks in a conversation: the personas of this process, read once."""

from __future__ import annotations

import logging
import os
from functools import lru_cache

from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from overture.identity import Conversation, conversation_for
from overture.personas import Card, Knowledge, Registry, UnknownPersona
from overture.rasa_ext.speaker import SLOT, switched
from overture.settings import Settings

logger = logging.getLogger(__name__)


class Cast:
    """Find the persona of a conversation and what it knows."""

    def __init__(self, registry: Registry, default_persona: str) -> None:
        self._registry = registry
        self._default = default_persona

    def conversation(self, sender_id: str, channel: str) -> Conversation:
        """Return the conversation a Rasa ``sender_id`` stands for."""
        return conversation_for(sender_id, channel, self._default)

    def card(self, sender_id: str, channel: str) -> Card | None:
        """Return who speaks to a ``sender_id``; None when nobody has that id."""
        persona_id = self.conversation(sender_id, channel).persona_id
        try:
            return self._registry.get(persona_id)
        except UnknownPersona:
            logger.warning("persona.unknown persona=%s", persona_id)
            return None

    def knowledge(self, sender_id: str, channel: str) -> Knowledge | None:
        """Return what the persona of a ``sender_id`` knows."""
        card = self.card(sender_id, channel)
        return self._registry.knowledge(card.id) if card else None

    def warm_up(self) -> None:
        """Read what the default persona knows now, so that the first message need not wait."""
        knowledge = self.knowledge("", "")
        if knowledge is not None:
            knowledge.find(knowledge.spec.item)


@lru_cache(maxsize=1)
def cast() -> Cast:
    """Return the personas as Rasa's own process sees them, indexed at the first call."""
    settings = Settings.read(os.environ)
    registry = Registry.load(settings.personas, reload=settings.demo)
    return Cast(registry, settings.default_persona)


def spoken_to(tracker: DialogueStateTracker, channel: str) -> str:
    """Return the ``sender_id`` of a talk with the persona that answers in it now."""
    slot = tracker.slots.get(SLOT)
    return switched(tracker.sender_id, channel, slot.value if slot else None)


def knowledge_for(
    tracker: DialogueStateTracker | None, personas: Cast | None = None
) -> Knowledge | None:
    """Return what the persona of a talk knows; the default one's where there is no talk."""
    found = personas or cast()
    if tracker is None:
        return found.knowledge("", "")
    channel = tracker.get_latest_input_channel() or ""
    return found.knowledge(spoken_to(tracker, channel), channel)


def last_key(tracker: DialogueStateTracker | None) -> str:
    """Return the response key of what the persona said last in this session."""
    events = tracker.events if tracker is not None else ()
    said = next((one for one in reversed(events) if isinstance(one, BotUttered)), None)
    held = said.metadata.get("utter_action") if said else None
    return str(held or "").removeprefix("utter_")
