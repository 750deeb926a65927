"""What somebody does with what was talked about: "I'll watch it on Friday", "I saw it". Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from overture.memory.records import ExtractedFact

#: Stands for the name while a message is read: no name may end a phrase or start another.
_NAME = "Thisnamedone"
_DOING = (
    "watch|watching|see|seeing|rewatch|rewatching|catch|catching|hear|hearing|listen to"
    "|listening to|read|reading|try|trying|make|making|cook|cooking|bake|baking|do|doing|run"
    "|running|walk|walking|plant|planting|sow|sowing|grow|growing|put|putting"
)
_DONE = (
    "watched|saw|seen|rewatched|caught|heard|listened to|read|tried|made|cooked|baked|ran|walked"
    "|planted|sowed|finished"
)
_THAT = r"that(?! (?:it|he|she|they|there|you|we|i|the)\b)"
_IT = (
    rf"(?:it|this|{_THAT})\b(?: (?:one|film|movie|book|novel|score|dish|recipe|route|run|plant))?"
    r"(?! (?:is|was|up)\b)"
)
_POINTING = re.compile(rf"\b(?P<doing>{_DOING}) {_IT}", re.IGNORECASE)
_REPORTING = re.compile(
    rf"(?:^|\b(?:i|we|i've|we've|finally|just|and) )(?P<doing>{_DONE}) {_IT}", re.IGNORECASE
)


_NOT = re.compile(r"(?:\bnot|\bnever|n['\u2019]t)(?! wait\b)(?: \w+){0,2} $", re.IGNORECASE)


def points(text: str) -> bool:
    """Tell whether something is to be done with what was talked about last."""
    found = _POINTING.search(text)
    return found is not None and _NOT.search(text[: found.start()]) is None


def reports(text: str) -> bool:
    """Tell whether something was done with what was talked about last."""
    return _REPORTING.search(text) is not None


def spelt_out(text: str) -> str:
    """Return a message with a stand-in where it points at what was talked about."""
    for pattern in (_POINTING, _REPORTING):
        text = pattern.sub(lambda found: f"{found[0][: _after_doing(found)]} {_NAME}", text)
    return text


def _after_doing(found: re.Match[str]) -> int:
    return found.end("doing") - found.start()


def about(fact: ExtractedFact, name: str) -> ExtractedFact | None:
    """Return a fact of a message that was spelt out with the name in it; None if it has no place.

    Args:
        name: of what was talked about.
    """
    if _NAME not in fact.value:
        return None
    return replace(fact, value=fact.value.replace(_NAME, name))
