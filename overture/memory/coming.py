"""Read what lies ahead from a day and a noun ("dentist on Tuesday"), or a plain verb. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overture.memory.activities import HOLLOW, activity, ahead, dated_fact
from overture.memory.cues import Cue
from overture.memory.records import ExtractedFact

#: What may stand before the noun in its clause, once the moments are taken out.
_BEFORE = re.compile(
    r"^(?:(?:well|so|and|but|oh|yeah|yes|ok|hey|hi|omg|ugh|yay|also|btw|lol|haha|then|finally|just"
    r"|is|'s|it|will be|there|we|i|have|'ve|ve|has|got|am|was|my|our|a|an|got to go to|going to"
    r"|because|cuz|big|next|another|first|last|final|second|new|annual|little|small|for|on|:|-|no"
    r"|wait|sorry|can not wait for|looking forward to|excited for|nervous about|about|stressed"
    r"|worried|the) )*"
    r"(?P<own>(?:(?!(?:you|your|he|she|they|his|her|their|it|this|that|these|was|were|did|do|does"
    r"|not|never|if|when|what|which|how|why|after|before|since|missed|cancelled|canceled|saw"
    r"|like|love|hate|watched|who|best|good|great|nice|same|all|bad|long|every|each|no|want|need"
    r"|than|or|of)\b)[\w'-]+ ){0,2})$"
)
#: Words after the noun that make it the subject of somebody else's sentence.
_AFTER = re.compile(
    r"^(?:was|were|comes?|came|has|had|would|went|looks|sounds|seems|scenes?|films?|movies?"
    r"|songs?|episodes?|music|score|really|got|gets|last|every|each|of the|on (?:the )?tv|in the"
    r" (?:film|movie|book|show)|plays?|airs?|streams?|drops?|release)\b"
)
_STORIES = re.compile(r"\b(?:film|movie|show|series|season|episode|sequel|trailer)\b(?! night)")
#: Verbs that say enough with a day and no object.
_ENOUGH = ("fly", "travel", "graduate", "move", "leave")


def occasion(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "job interview in two weeks", "tomorrow is movie night with my sister"."""
    when = ahead(cue)
    hit = _BEFORE.match(_plain(cue, before=True)) if when else None
    if when is None or hit is None or _AFTER.match(_plain(cue, before=False)):
        return
    if cue.is_time(cue.trigger.start) or _STORIES.search(cue.whole):
        return
    start = cue.trigger.start - len(hit["own"].split())
    value = activity(cue, max(start, cue.sentence[0]))
    kind = "plan" if cue.words[-1] in ("night", "nights", "tickets") else "event"
    yield dated_fact(kind, value, when, cue)


def plan_now(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I start my new job on Monday", "we fly home tomorrow"."""
    when = ahead(cue)
    if when is None or re.search(r"\bevery\b", cue.after):
        return
    value = activity(cue, cue.trigger.end - 1)
    verb, _, rest = value.lower.partition(" ")
    if (rest and not HOLLOW.match(rest)) or verb in _ENOUGH or rest == "home":
        yield dated_fact("plan", value, when, cue)


def kin_coming(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "my sister gets married in June": it happens to the person too."""
    when = ahead(cue)
    if when is not None:
        yield dated_fact("event", activity(cue, cue.trigger.start + 1), when, cue)


def _plain(cue: Cue, *, before: bool) -> str:
    """Return the clause before the noun, or the sentence after it, without moments."""
    doc, (first, last) = cue.message.doc, cue.sentence
    span = range(first, cue.trigger.start) if before else range(cue.trigger.end, last)
    words = [doc[at].norm_.lower() for at in span if not cue.is_time(at)]
    text = " ".join(words).split(" , ")[-1 if before else 0]
    return f"{text.lstrip(', ')} " if before and text else text.lstrip(", ") if not before else text
