"""Read what a person is about to do, and what happens or happened to them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overture.memory import vocabulary
from overture.memory.activities import (
    HOLLOW,
    activity,
    ahead,
    dated_fact,
    verb_start,
)
from overture.memory.cues import Cue
from overture.memory.messages import Phrase
from overture.memory.records import ExtractedFact
from overture.memory.vocabulary import spelled

_IDLE = re.compile(
    r"^(?:be |lie|bed\b|sleep|cry|die\b|say|tell you|tell|assume|guess|have to|need"
    r"|miss|try to|check|think"
    r"|let you|pass|wait|ask|admit|stop|keep|never|love|like|hate|want|know|see you"
    r"|talk to you|be back"
    r"|get back|look into|go now|go with|need|probably|do it|do that|give it|lol"
    r"|take your|take that"
    r"|take it|start with|make it|make sure|leave it|have a think|get it|see what|see if|see about"
    r"|go ahead|go crazy|go insane|do so|do my best|get going|stay here|stay up"
    r"|meet you|lose|puke|scream"
    r"|explode|faint|freak|melt|kill|end up|regret|remember|use|put|add|consider|choose|pick|skip"
    r"|out of my mind|insane|crazy|mad|bald|well|great|on and on|through)\b"
)
_WISH = spelled("want wanna plan hope intend decided hoping wan")


_NO_PLAN = re.compile(
    r"^(?:to (?:bed|sleep|lie|be |say|cry|die|assume|guess|need|have)|crazy|insane|mad|bald"
    r"|through|well|great|on about|nuts)\b"
)
#: Verbs that are plans without a day, and verbs that say nothing without an object.
_FIRM = spelled("moving visiting marrying hosting throwing going")
_WHOLE = spelled("graduating retiring marrying")
_VAGUE = spelled("going doing having getting coming leaving staying starting")


#: Verbs that say nothing without what is watched, read, tried: "I'll watch that tomorrow".
_NEEDS_OBJECT = spelled(
    "watch see rewatch check try read do get listen eat have take play finish start give let make "
    "put bring buy book send show use call ask find look think say keep"
)


def plan_ing(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm watching Dune tonight"; without a date only where a plan is plain."""
    when = ahead(cue)
    verb = cue.words[-1]
    if cue.words[0] not in ("i", "we", "me", "my") and not (cue.starts_clause and when):
        return
    value = activity(cue, verb_start(cue))
    bare = value.lower[len(verb) :].strip()
    if _NO_PLAN.match(bare) or (verb == "going" and not when and not _is_outing(bare)):
        return
    named = bool(bare) and not HOLLOW.match(bare)
    if (
        (when and verb in _WHOLE)
        or (when and (named or (bare and verb not in _VAGUE)))
        or (verb in _FIRM and bare)
    ):
        yield dated_fact("plan", value, when, cue)


def plan_to(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm going to ...", "I'll ...", "I plan to ..."."""
    if cue.words[0] not in ("i", "we") and not cue.starts_clause:
        return
    value = activity(cue, cue.trigger.end)
    when = ahead(cue)
    first = value.lower.split(" ")[0] if value.text else ""
    if not value.text or (
        _IDLE.match(value.lower) and not (when and first in ("see", "meet", "take", "go", "have"))
    ):
        return
    rest = value.lower[len(first) :].strip()
    if first in _NEEDS_OBJECT and (not rest or HOLLOW.match(rest)):
        return
    if {"will", "'ll", "shall", "want", "wanna", "wan"} & set(cue.words) and not when:
        return
    if not when and (first not in vocabulary.words("deeds") or HOLLOW.match(rest)):
        going = {"going", "gon", "gonna", "planning", "plan", "decided"} & set(cue.words)
        place = going and first and value.lower in vocabulary.words("places")
        if not place:
            return
    if when or first in vocabulary.words("deeds") or value.lower in vocabulary.words("places"):
        yield dated_fact("plan", value, when, cue)


def plan_noun(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "having a movie night on Friday", "I've got tickets for Dune"."""
    when = ahead(cue)
    tail = cue.words[-1]
    start = cue.trigger.end
    if {"tickets", "seats", "reservations"} & set(cue.words):
        thing = next(w for w in ("tickets", "seats", "reservations") if w in cue.words)
        start = next(t.i for t in cue.message.doc[cue.trigger.start :] if t.norm_ == thing)
        yield dated_fact("plan", activity(cue, start), when, cue)
        return
    value = activity(cue, start)
    if (
        not value.text
        or HOLLOW.match(value.lower)
        or re.match(
            r"^(?:hard time|good time|great time|blast|nice|lot of|bad day|great day"
            r"|good day|rough|tough|lovely|wonderful|fun)\b",
            value.lower,
        )
    ):
        return
    if when or (tail != "some" and {"planning", "hosting", "throwing", "tickets"} & set(cue.words)):
        if value.lower.startswith("to "):
            value = Phrase(text=value.text[3:], span=(value.span[0] + 3, value.span[1]))
        yield dated_fact("plan", value, when, cue)


def plan_off(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "off to Iceland in June" where it opens a clause."""
    if cue.starts_clause and ahead(cue):
        yield from plan_noun(cue)


def plan_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "date night on Friday": a plan named at the start of a clause, with its day."""
    when = ahead(cue)
    if when and cue.starts_clause:
        yield dated_fact("plan", activity(cue, cue.trigger.start), when, cue)


def _is_outing(text: str) -> bool:
    rest = re.sub(r"^to (?:the |a |an |my |see |watch )?", "", text)
    return (
        bool(re.match(r"^to (?:see|watch|visit)\b", text))
        or rest in vocabulary.words("places")
        or bool(
            re.match(
                r"^(?:cinema|movies|theater|theatre|concert|gig|wedding|opera|museum|festival"
                r"|beach)\b",
                rest,
            )
        )
    )
