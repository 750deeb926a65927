"""What people type, made plain for the classifier: ``im`` is ``i am``, any title is a title."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from overture.personas.knowledge import Match
from overture.personas.knowledge.folding import folded
from overture.personas.knowledge.words import ORDINARY, SMALL
from overture.rasa_ext.casting import knowledge_for, last_key
from overture.rasa_ext.meaning import ASKING_WHICH
from overture.rasa_ext.spelling import SPELLINGS, plain

#: How a text begins that is a command to Rasa. Connectors put an invisible sign before such
#: words when a person wrote them.
COMMANDS = ("/", "EXTERNAL:")
#: Words that stand for a whole title and a whole name.
_TITLE, _PERSON = "_title_", "_person_"
_STANDS_FOR: Mapping[str, str] = {"work": _TITLE, "person": _PERSON, "director": _PERSON}
#: Titles in quotation marks of any kind, and names as training data marks them.
_MARKED = re.compile(r"«[^»]+»|“[^”]+”|„[^“”]+[“”]|\"[^\"]+\"|(?P<name>‹[^›]+›)")
#: A part of a title, which may well be an ordinary word, is left as it is.
_WHOLE = 0.8
#: Where a message keeps what was found in it, for the components after this one.
NAMED = "overture_named"
#: Marks of the first and the last word: "no" that begins a message is not "no" inside one.
_BEGIN, _END = "_begin_", "_end_"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class PlainTokenizer(WhitespaceTokenizer):
    """Split at blanks, and give each word a plain form that the featurizers count.

    The words themselves stay as they were written: entities keep their places. Titles and
    names count as one word each, those in quotation marks and those that the persona of the
    conversation knows; so what was learnt of one title holds for all.
    """

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Look up titles and names, then split.

        Args:
            messages: what people wrote.
            tracker: the talk so far; None where a text is only parsed.
        """
        knowledge = knowledge_for(tracker)
        answering = last_key(tracker) in ASKING_WHICH
        for message in messages:
            if knowledge is not None and not _is_command(message):
                found = knowledge.find(message.get(TEXT) or "", answering=answering)
                message.set(NAMED, found)
        return list(super().process(messages))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Split the training data; titles and names in it stand in quotation marks."""
        super().process(training_data.training_examples)
        return training_data

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Let a changed table of spellings train anew what is counted with it."""
        return hashlib.sha256(repr(sorted(SPELLINGS.items())).encode()).hexdigest()

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the words of a message with their plain forms."""
        tokens: list[Token] = super().tokenize(message, attribute)
        if attribute != TEXT or not tokens or _is_command(message):
            return tokens
        places = _places(message)
        for token in tokens:
            token.lemma = _lemma(token, places)
        tokens[0].lemma = f"{_BEGIN} {tokens[0].lemma}"
        tokens[-1].lemma = f"{tokens[-1].lemma} {_END}"
        return tokens


def _is_command(message: Message) -> bool:
    return (message.get(TEXT) or "").lstrip().startswith(COMMANDS)


def _places(message: Message) -> list[tuple[int, int, str]]:
    """Return where titles and names stand, and the word that stands for each."""
    marked = _MARKED.finditer(message.get(TEXT) or "")
    found = [(one.start() + 1, one.end() - 1, _PERSON if one["name"] else _TITLE) for one in marked]
    known = [one for one in message.get(NAMED) or () if _unmistakable(one)]
    found += [(one.start, one.end, _STANDS_FOR[one.kind]) for one in known]
    return found


def _unmistakable(match: Match) -> bool:
    """Say whether a title is one whatever stands around it: "your name" may be just that."""
    return match.score >= _WHOLE and not set(folded(match.name)) <= SMALL | ORDINARY


def _lemma(token: Token, places: Iterable[tuple[int, int, str]]) -> str:
    """Return the plain form of a word; of a title only its first word counts."""
    for start, end, word in places:
        if token.start < end and start < token.end:
            return word if token.start <= start else ""
    return plain(token.text)
