"""The persona's knowledge inside Rasa's pipeline: titles, names, moods, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from overture.personas.knowledge import Match
from overture.rasa_ext.casting import Cast, knowledge_for, last_key
from overture.rasa_ext.meaning import ASKING_WHICH, meant
from overture.rasa_ext.reading import COMMANDS, NAMED

#: Entity of each kind of thing a persona knows.
_ENTITY_OF: Mapping[str, str] = {"work": "work", "person": "maker", "director": "maker"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class KnowledgeClassifier(GraphComponent, IntentClassifier):
    """Hear what the persona of the conversation knows, and let it correct the guess.

    Stands after the statistical classifier and before screening. Nothing is trained, so a
    new persona or a new title is understood at once.
    """

    def __init__(self, personas: Cast | None = None) -> None:
        """Take who speaks; without it this process's own personas do."""
        self._cast = personas

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeClassifier:
        """Build the component as Rasa asks for it; it has no settings."""
        return cls()

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Add entities to messages and set the intents that they give away.

        Args:
            messages: what people wrote.
            tracker: the talk so far; None where a text is only parsed.
        """
        for message in messages:
            text = message.get(TEXT) or ""
            if text.strip() and not text.lstrip().startswith(COMMANDS):
                self._hear(message, text, tracker)
        return messages

    def _hear(self, message: Message, text: str, tracker: DialogueStateTracker | None) -> None:
        knowledge = knowledge_for(tracker, self._cast)
        if knowledge is None:
            return
        held = message.get(NAMED)
        answering = last_key(tracker) in ASKING_WHICH
        named = held if held is not None else knowledge.find(text, answering=answering)
        _add_entities(message, named)
        ranking = [
            (one["name"], float(one["confidence"])) for one in message.get(INTENT_RANKING_KEY) or ()
        ]
        intent = meant(text, named, ranking, knowledge, last_key(tracker))
        if intent is not None:
            _set(message, intent)


def _add_entities(message: Message, named: Sequence[Match]) -> None:
    found = [
        {
            "entity": _ENTITY_OF[match.kind],
            "value": match.name,
            "start": match.start,
            "end": match.end,
            "confidence_entity": match.score,
            "extractor": KnowledgeClassifier.__name__,
        }
        for match in named
    ]
    if found:
        message.set(ENTITIES, [*(message.get(ENTITIES) or ()), *found], add_to_output=True)


def _set(message: Message, intent: str) -> None:
    ranking = message.get(INTENT_RANKING_KEY) or []
    held = next((one for one in ranking if one["name"] == intent), None)
    found = {"name": intent, "confidence": max(0.9, held["confidence"] if held else 0.0)}
    others = [one for one in ranking if one["name"] != intent]
    message.set(INTENT, found, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [found, *others], add_to_output=True)
