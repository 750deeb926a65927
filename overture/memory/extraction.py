"""Draw typed facts from one message, with spaCy rules and no statistical model.

Pure: the text and the moment it was written in, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from overture.memory import (
    coming,
    events,
    guards,
    language,
    persons,
    places,
    plans,
    relations,
    selves,
    tastes,
    trades,
)
from overture.memory.cues import Cue
from overture.memory.messages import Message
from overture.memory.records import ExtractedFact
from overture.memory.vocabulary import spelled

Reader = Callable[[Cue], Iterator[ExtractedFact]]
_LIMIT = 2000
_READERS: dict[str, Reader] = {
    "name": persons.name,
    "name_is": persons.name_is,
    "name_here": persons.name_here,
    "age_bare": persons.age_bare,
    "birthday_bare": persons.birthday_bare,
    "age": persons.age,
    "age_old": persons.age_old,
    "birthday": persons.birthday,
    "born": persons.born,
    "location": places.location,
    "location_bare": places.location_bare,
    "origin_bare": places.origin_bare,
    "work_bare": trades.work_bare,
    "location_in": places.location_in,
    "origin": places.origin,
    "work": trades.work,
    "work_at": trades.work_at,
    "work_living": trades.work_living,
    "work_self": trades.work_self,
    "work_is": trades.work_is,
    "work_state": trades.work_state,
    "relation_have": relations.relation_have,
    "relation_name": relations.relation_name,
    "relation_apposed": relations.relation_apposed,
    "relation_be": relations.relation_be,
    "relation_state": relations.relation_state,
    "likes": tastes.likes,
    "likes_fan": tastes.likes_fan,
    "likes_bare": tastes.likes_bare,
    "likes_post": tastes.likes_post,
    "dislikes": tastes.dislikes,
    "dislikes_negative": tastes.dislikes,
    "dislikes_post": tastes.dislikes_post,
    "dislikes_known": tastes.dislikes_known,
    "favorite_pre": tastes.favorite_pre,
    "favorite_top": tastes.favorite_pre,
    "favorite_best": tastes.favorite_best,
    "favorite_post": tastes.favorite_post,
    "plan_ing": plans.plan_ing,
    "plan_to": plans.plan_to,
    "plan_noun": plans.plan_noun,
    "plan_bare": plans.plan_bare,
    "plan_off": plans.plan_off,
    "plan_now": coming.plan_now,
    "occasion": coming.occasion,
    "kin_coming": coming.kin_coming,
    "event_have": events.event_have,
    "event_be": events.event_be,
    "event_past": events.event_past,
    "loss": events.loss,
    "health": selves.health,
    "health_bare": selves.health_bare,
    "health_is": selves.health_is,
    "health_take": selves.health_take,
    "health_take_bare": selves.health_take_bare,
    "allergy": selves.allergy,
    "self_is": selves.self_is,
    "politics": selves.politics,
    "faith": selves.faith,
    "money": selves.money,
    "money_bare": selves.money_bare,
    "hobby": selves.hobby,
    "fix_is": events.fix_is,
    "keep": events.keep,
}
_CORRECTING = re.compile(
    r"^\s*(?:no+|nope|nah|actually|sorry|oops|wait|correction|i mean|well actually"
    r"|haha no)\b[ ,.!:-]",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(r"[a-z\u00c0-\u024f]", re.IGNORECASE)


def extract(text: str, now: datetime, tz: tzinfo | str | None = None) -> tuple[ExtractedFact, ...]:
    """Return what a person stated about themselves in one message.

    Args:
        text: the message as written.
        now: when it was written; aware.
        tz: the person's time zone or its IANA name, in which "tonight" is meant; that of
            ``now`` when it is missing or unknown.

    Raises:
        ValueError: ``now`` is naive.
    """
    if now.tzinfo is None:
        raise ValueError(f"now must know its time zone: {now!r}")
    if not _OPTIONAL.search(text):
        return ()
    local = now.astimezone(_zone(tz) or now.tzinfo)
    doc, triggers = language.heard(text[:_LIMIT])
    message = Message(text[:_LIMIT], doc, local)
    if not triggers or guards.is_joke(message):
        return ()
    return tuple(_settled(message, _read(message, triggers)))


def _zone(tz: tzinfo | str | None) -> tzinfo | None:
    if not isinstance(tz, str):
        return tz
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _read(
    message: Message, triggers: Sequence[language.Trigger]
) -> Iterator[tuple[Cue, ExtractedFact]]:
    cues = [Cue(message, trigger) for trigger in triggers]
    for cue in cues:
        reader = _READERS.get(cue.trigger.section)
        if reader is None or _inside_another(cue, cues) or guards.stops(cue):
            continue
        for fact in reader(cue):
            yield cue, fact


def _inside_another(cue: Cue, cues: Iterable[Cue]) -> bool:
    """Tell whether a longer trigger covers this one ("like" in "I don't like")."""
    mine = cue.trigger
    return any(
        other.trigger.start <= mine.start
        and mine.end <= other.trigger.end
        and (other.trigger.end - other.trigger.start) > (mine.end - mine.start)
        and not _may_share(other.trigger.section, mine.section)
        for other in cues
    )


_EXCLUSIVE = spelled(
    "likes dislikes dislikes_negative favorite_pre favorite_post plan_to plan_noun plan_ing name "
    "location origin work work_at birthday fix_is"
)


def _may_share(longer: str, shorter: str) -> bool:
    """Let sections that check their own vocabulary try beside a longer trigger."""
    return longer not in _EXCLUSIVE or (longer == "fix_is" and shorter == "name")


def _settled(
    message: Message, found: Iterable[tuple[Cue, ExtractedFact]]
) -> Iterator[ExtractedFact]:
    """Drop doubles and overlaps, mark corrections, and keep one home over an origin."""
    kept: list[ExtractedFact] = []
    correcting = bool(_CORRECTING.match(message.text))
    ranked = sorted(found, key=lambda pair: _rank(pair[0], pair[1]))
    for _, fact in ranked:
        if not any(_clash(fact, other) for other in kept):
            kept.append(fact)
    for fact in sorted(kept, key=lambda fact: fact.span):
        yield replace(fact, corrects=True) if correcting and not fact.corrects else fact


def _rank(cue: Cue, fact: ExtractedFact) -> tuple[int, int, int]:
    strong = 0 if fact.kind in ("health", "favorite", "birthday", "plan", "relationship") else 1
    weak = 1 if fact.corrects or cue.trigger.section in ("name_is", "location_in") else 0
    weak = 2 if cue.trigger.section == "keep" else weak
    return (weak, strong, -(cue.trigger.end - cue.trigger.start))


def _clash(fact: ExtractedFact, other: ExtractedFact) -> bool:
    if fact.kind == other.kind and fact.value.lower() == other.value.lower():
        return True
    return fact.span[0] < other.span[1] and other.span[0] < fact.span[1]
