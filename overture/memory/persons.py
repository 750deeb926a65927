"""Read who a person is from a cue: name, age, birthday. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overture.memory import vocabulary
from overture.memory.cues import STOPS, Cue
from overture.memory.messages import Phrase
from overture.memory.numbers import number
from overture.memory.places import plain_fact, titled
from overture.memory.records import ExtractedFact
from overture.memory.vocabulary import spelled

_NO_NAMES = STOPS | spelled(
    "a an the back later maybe crazy old weird stupid silly by at out up on from in when if "
    "tomorrow tonight sometime anytime whatever whenever asap some any all more your yours none "
    "not good great fine sad happy tired bored sick cheesy basic boring picky biased cliche "
    "sentimental mad romantic nostalgic dumb insane lame please ishmael daddy again about "
    "dramatic cynical soft paranoid irrelevant secret hard long new different pretty important "
    "for with going gonna just like who what it's here dude bro sir unknown john/jane"
)
_SPEAKING = spelled("speaking texting calling messaging typing")
_NAME = re.compile(r"^[^\W\d_][\w'.\u2019-]{0,24}(?: [^\W\d_][\w'.\u2019-]{0,24}){0,2}$")
#: Endings of words that say what somebody is, not what they are called.
_NO_NAME_ENDS = re.compile(
    r"(?:ian|ean|can|tan|xan|ish|ese|ist|ani|ed|ing|ful|less|ly|ive|ous|able|er|or|ic|ant|ent|man)$"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_AGE = re.compile(
    r"^(?:about |around |like |only |just |turning |almost |nearly |approximately |already |now )*"
    r"(\d{1,3}|[a-z]+(?:[- ][a-z]+)?)(?![\w%:.']|,\d| ?%)"
    r"(?= ?(?:$|[,.!?;)\u2026(:\u2013-]|years? old|years? young|yrs?|years? of age|y ?o\b|and|but"
    rf"|so|now|from|btw|lol|today|yesterday|last|this|in (?:{_MONTHS})"
    r"|in \w+ (?:days|weeks|months)|haha|male|female|m\b|f\b|with|years?$|years? ?[,.!]"
    r"|or\b|still|single|married|living|i\b|old"
    r"|if|because|which|already|next))"
)


def name(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "my name is ...", "call me ..."; reject what cannot be a name."""
    value = cue.value(limit=3, stops=_NO_NAMES | {"and", "or", "from", "but", "is"})
    first = value.lower.split(" ")[0] if value.text else ""
    if cue.words[0] in ("name", "names") and not cue.starts_clause:
        return
    if _NAME.match(value.text) and first not in _NO_NAMES and not _ends_oddly(value):
        kept = _known_part(value)
        yield plain_fact("name", titled(kept.text), kept)


def name_is(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm Sam": only a known given name, or a capitalised word that ends the clause."""
    value = cue.value(
        limit=2,
        stops=_NO_NAMES | {"and", "or", "from", "but", "is", "btw", "here", "writing"} | _SPEAKING,
    )
    words = value.text.split(" ")
    first = words[0].lower() if words else ""
    if (
        not value.text
        or not _NAME.match(value.text)
        or ("it" in cue.words and not _is_given(first))
    ):
        return
    if "it" in cue.words and not cue.after.strip().endswith(("here", first)):
        return
    plain = _is_given(first) and (len(words) == 1 or words[1][:1].isupper() or _is_given(words[1]))
    if first not in _NO_NAMES and (plain or _introduces(cue, value)):
        yield plain_fact("name", titled(value.text), value, confidence=0.8)


_GREETED = re.compile(
    r"^(?:(?:hi|hey|hello|hiya|yo|heya|good \w+|,|it is|this is) ?)*([^\W\d_]+) $"
)


def name_here(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "hey, Marcus here": one capitalised or known name and nothing else before it."""
    hit = _GREETED.match(f"{cue.before} ")
    if not hit or cue.trigger.start == cue.sentence[0]:
        return
    token = cue.message.doc[cue.trigger.start - 1]
    known = _is_given(token.text) and token.lower_ not in _NO_NAMES
    if known or (token.text.istitle() and cue.trigger.start - 1 > cue.sentence[0]):
        span = (token.idx, token.idx + len(token.text))
        said = Phrase(text=token.text, span=span)
        yield plain_fact("name", titled(said.text), said, confidence=0.8)


def age_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "just turned 31" where it opens a clause."""
    if cue.starts_clause:
        yield from age(cue)


def birthday_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "bday is 22/08" where it opens a clause."""
    if cue.starts_clause:
        yield from birthday(cue)


def _introduces(cue: Cue, value: Phrase) -> bool:
    """Tell whether a word that no list knows is a name: capitalised, and all that is said."""
    if (
        not value.text.istitle()
        or not value.text.isalpha()
        or cue.after.strip(" .!") != value.lower
    ):
        return False
    known = (vocabulary.mapping("self"), vocabulary.words("places"), vocabulary.words("health"))
    return not _NO_NAME_ENDS.search(value.lower) and not any(value.lower in one for one in known)


def age(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm 34", in digits or words, unless the number counts something else."""
    start = cue.message.doc[cue.trigger.end].idx if cue.trigger.end < cue.sentence[1] else None
    if start is None:
        return
    rest = cue.message.text[start:]
    hit = _AGE.match(rest.lower())
    years = number(hit[1]) if hit else None
    if hit and years and 5 <= years <= 110:
        span = (start + hit.start(1), start + hit.end(1))
        yield ExtractedFact(kind="age", value=str(years), span=span)


def age_old(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm a 34 year old nurse"."""
    start = cue.message.doc[cue.trigger.end].idx if cue.trigger.end < cue.sentence[1] else None
    if start is None:
        return
    hit = re.match(r"(\d{1,3})[ -]?(?:years?|yrs?|yo|y/o)[ -]?(?:old)?\b", cue.message.text[start:])
    if hit and 5 <= int(hit[1]) <= 110:
        span = (start, start + hit.end(1))
        yield ExtractedFact(kind="age", value=hit[1], span=span)


def birthday(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "my birthday is on May 3": the next one is its date."""
    ahead = [moment for moment in cue.times if not moment.is_past(cue.message.now)]
    if not ahead:
        return
    when = ahead[0]
    said = cue.message.phrase(*when.span)
    value = re.sub(r"^(?:on|in) (?:the )?|^the ", "", said.text)
    yield ExtractedFact(kind="birthday", value=value, when=when.first.isoformat(), span=said.span)


def born(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I was born on 3 May 1990" and "born in 1990"; a place after it is no birthday."""
    if "i" not in cue.words and not cue.starts_clause:
        return
    for moment in cue.times:
        said = cue.message.phrase(*moment.span)
        value = re.sub(r"^(?:on|in) (?:the )?", "", said.text)
        yield ExtractedFact(
            kind="birthday", value=value, when=moment.first.isoformat(), span=said.span
        )
        return
    hit = re.match(r"(?:(?:back )?in )?((?:19|20)\d\d)\b", cue.after)
    if hit:
        at = cue.message.text.index(hit[1], cue.message.doc[cue.trigger.end].idx)
        yield ExtractedFact(kind="birthday", value=hit[1], span=(at, at + 4))


def _known_part(value: Phrase) -> Phrase:
    """Cut "sam from the office" style tails: keep one word unless more are capitalised."""
    words = value.text.split(" ")
    if len(words) > 1 and value.text == value.text.lower() and not _likely_surname(words):
        return Phrase(text=words[0], span=(value.span[0], value.span[0] + len(words[0])))
    return value


def _likely_surname(words: list[str]) -> bool:
    return len(words) == 2 and words[0] in vocabulary.words("names") and len(words[1]) > 2


def _ends_oddly(value: Phrase) -> bool:
    return value.lower.endswith((" the", " of", " a")) or value.lower in (
        "the same",
        "not important",
    )


def _is_given(word: str) -> bool:
    return word.lower() in vocabulary.words("names")
