"""Safety and consent inside Rasa's pipeline: what a rule is sure of, no statistics may change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import regex
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from overture.rasa_ext.reading import COMMANDS
from overture.safety import PAUSE, hear

#: Labels by weight, the heaviest first, with the intent each one means.
INTENTS: Mapping[str, str] = {
    "crisis": "crisis",
    "opt_out": "opt_out",
    "minor": "minor",
    "erase_request": "erase_request",
    "export_request": "export_request",
    PAUSE: "pause_contact",
    "opt_in": "opt_in",
    "asks_human": "ask_human",
    "asks_if_bot": "bot_challenge",
    "why_question": "why_question",
    "memory_question": "memory_question",
}
#: Intents whose answer says that something was changed: no guess is sure enough for them.
_NEVER_GUESSED = 2.0
#: How sure a guess must be of the intents that screening knows better. Below it, and for what
#: is not listed here, the next best guess stands.
NEEDS_PROOF: Mapping[str, float] = {
    "minor": _NEVER_GUESSED,
    "opt_in": _NEVER_GUESSED,
    "erase_request": _NEVER_GUESSED,
    "ask_human": _NEVER_GUESSED,
    "opt_out": 0.5,
    "crisis": 0.6,
}

#: Labels that change no consent, and the more exact guesses that are heeded instead.
_MORE_EXACT: Mapping[str, frozenset[str]] = {
    "erase_request": frozenset({"forget_that"}),
    "memory_question": frozenset({"memory_source", "remember_this", "forget_that"}),
    "why_question": frozenset({"ask_about", "ask_why", "memory_source"}),
    "bot_challenge": frozenset({"rude", "why_question"}),
}
#: How sure such a guess must be.
_EXACT = 0.5

#: Fingers along a row of keys, or more consonants than any word of English has.
_TYPED_AT_RANDOM = regex.compile(
    r"\b(?:\p{L}*(?:asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|werty|uiop|zxcv|xcvb|cvbn)\p{L}*"
    r"|(?!\p{L}*(?:ngths|ghtsc|tchst))\p{L}*[bcdfghjklmnpqrstvwxz]{6,}\p{L}*)\b",
    regex.IGNORECASE,
)
_DRAWN_OUT = regex.compile(r"(.)\1{2,}")
_LETTER = regex.compile(r"[\p{L}\p{N}]")
_PICTURE = regex.compile(r"\p{Extended_Pictographic}|\p{Emoji_Modifier}|[♥♡☺☹]")
_FOREIGN = regex.compile(r"[^\P{L}\p{Latin}\p{Common}\p{Inherited}]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ScreenClassifier(GraphComponent, IntentClassifier):
    """Set the intents that deterministic rules are sure of; stands last in the pipeline.

    So ``rasa shell``, REST and the three apps hear STOP alike, and as the gate hears it.
    Commands (``/intent``) and triggers (``EXTERNAL:``) are left alone.
    """

    def __init__(self, screen_text: Callable[[str], frozenset[str]] = hear) -> None:
        """Take the screening; another one is for tests."""
        self._screen = screen_text

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ScreenClassifier:
        """Build the component as Rasa asks for it; it has no settings."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set or take back the intents of messages."""
        for message in messages:
            text = (message.get(TEXT) or "").strip()
            if text and not text.startswith(COMMANDS):
                self._decide(message, text)
        return messages

    def _decide(self, message: Message, text: str) -> None:
        labels = self._screen(text)
        certain = next((intent for label, intent in INTENTS.items() if label in labels), None)
        certain = certain or shape(text)
        if certain is not None and _more_exact(message, certain):
            return
        if certain is not None:
            _set(message, certain)
        else:
            _take_back(message)


def shape(text: str) -> str | None:
    """Return the intent that the mere look of a text gives away."""
    if _TYPED_AT_RANDOM.search(_DRAWN_OUT.sub(r"\1", text)):
        return "nlu_fallback"
    if not _LETTER.search(text):
        return "emoji_only" if _PICTURE.search(text) else None
    letters = regex.findall(r"\p{L}", text)
    foreign = _FOREIGN.findall(text)
    return "other_language" if letters and len(foreign) * 2 > len(letters) else None


def _more_exact(message: Message, certain: str) -> bool:
    guess = message.get(INTENT) or {}
    exact = guess.get("name") in _MORE_EXACT.get(certain, ())
    return exact and bool(guess["confidence"] >= _EXACT)


def _set(message: Message, intent: str) -> None:
    found = {"name": intent, "confidence": 1.0}
    others = [one for one in message.get(INTENT_RANKING_KEY) or [] if one["name"] != intent]
    message.set(INTENT, found, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [found, *others], add_to_output=True)


def _take_back(message: Message) -> None:
    """Replace a guess that needs proof by the next best."""
    ranking = message.get(INTENT_RANKING_KEY) or []
    if not ranking or not _unproved(ranking[0]):
        return
    kept = [one for one in ranking if not _unproved(one)]
    if kept:
        message.set(INTENT, kept[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, kept, add_to_output=True)


def _unproved(guess: Mapping[str, Any]) -> bool:
    return bool(guess["confidence"] < NEEDS_PROOF.get(guess["name"], 0.0))
