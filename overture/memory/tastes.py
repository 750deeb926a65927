"""Read what a person likes, dislikes and likes best from a cue. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from overture.memory import topics, vocabulary
from overture.memory.cues import STOPS, Cue
from overture.memory.messages import Phrase
from overture.memory.records import ExtractedFact

_LEAD = re.compile(
    r"^(?:to(?= (?:bake|cook|paint|dance|travel|swim|hike|draw|sing|play|write|garden|knit|run"
    r"|climb|surf|ski|fish|camp|build|collect|cycle|sail|dive|ride)\b)"
    r"|(?:to )?(?:watch(?:ing)?|listen(?:ing)? to|see(?:ing)?|read(?:ing)?"
    r"|eat(?:ing)?|drink(?:ing)?)"
    r"(?= \w)|(?:a |some |any |all |every )?(?:good|nice|decent|great|bit of|kinds? of|sorts? of)"
    r"|any(?:thing|\s?film|\s?movie) (?:by|with|from|like)|everything (?:by|from"
    r"|about)|all the|most|all"
    r"|all of|both|some|any|every|the work of|the music of|anything"
    r"|watching stuff by|for|of|a|an|about"
    r"|when it comes to|things like|stuff like|films like|movies like|movies by"
    r"|films by|lots of|more) "
)
_TAIL = re.compile(
    r" (?:a lot|so much|very much|too much|the most|the best|best|most|more|to death"
    r"|to bits|as well"
    r"|at all|a bit|a little|though|tho|in general|anyway|these days|lately"
    r"|with all my heart|either"
    r"|much|for real|for sure|now|since forever|all the time|every day|everyday"
    r"|all day|day and night"
    r"|like crazy|forever|of all time|ever|by far|for years|since childhood)$"
)
_EMPTY = re.compile(
    r"^(?:it|he|she|they|we|i|that|this|them|him|her|you|u|ya|your|those|these|how"
    r"|when|what|why|where|who|the way|the idea"
    r"|the sound of (?:that|it|this)|the fact|the part|to be|being|is|was|me|us"
    r"|myself|everything|anything|nothing"
    r"|one|ones|both|all|none|some|most|either|neither|same|so|not|if|my|our|his"
    r"|their|there|here|yes|no"
    r"|to|in|on|at|with|from|and|or|mean|as|such|things?|stuff|people|someone"
    r"|somebody|the thought|the look"
    r"|the suggestion|the recommendation|the one|the first|the last|the other"
    r"|another|having|getting|going"
    r"|making|doing|talking to you|chatting|waiting|to know|to hear|to see|to say"
    r"|to tell|to go|to have|to get"
    r"|to make|to do|to try|to think|to talk|to stay|to keep|to thank|lol|haha|bro"
    r"|dude|man|x|xx|btw)\b"
    r"(?! (?:we hold|there be light))|^\W*$|^the (?:movie|film|song|scene|show|book"
    r"|idea|way|ending|music|food|sound|score|soundtrack|story|plot|cast|director"
    r"|actor|link|pick|picks|list)$"
)
_FAN = re.compile(
    r"^((?:big |huge |massive |real |total |true |die - hard |hardcore |bit of "
    r"|such |avid |giant |of )*)"
    r"((?!big|huge|film buff|movie buff|cat person|dog person|morning"
    r"|night)(?:[\w'-]+ ){0,2}?[\w'-]+) "
    r"(?:fan|lover|nerd|geek|enthusiast|fanatic|junkie|aficionado)\b"
)
_ACTIVE = re.compile(r"^to \w+")
_FAVORITE = re.compile(
    r"^(?P<noun>(?:(?!is |are |'s |was |has |would |will |be |of |ever |: )[\w'&-]+ ){0,4}?)"
    r"(?:of all times? |ever |right now |at the moment |these days |currently "
    r"|in the world |so far )*"
    r"(?:is|are|'s|was|s|has to be|have to be|would be|will be|got to be|gotta be|must be"
    r"|has always been|have always been|will always be|is definitely|used|:|=|-)"
    r"(?: (?:probably|definitely|always|still|of|course|by|far|easily|def|currently"
    r"|actually|obviously|surely|prob|,))* "
)


def likes(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I love Hans Zimmer and old westerns", one fact for each."""
    yield from _tastes(cue, "likes")


def likes_fan(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm a big anime fan"."""
    hit = _FAN.match(cue.after)
    if not hit:
        return
    doc = cue.message.doc
    first = cue.trigger.end + len(hit[1].split())
    last = doc[first + len(hit[2].split()) - 1]
    value = cue.message.phrase(doc[first].idx, last.idx + len(last.text))
    if value.text and not _EMPTY.match(value.lower):
        yield _taste("likes", value, 0.8)


def likes_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "love jazz": only where it opens a clause, and not "love it"."""
    if cue.starts_clause and cue.words[-1] not in ("like", "liked"):
        yield from _tastes(cue, "likes", confidence=0.7)


def dislikes(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I can't stand gore", "not a fan of musicals"."""
    if (
        cue.words[0] in ("do", "ca", "hate", "hated", "not", "really", "no")
        and not cue.starts_clause
    ):
        return
    if {"care"} & set(cue.words) and "for" not in cue.words:
        return
    if cue.words[-1] == "over" and not topics.topic_of(cue.value().text):
        return
    yield from _tastes(cue, "dislikes")


def likes_post(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "jazz is my jam"."""
    yield from _post(cue, "likes")


def dislikes_post(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "horror isn't my thing"."""
    yield from _post(cue, "dislikes")


def dislikes_known(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "cilantro is disgusting": only of what has a topic, and of it in general."""
    value = cue.preceding(limit=3)
    alone = value.text and value.lower == cue.before.strip(" ,") and not _EMPTY.match(value.lower)
    if alone and topics.topic_of(value.text) in _GENERAL:
        yield _taste("dislikes", value, 0.7)


#: Topics of which one may say what one thinks without meaning one meal or one evening.
_GENERAL = ("food", "genre", "composer")


def favorite_best(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "best film ever is Stalker"."""
    noun = next((word for word in cue.words if word in vocabulary.mapping("favorites")), "")
    hit = re.match(
        r"^(?:(?:of all time|made|ever|for me|to me|imo|,) )*(?:is|:|-|has to be) ", cue.after
    )
    ever = "ever" in cue.words or re.match(r"^(?:of all time|for me|to me|imo)\b", cue.after)
    if not hit or not ever or not cue.starts_clause:
        return
    listed = Cue(cue.message, replace(cue.trigger, end=cue.trigger.end + len(hit[0].split())))
    value = _trimmed(listed.value(limit=6))
    if value.text and not _hollow(value) and not _EMPTY.match(value.lower):
        yield _favorite(value, noun)


def favorite_pre(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "my favorite composer is Hans Zimmer"."""
    if "my" not in cue.words and "our" not in cue.words and not cue.starts_clause:
        return
    start = cue.trigger.end
    if start >= cue.sentence[1] or re.match(r"^(?:part|bit|moment|line|quote)\b", cue.after):
        return
    doc = cue.message.doc
    stop = doc[cue.sentence[1] - 1].idx + len(doc[cue.sentence[1] - 1].text)
    rest = cue.message.text[doc[start].idx : stop]
    hit = _FAVORITE.match(_spaced(rest))
    if not hit or re.match(r"^(?:not|n't|nt)\b", rest[hit.end() :].lower()):
        return
    offset = doc[start].idx + len(rest) - len(_after(rest, hit.end()))
    yield from _favorites(cue, hit["noun"].strip().lower(), offset)


def favorite_post(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "Hans Zimmer is my favorite composer"."""
    if re.search(r"\b(?:not|n't|nt|never)$", cue.before) or "not" in cue.words:
        return
    value = cue.preceding(limit=7)
    noun = cue.value(
        limit=3, stops=STOPS | {"of", "ever", "by", "and", "to", "in", "for", "from"}
    ).lower
    if value.text and not _EMPTY.match(value.lower):
        yield _favorite(value, noun)


def _favorites(cue: Cue, noun: str, offset: int) -> Iterator[ExtractedFact]:
    doc = cue.message.doc
    first = next((t.i for t in doc[cue.trigger.end : cue.sentence[1]] if t.idx >= offset), None)
    if first is None:
        return
    listed = Cue(cue.message, replace(cue.trigger, end=first))
    found = False
    for value in listed.values(
        limit=9,
        stops=STOPS
        - {
            "it",
            "us",
            "her",
            "you",
            "me",
            "as",
            "up",
            "do",
            "what",
            "i",
            "who",
            "your",
            "my",
            "when",
            "we",
            "are",
            "they",
        },
    ):
        clean = _trimmed(value)
        if clean.text and not _hollow(clean):
            yield _favorite(clean, noun)
            found = True
        if found and not noun.endswith("s"):
            return


def _hollow(value: Phrase) -> bool:
    return (
        bool(
            re.match(
                r"^(?:the one|when|how|not|that|this|those|when|hard|tough|so|a tie|probably"
                r"|yours|what|you|changing|always changing|always|too many|unknown|difficult"
                r"|a secret)\b",
                value.lower,
            )
        )
        and topics.topic_of(value.text) != "film"
    )


def _spaced(text: str) -> str:
    return re.sub(r"(?<=\w)(?='s )|(?<=\w)(?=: )|(?<=\w)(?=\u2019s )", " ", text.lower()).replace(
        "\u2019", "'"
    )


def _after(rest: str, end: int) -> str:
    """Return what follows a match made on the spaced text."""
    spaced = _spaced(rest)
    return rest[len(rest) - (len(spaced) - end) :]


def _favorite(value: Phrase, noun: str) -> ExtractedFact:
    nouns = vocabulary.mapping("favorites")
    last = noun.rsplit(" ", maxsplit=1)[-1] if noun else ""
    topic = nouns.get(noun) or nouns.get(last) or (noun or None)
    if not noun or noun in ("thing", "one", "ones", "things"):
        topic = topics.topic_of(value.text)
    return ExtractedFact(
        kind="favorite",
        value=value.text,
        topic=topic,
        span=value.span,
        sensitive=topics.is_sensitive(value.text),
    )


def _post(cue: Cue, kind: str) -> Iterator[ExtractedFact]:
    value = cue.preceding(limit=4)
    if value.text and not _EMPTY.match(value.lower):
        yield _taste(kind, value, 0.8)


def _tastes(cue: Cue, kind: str, confidence: float = 0.9) -> Iterator[ExtractedFact]:
    for value in cue.values(limit=9, stops=_taste_stops(cue)):
        clean = _trimmed(value)
        if not clean.text or (
            _EMPTY.match(clean.lower) and clean.lower not in vocabulary.words("films")
        ):
            return
        yield _taste(kind, clean, confidence)


def _taste_stops(cue: Cue) -> frozenset[str]:
    """Let a known title that begins with a small word through."""
    return STOPS | {"for", "because", "then", "by the way", "more"}


def _taste(kind: str, value: Phrase, confidence: float) -> ExtractedFact:
    return ExtractedFact(
        kind=kind,
        value=value.text,
        topic=topics.topic_of(value.text),
        span=value.span,
        sensitive=topics.is_sensitive(value.text),
        confidence=confidence,
    )


def _trimmed(value: Phrase) -> Phrase:
    """Cut what leads into a taste ("watching", "anything by") and what trails ("a lot")."""
    text, start = value.text, value.span[0]
    while True:
        lead = _LEAD.match(text.lower())
        if not lead or text.lower() in vocabulary.words("films"):
            break
        text, start = text[lead.end() :], start + lead.end()
    while tail := _TAIL.search(text.lower()):
        text = text[: tail.start()]
    return Phrase(text=text, span=(start, start + len(text)))
