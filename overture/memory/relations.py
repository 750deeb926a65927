"""Read the people and animals near a person from a cue. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overture.memory import topics, vocabulary
from overture.memory.cues import STOPS, Cue
from overture.memory.messages import Phrase
from overture.memory.records import ExtractedFact
from overture.memory.vocabulary import spelled

_CLAUSE_STOPS = (STOPS - {"has", "is", "are", "as", "it", "my", "her", "his", "not"}) | {"and"}
#: What follows "my dad's" where it is short for "is", and does not own the next word.
_SAYS = re.compile(
    r"^(?:an?|the|in|at|on|from|into|not|really|very|so|too|also|obsessed|sick|ill|dead|here|home"
    r"|my|our|always|still|just|\d+|\w{2,}ing|\w{2,}ed)\b"
)
_STATE = re.compile(r"married|engaged|divorced|single|widowed|separated|relationship")


def relation_have(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I have two kids", "I've got a dog"."""
    if "no" in cue.words or re.match(
        r"^(?:allerg|food|toy|meme|filter|phobia|hair|movie|film)", cue.after
    ):
        return
    if re.match(r"^(?:person|people|sitter|sitting|coming|visiting|over)\b", cue.after):
        return
    value = _counted(cue)
    yield _fact(value.text, value)


def relation_name(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "my dog is called Rex", "my wife's name is Anna"."""
    if not {"name", "names", "called", "named", "whose"} & set(cue.words):
        yield from relation_be(cue)
        return
    kin = _kin(cue)
    value = cue.value(limit=2, stops=STOPS | {"and", "who"})
    if value.text and value.text[0].isalpha():
        name = value.text if value.text != value.lower else value.text.title()
        yield _fact(f"{kin.text} {name}", Phrase(text="", span=(kin.span[0], value.span[1])))


def relation_apposed(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "my sister Anna is visiting": a capitalised or a known given name after the kin."""
    at = cue.trigger.end
    if at >= cue.sentence[1]:
        return
    token = cue.message.doc[at]
    plain = token.text.isalpha() and len(token.text) > 1
    known = token.lower_ in vocabulary.words("names") and token.lower_ not in _NO_NAMES
    if not plain or not (token.text.istitle() or known) or token.lower_ in _NO_NAMES:
        return
    kin = _kin(cue)
    name = token.text if token.text != token.lower_ else token.text.title()
    said = Phrase(text="", span=(kin.span[0], token.idx + len(token.text)))
    yield _fact(f"{kin.text} {name}", said, confidence=0.8)


#: Given names that are rather words in the middle of a sentence.
_NO_NAMES = STOPS | spelled(
    "will may june april august mark grace hope joy faith rose summer dawn bill guy art drew chase "
    "frank jean pat rich rob sue sunny angel baby king prince melody harmony may lives loves"
)


def relation_be(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "my sister lives in Oslo": a fact about the sister, never about the person."""
    kin = _kin(cue)
    if cue.words[-1] == "'s" and re.match(
        r"^\w+ (?:\w+ )?(?:is|was|'s|starts|loves|will)\b", cue.after
    ):
        return
    if cue.words[-1] in ("'s", "\u2019s") and not _SAYS.match(cue.after):
        return
    if re.match(r"^(?:going|gon|coming|watching|visiting|at home|here|asleep|not)\b", cue.after):
        yield _fact(kin.text, kin, confidence=0.6)
        return
    rest = cue.value(limit=8, stops=_CLAUSE_STOPS)
    if not rest.text:
        return
    verb = cue.message.doc[cue.trigger.end - 1]
    start = kin.span[0]
    said = cue.message.phrase(start, rest.span[1])
    text = said.text if verb.text.isalpha() else f"{kin.text} is {rest.text}"
    yield _fact(text, said, confidence=0.7)


def relation_state(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm married", "I got engaged", "I'm a single dad"."""
    words = " ".join(cue.words)
    doc = cue.message.doc
    hit = _STATE.search(words)
    if hit and not re.match(r"^(?:to|with) (?:my (?:job|work|couch)|the)\b", cue.after):
        partner = cue.value(limit=3, stops=STOPS | {"and", "for", "with", "since"})
        end = partner.span[1] if cue.after.startswith("to ") and partner.text else _end(cue)
        if hit[0] == "single" and re.match(r"^(?:\w+)", cue.after) and not _closes(cue):
            return
        first = next(t for t in doc[cue.trigger.start : cue.trigger.end] if t.norm_ not in _GRAMMAR)
        said = cue.message.phrase(first.idx, end)
        yield _fact(said.text, said, sensitive=hit[0] in ("divorced", "widowed", "separated"))
    elif cue.words[-1] != "single":
        value = _counted(cue)
        yield _fact(value.text, value)


_GRAMMAR = spelled("i we am 'm m be been is are 're just now still have 've a an got 's")


def _closes(cue: Cue) -> bool:
    return bool(
        re.match(r"^(?:[,.!?)]|and|but|so|again|now|since|at|for|lol|rn|btw|mom|dad|,)", cue.after)
    )


def _end(cue: Cue) -> int:
    last = cue.message.doc[cue.trigger.end - 1]
    return int(last.idx + len(last.text))


def _kin(cue: Cue) -> Phrase:
    """Return the relation and what stands with it, without "my"."""
    doc = cue.message.doc
    tokens = [
        token
        for token in doc[cue.trigger.start : cue.trigger.end]
        if token.norm_ not in ("my", "i", "have", "our")
    ]
    kept = []
    for token in tokens:
        if token.text in ("'s", "s", "\u2019s") or token.norm_ in _AFTER_KIN:
            break
        kept.append(token)
    if kept and kept[0].norm_ in ("a", "an", "some"):
        kept = kept[1:]
    return cue.message.phrase(kept[0].idx, kept[-1].idx + len(kept[-1].text))


_AFTER_KIN = spelled(
    "is are was were name names called named whose loves likes hates works lives studies adores "
    "enjoys has am been be 's"
)


def _counted(cue: Cue) -> Phrase:
    """Return "two kids" out of "I have two kids"; an article is dropped."""
    doc = cue.message.doc
    tokens = list(doc[cue.trigger.start : cue.trigger.end])
    while tokens and tokens[0].norm_ in (
        "i",
        "we",
        "have",
        "'ve",
        "got",
        "a",
        "an",
        "ve",
        "am",
        "'m",
        "m",
        "live",
        "with",
        "my",
        "some",
        "also",
        "really",
        "still",
        "just",
        "both",
        "actually",
    ):
        tokens = tokens[1:]
    start = tokens[0].idx if tokens else doc[cue.trigger.end - 1].idx
    return cue.message.phrase(start, _end(cue))


def _fact(
    text: str, value: Phrase, *, sensitive: bool = False, confidence: float = 0.9
) -> ExtractedFact:
    return ExtractedFact(
        kind="relationship",
        value=text,
        span=value.span,
        sensitive=sensitive or topics.is_sensitive(text),
        confidence=confidence,
    )
