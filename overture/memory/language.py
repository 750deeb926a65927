"""The language of memory: spaCy's blank tokenizer and one automaton for all triggers.

No statistical model is loaded. Built on first use, about a second; then shared.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from overture.memory import vocabulary
from overture.memory.automaton import Automaton, Step

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_TOKENS_READ = 400


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """Say that the tokens from ``start`` to before ``end`` introduce a fact of a section."""

    section: str
    start: int
    end: int


def read(text: str) -> Doc:
    """Split a text into tokens; only the first few hundred are read."""
    doc: Doc = _tokenizer().make_doc(text)
    return doc[:_TOKENS_READ].as_doc() if len(doc) > _TOKENS_READ else doc


@lru_cache(maxsize=1)
def heard(text: str) -> tuple[Doc, tuple[Trigger, ...]]:
    """Return the tokens and triggers of a text; who asks whether it has any asks for them next."""
    doc = read(text)
    return doc, triggers(doc)


def triggers(doc: Doc) -> tuple[Trigger, ...]:
    """Return the longest trigger of each section at each place, in order."""
    found = _automaton().longest([token.norm_ for token in doc])
    told = (Trigger(section=section, start=start, end=end) for section, start, end in found)
    return tuple(sorted(told, key=lambda trigger: (trigger.start, -trigger.end)))


@lru_cache(maxsize=1)
def _tokenizer() -> Language:
    with _without_tensorflow():
        import spacy
    from spacy.attrs import NORM, ORTH

    nlp = spacy.blank("en")
    tokenizer: Any = nlp.tokenizer
    for written, meant in vocabulary.mapping("spelling").items():
        for form in {written, written.capitalize(), written.upper()}:
            tokenizer.add_special_case(form, [{ORTH: form, NORM: meant}])
    return nlp


@lru_cache(maxsize=1)
def _automaton() -> Automaton:
    return Automaton(_patterns())


@contextmanager
def _without_tensorflow() -> Iterator[None]:
    """Keep spaCy from importing TensorFlow only to see whether it is there (4 s, 300 MB)."""
    hidden = [name for name in ("tensorflow", "torch") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def _patterns() -> Iterator[tuple[str, list[Step]]]:
    """Read the trigger file: its patterns are over the normal form of words."""
    lists = {"doing": sorted(vocabulary.words("doing"))}
    for line in vocabulary.lines("triggers.rules"):
        if line.startswith("let "):
            name, _, words = line[4:].partition("=")
            lists[name.strip()] = words.strip().split("|")
        else:
            section, _, words = line.partition(":")
            yield section, [_step(word, lists) for word in words.strip().split(" ")]


def _step(word: str, lists: dict[str, list[str]]) -> Step:
    operator = word[-1] if word[-1] in "?*" and len(word) > 1 else ""
    bare = word.removesuffix(operator)
    forms = [form for part in bare.split("|") for form in _forms(part, lists)]
    return Step(
        words=frozenset(_with_clipped(forms)), optional=bool(operator), many=operator == "*"
    )


def _forms(part: str, lists: dict[str, list[str]]) -> list[str]:
    return lists[part[1:-1]] if part.startswith("{") else [part]


def _with_clipped(forms: list[str]) -> list[str]:
    """Let ``is`` also mean its clipped form, as in "name's"."""
    return [*forms, "'s", "\u2019s"] if "is" in forms else forms
