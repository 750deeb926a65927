"""Find the activity and the day that a cue of a plan or an event speaks of. Pure."""

from __future__ import annotations

import re

from overture.memory import topics, vocabulary
from overture.memory.cues import STOPS, Cue
from overture.memory.dates import Moment
from overture.memory.messages import Phrase
from overture.memory.records import ExtractedFact
from overture.memory.vocabulary import spelled

HOLLOW = re.compile(
    r"^(?:it|that|this|them|him|her|you|one|something|anything|nothing|stuff|things"
    r"|fine|well|good|great|ok"
    r"|okay|nothing much|out|home|back|some|for it|to it|to)?$"
)
ACTIVITY_STOPS = (STOPS - {"it", "my", "your", "our", "as", "after", "before", "her", "us"}) | {
    "cuz"
}


def ahead(cue: Cue) -> Moment | None:
    """Return the moment named nearest that is not past."""
    return next((m for m in _nearest(cue) if not m.is_past(cue.message.now)), None)


def behind(cue: Cue, said: Phrase) -> Moment | None:
    """Return the moment named nearest that is past, or that is as it is said of what is over.

    Args:
        said: what is over; "on Sunday" within it is the last one.
    """
    past = (m for m in _nearest(cue) if m.is_past(cue.message.now))
    within = (m for m in _nearest(cue) if m.span[0] < said.span[1])
    turned = (back for m in within if (back := m.of_the_past()) is not None)
    return next(past, None) or next(turned, None)


def _nearest(cue: Cue) -> list[Moment]:
    """Return the moments named, those after the trigger first: others may be of a clause before."""
    begin = cue.message.doc[cue.trigger.start].idx
    return sorted(cue.times, key=lambda moment: moment.span[0] < begin)


def verb_start(cue: Cue) -> int:
    """Return the token of the verb itself, the last of the trigger but for adverbs."""
    doc = cue.message.doc
    verbs = vocabulary.words("doing")
    for at in range(cue.trigger.end - 1, cue.trigger.start - 1, -1):
        norm = doc[at].norm_.lower()
        if norm in verbs or norm in _DONE:
            return at
    return cue.trigger.end - 1


_DONE = spelled(
    "watched saw visited rewatched finished attended met went bought read started "
    "heard passed failed "
    "had won graduated adopted broke lost quit proposed got died"
)


def activity(cue: Cue, start: int) -> Phrase:
    """Return the words of an activity, without the moments named in it."""
    doc = cue.message.doc
    end = start
    while end < cue.sentence[1] and end - start < 14:
        if end >= cue.trigger.end and _ends_here(cue, end):
            break
        end += 1
    while end > start and doc[end - 1].norm_ in ("and", "or"):
        end -= 1
    if end <= start:
        return Phrase(text="", span=(0, 0))
    first, last = doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text)
    return without_times(cue, first, last)


def _ends_here(cue: Cue, at: int) -> bool:
    token = cue.message.doc[at]
    if any(m.span[0] <= token.idx < m.span[1] for m in cue.times):
        return False
    if token.text == "," or (
        token.is_punct and token.text not in ("-", "'", "\u2019", '"', ":", "&", "(", ")")
    ):
        return True
    if token.norm_ in ("and", "or") and at + 1 < cue.sentence[1]:
        return _opens_clause(cue, at + 1)
    if token.norm_.lower() in ACTIVITY_STOPS:
        return True
    return not token.text[0].isalnum() and ord(token.text[0]) > 0x2000


_SUBJECTS = spelled("i we then it he she they my maybe am")
_BE = spelled("was were is are")


def _opens_clause(cue: Cue, at: int) -> bool:
    """Tell whether somebody or something else is spoken of from here: "and the sound was ..."."""
    doc = cue.message.doc
    near = [doc[one].norm_.lower() for one in range(at, min(at + 5, cue.sentence[1]))]
    return near[0] in _SUBJECTS or not _BE.isdisjoint(near[1:])


def without_times(cue: Cue, first: int, last: int) -> Phrase:
    """Return a stretch of the text less the moments named in it."""
    text = cue.message.text
    inside = [m.span for m in cue.times if m.span[0] < last and m.span[1] > first]
    pieces, at = [], first
    for start, end in inside:
        pieces.append(text[at : max(at, start)])
        at = end
    pieces.append(text[at:last] if at < last else "")
    joined = " ".join(piece.strip() for piece in pieces if piece.strip())
    joined = re.sub(
        r"\s+",
        " ",
        re.sub(
            r"\s+(?:on|at|for|this|by|around|in|the|coming|sometime|early|late|later)$", "", joined
        ),
    )
    phrase = cue.message.phrase(first, last)
    named = joined.strip(" ,.-:\"'")
    return Phrase(text=named.replace('"', "") if named.count('"') % 2 else named, span=phrase.span)


def dated_fact(kind: str, value: Phrase, when: Moment | None, cue: Cue) -> ExtractedFact:
    """Return a plan or an event with its day and its topic."""
    text = value.text
    bare = re.sub(
        r"^(?:\w+ing|watch|see|rewatch|watched|saw|go to|to|tickets (?:for|to)) ", "", text.lower()
    )
    bare = re.split(r" (?:with|at|in|for) ", bare)[0]
    return ExtractedFact(
        kind=kind,
        value=text or "plan",
        topic=topics.topic_of(bare)
        or ("film" if re.search(r"\bmovie|film|cinema", text.lower()) else None),
        when=when.iso(cue.message.now) if when else None,
        until=when.last.isoformat() if when else None,
        span=value.span,
        sensitive=topics.is_sensitive(text),
        confidence=0.9 if when else 0.7,
    )
