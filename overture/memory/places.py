"""Read where a person lives or comes from. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overture.memory import topics, vocabulary
from overture.memory.cues import STOPS, Cue
from overture.memory.messages import Phrase
from overture.memory.records import ExtractedFact
from overture.memory.vocabulary import spelled

_SMALL = spelled("de da do di la le van von der den of the and del du el a in near upon")


_KNOWN_SHORT = {"nyc": "NYC", "la": "LA", "sf": "SF", "uk": "UK", "the uk": "the UK", "usa": "USA"}


_KNOWN_SHORT.update(
    {"us": "US", "the us": "the US", "the usa": "the USA", "uae": "UAE", "dc": "DC"}
)


_NO_PLACES = re.compile(
    r"^(?:a|an|my|the|this|love|bed|it|here|there|this|that|constant|fear|hope|peace|pain|denial"
    r"|need|shock|tears|trouble|awe|charge|school|college|class|town|between|front|total|complete"
    r"|general|fact|case|real|his|her|their|your|our|the moment|me|you|us|them|one|hell|heaven)\b"
)


#: "From work to home" is a way, not a place.
_ROUTE = re.compile(r"^(?:work|home|bed|scratch|school|experience|memory|now)\b| to | every ")


_PLACE_STOPS = (STOPS - {"la"}) | spelled("for now with where but since right these this all")


def location(cue: Cue) -> Iterator[ExtractedFact]:
    """Read where a person lives."""
    value = _place(cue)
    if value and not re.match(r"^(?:here|there|alone|home|it|with)\b", value.lower):
        yield plain_fact("location", _place_name(value.text), value, topic="place")


def location_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "from Hanoi but live in Paris": the subject stands earlier in the sentence."""
    mine = re.search(r"\bi\b|^$", cue.before)
    if (cue.starts_clause and mine) or re.match(r"^i (?:am|'?m) an? \w+(?: \w+)?$", cue.before):
        yield from location(cue)


def location_in(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm in Berlin": a known place only, for one may also be in love."""
    value = _place(cue)
    if value and value.lower in vocabulary.words("places"):
        yield plain_fact("location", _place_name(value.text), value, topic="place", confidence=0.7)


def origin(cue: Cue) -> Iterator[ExtractedFact]:
    """Read where a person comes from; kept apart from where they live."""
    value = _place(cue)
    known = value and (
        value.lower in vocabulary.words("places") or not _NO_PLACES.match(value.lower)
    )
    if value and known and not re.match(r"^\d", value.text) and not _ROUTE.search(value.lower):
        yield plain_fact("location", _place_name(value.text), value, topic="origin")


def origin_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "Sofia, from Valencia": a known place at the start of a clause."""
    value = _place(cue)
    mine = cue.starts_clause or re.match(
        r"^(?:\w+ |, )*i (?:am )?(?:(?!not\b)\w+ ?){1,4}$", cue.before
    )
    if value and mine and value.lower in vocabulary.words("places"):
        yield plain_fact("location", _place_name(value.text), value, topic="origin", confidence=0.6)


def _place(cue: Cue) -> Phrase | None:
    value = cue.value(limit=7, stops=_PLACE_STOPS)
    text = re.sub(r"^(?:to|back to|in|at) ", "", value.text)
    near = re.match(r"^(?:an?|the) (?:[\w-]+ ){1,3}(?:near|outside|by|called|named) (?=\w)", text)
    text = text[near.end() :] if near else text
    text = re.split(r" (?:and|or|for|from|with|by myself|alone|all my life)\b", text)[0].strip(
        " ,-"
    )
    if text.lower() in vocabulary.words("places") or text.lower().removeprefix("the ") in (
        vocabulary.words("places")
    ):
        start = value.span[0] + value.text.index(text)
        return Phrase(text=text, span=(start, start + len(text)))
    if (
        not text
        or not re.search(r"[^\W\d_]", text)
        or (
            _NO_PLACES.match(text.lower())
            and not (re.match(r"^(?:a|an|the) ", text.lower()) and "liv" in " ".join(cue.words))
        )
    ):
        return None
    start = value.span[0] + value.text.index(text)
    return Phrase(text=text, span=(start, start + len(text)))


def _place_name(text: str) -> str:
    lowered = text.lower()
    if lowered in _KNOWN_SHORT:
        return _KNOWN_SHORT[lowered]
    if text != lowered and text != text.upper():
        return text
    places = vocabulary.words("places")
    if re.match(r"^(?:a|an) ", lowered):
        return " ".join(w.title() if w in places else w for w in lowered.split(" "))
    return titled(text)


def titled(text: str) -> str:
    """Capitalise what was typed without care; leave mixed case as the person wrote it."""
    if text not in (text.lower(), text.upper()) or not text:
        return text
    words = text.lower().split(" ")
    kept = [w if at and w in _SMALL else _capital(w) for at, w in enumerate(words)]
    return " ".join(kept)


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def plain_fact(
    kind: str,
    text: str,
    value: Phrase,
    *,
    topic: str | None = None,
    sensitive: bool = False,
    confidence: float = 0.9,
) -> ExtractedFact:
    """Return a fact whose sensitivity is told by its words."""
    return ExtractedFact(
        kind=kind,
        value=text,
        topic=topic,
        span=value.span,
        sensitive=sensitive or topics.is_sensitive(text),
        confidence=confidence,
    )
