"""Read what happens or happened to a person, and corrections of a day or a name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overture.memory import topics, vocabulary
from overture.memory.activities import (
    ACTIVITY_STOPS,
    HOLLOW,
    activity,
    ahead,
    behind,
    dated_fact,
    verb_start,
    without_times,
)
from overture.memory.cues import STOPS, Cue
from overture.memory.messages import Phrase
from overture.memory.records import ExtractedFact
from overture.memory.vocabulary import spelled

_WATCHED = spelled("watched saw rewatched finished")


def event_have(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I have a job interview tomorrow"."""
    when = ahead(cue)
    noun_in = {"finals", "exams"} & set(cue.words)
    value = cue.value(limit=7, stops=ACTIVITY_STOPS | {"with", "for", "and"})
    if noun_in:
        at = cue.message.doc[cue.trigger.end - 1]
        value = cue.message.phrase(at.idx, at.idx + len(at.text))
    if when and value.text and _is_event(value.lower):
        yield dated_fact(_kind_of_event(value.lower), _widened(cue, value), when, cue)


def event_be(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "my exam is on Friday", "our anniversary is next week"."""
    hit = re.match(
        r"((?:[\w'-]+ (?:'s )?){1,5}?)(?:is|are|starts|begins|'s|happens|takes place"
        r"|will be)\b",
        cue.after,
    )
    when = ahead(cue)
    if not hit or not when or ("birthday" in hit[1] and "party" not in hit[1]):
        return
    value = cue.value(
        limit=5, stops=STOPS | {"starts", "begins", "'s", "happens", "takes", "on", "will"}
    )
    words = len(hit[1].split())
    value = cue.value(limit=words, stops=frozenset())
    if value.text and _is_event(value.lower):
        yield dated_fact(_kind_of_event(value.lower), value, when, cue)


def event_past(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I watched Dune last night", "just finished Arrival"."""
    if cue.words[0] not in ("i", "we", "my") and not cue.starts_clause:
        return
    verb = next((w for w in cue.words if w in _WATCHED), "")
    news = bool(
        {"just", "finally", "got", "had", "died", "passed", "proposed", "adopted", "graduated"}
        & set(cue.words)
    )
    today = next((m for m in cue.times if m.first == cue.message.now.date()), None)
    value = activity(cue, verb_start(cue))
    past = behind(cue, value if "got" not in cue.words else Phrase(text="", span=(0, 0)))
    when = past or today
    bare = re.sub(r"^\w+ ?", "", value.lower)
    named = verb and topics.topic_of(bare) == "film"
    if (
        not value.text
        or (HOLLOW.match(bare) and not news)
        or re.match(r"^(?:it|that|this|you|your|them)\b", bare)
    ):
        return
    if past is None and ahead(cue) is not None and _is_event(bare):
        return  # "I've got a job interview tomorrow" tells of what is to come
    if when or news or named:
        yield dated_fact("event", value, when, cue)


def loss(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "my grandmother died", "we lost our dog": who it was belongs to it."""
    start = cue.trigger.start + 1
    if cue.words[0] in ("i", "we") and re.match(r"^(?:in|at|on the way|somewhere)\b", cue.after):
        return
    if cue.words[-1] == "passed" and not re.match(r"^(?:away|on\b|last|this|$|[,.!])", cue.after):
        return
    value = activity(cue, start)
    text = re.sub(r"^'?s? ?", "", value.text)
    yield dated_fact("event", Phrase(text=text, span=value.span), behind(cue, value), cue)


def keep(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "remember that I take the late train": what is asked to be kept, in its words."""
    told = re.match(r"^(?:that )?(?:i|we|my|our|the)\b(?! (?:told|said|asked))", cue.after)
    opens = cue.starts_clause or cue.before.split(" ")[-1] in ("please", "pls", "you")
    if not told or not opens or re.match(r"^(?:do|did|will) you\b", cue.before):
        return
    if cue.after.startswith("the ") and "that" not in cue.words and ":" not in cue.words:
        return
    doc, last = cue.message.doc, cue.sentence[1] - 1
    start = cue.trigger.end + (1 if cue.after.startswith("that ") else 0)
    said = cue.message.phrase(doc[start].idx, doc[last].idx + len(doc[last].text.rstrip(".!")))
    yield ExtractedFact(
        kind="other",
        value=said.text,
        topic=topics.topic_of(said.text),
        span=said.span,
        sensitive=topics.is_sensitive(said.text),
        confidence=0.7,
    )


def fix_is(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I meant Thursday", "actually it's Sam": what is put right is found by its form."""
    if cue.times and cue.times[0].span[0] >= cue.message.doc[cue.trigger.start].idx:
        moment = cue.times[0]
        said = cue.message.phrase(*moment.span)
        yield ExtractedFact(
            kind="plan",
            value=re.sub(r"^on ", "", said.text),
            when=moment.iso(cue.message.now),
            span=said.span,
            corrects=True,
            confidence=0.6,
        )
        return
    value = cue.value(limit=2, stops=STOPS | {"and", "not", "with", "spelled"})
    word = value.lower.split(" ")[0] if value.text else ""
    if word in vocabulary.words("names"):
        name = value.text if value.text != value.lower else value.text.title()
        yield ExtractedFact(kind="name", value=name, span=value.span, corrects=True, confidence=0.8)
    elif value.lower in vocabulary.words("places"):
        name = value.text if value.text != value.lower else value.text.title()
        yield ExtractedFact(
            kind="location",
            value=name,
            topic="place",
            span=value.span,
            corrects=True,
            confidence=0.6,
        )


def _is_event(text: str) -> bool:
    events = vocabulary.words("events")
    words = re.findall(r"[\w'-]+", text)
    pairs = [" ".join(words[at : at + 2]) for at in range(len(words))]
    return any(word in events for word in (*words, *pairs))


def _kind_of_event(text: str) -> str:
    return "plan" if re.search(r"\b(?:movie|film|date|game) night\b|\btickets\b", text) else "event"


def _widened(cue: Cue, value: Phrase) -> Phrase:
    """Drop the moment that stands before the noun, keep the noun's own words."""
    return without_times(cue, *value.span)
