"""Words around a remembered fact: your for my, cooking for cook, last night for a date.

Pure: ``now`` is a parameter, nothing is looked up.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Literal

Tense = Literal["past", "coming", "undated", "stale"]

#: What happened longer ago than this is no longer asked about.
FRESH = timedelta(days=14)
#: What starts at a given time counts as going on for this long.
LASTS = timedelta(hours=3)


def word_set(text: str) -> frozenset[str]:
    """Read a set of words from a text, as tables of words are written here."""
    return frozenset(text.split())


_PERSON = {
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "our": "your",
    "ours": "yours",
    "us": "you",
    "we": "you",
    "I": "you",
    "I'm": "you're",
    "am": "are",
    "smth": "something",
    "sth": "something",
    "w": "with",
    "ppl": "people",
}
_KIN = word_set(
    "aunt baby boss boyfriend brother child children colleague cousin dad daughter family father "
    "fiance fiancee friend friends girlfriend grandma grandmother grandpa grandfather husband "
    "kid kids mom mother mum neighbor neighbour nephew niece parents partner roommate sister "
    "son spouse uncle wife"
)
_VERBS = word_set(
    "attend bake be book brew bring build buy camp celebrate climb cook dance do draw drive "
    "eat explore finish fish fix fly get give go grill grow have hear help hike host invite "
    "join jog knit learn leave listen make meet move paint pick plant play practice practise "
    "prune race read rehearse rewatch ride roast run sail see sew show sing sit sketch ski sow "
    "spend start stay stream study swim take teach throw train travel try visit walk watch "
    "work write"
)
#: Verbs that are nouns as well: a dance recital, a book club, a work trip.
_ALSO_NOUNS = word_set(
    "bake book brew build camp climb cook dance draw drive fish fix grill host jog meet move paint "
    "plant play practice race read ride roast run sail show sketch ski start stay stream study "
    "swim train travel visit walk watch work"
)
_AFTER_VERB = word_set(
    "a about across again against alone along an around at by down for from her him his in into "
    "it just like my off on our out outside over some someone something smth sth that the their "
    "them these this through to together towards up us with"
)
#: What happens once: "an exam" is remembered as ``exam`` and spoken of as ``the exam``.
_OCCASIONS = word_set(
    "anniversary appointment audition ceremony championship checkup competition concert conference "
    "date deadline defense exam festival final funeral game graduation hearing hike interview "
    "launch lecture marathon match meeting meetup midterm move operation party performance picnic "
    "premiere presentation quiz race recital reception rehearsal reunion screening seminar show "
    "surgery test tournament trip viva wedding workshop"
)
_BEFORE_DETAILS = re.compile(r" (?:at|about|by|for|from|in|of|on|to|with) ")
_DETERMINED = re.compile(r"\b(?:a|an|any|my|no|our|some|that|the|this|your|\w+'s)\b", re.IGNORECASE)
_DOUBLED = {"run", "get", "jog", "knit", "plan", "sit", "swim", "chat", "stop", "set"}
_WORD = re.compile(r"[A-Za-z']+")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def second_person(text: str) -> str:
    """Turn a person's own words round: ``my sister`` becomes ``your sister``.

    Words with a capital belong to a title and stay: ``My Neighbor Totoro``.
    """
    return _WORD.sub(lambda match: _PERSON.get(match[0], match[0]), text)


def as_noun(text: str) -> str:
    """Make a remembered plan fit where a noun stands.

    ``to watch Dune`` becomes ``watching Dune``, ``exam`` becomes ``the exam``.
    """
    words = " ".join(text.split()).removeprefix("to ").split(" ")
    if words[0] in _VERBS and _is_verb(words):
        words[0] = _gerund(words[0])
        return second_person(" ".join(words))
    return second_person(_with_article(" ".join(words)))


def _with_article(text: str) -> str:
    """Give back the article or ``your`` that a remembered noun has lost."""
    if text.partition("'s")[0] in _KIN:
        return f"your {text}"
    noun = _BEFORE_DETAILS.split(text, maxsplit=1)[0]
    once = noun.rpartition(" ")[2] in _OCCASIONS
    return f"the {text}" if once and not _DETERMINED.search(noun) else text


def as_person(text: str) -> str:
    """Make a remembered person fit where a noun stands: ``sister`` becomes ``your sister``."""
    turned = second_person(" ".join(text.split()))
    return f"your {turned}" if turned.split(" ")[0].casefold() in _KIN else turned


def as_said(kind: str, value: str) -> str:
    """Make a memory of any kind fit where a noun stands."""
    if kind == "name":
        return value
    return as_person(value) if kind == "relationship" else as_noun(value)


def _is_verb(words: list[str]) -> bool:
    if words[0] not in _ALSO_NOUNS or len(words) == 1:
        return True
    return words[1] in _AFTER_VERB or not words[1].islower()


def _gerund(verb: str) -> str:
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("e") and verb not in {"be", "see"}:
        return verb[:-1] + "ing"
    return verb + "ing"


def moment(when: date | datetime | str | None) -> date | datetime | None:
    """Read a remembered time; None when there is none or it cannot be read."""
    if when is None or isinstance(when, date):
        return when
    try:
        return _from_iso(when)
    except ValueError:
        return None


def _from_iso(text: str) -> date | datetime:
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def tense(when: date | datetime | str | None, now: datetime, until: str | None = None) -> Tense:
    """Say how a remembered time lies to now.

    Args:
        when: a day, an instant, or their ISO text. A day is the contact's own day.
        now: aware, in the contact's time zone where it is known.
        until: the last ISO day of what may be on any day of a week, a month ...

    Returns:
        ``coming`` until the day is over (an instant: until three hours after it began),
        ``past`` for two weeks from then on, ``stale`` afterwards, ``undated`` without a time.
    """
    at = moment(when)
    if at is None:
        return "undated"
    over = _over(date.fromisoformat(until) if until else at, now)
    if now < over:
        return "coming"
    return "past" if now < over + FRESH else "stale"


def _over(at: date | datetime, now: datetime) -> datetime:
    if isinstance(at, datetime):
        return _aware(at, now) + LASTS
    return datetime.combine(at + timedelta(days=1), time(), tzinfo=now.tzinfo)


def _aware(at: datetime, now: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)


def birthday_tense(when: date | datetime | str | None, now: datetime) -> Tense:
    """Say whether a birthday comes within two weeks, was within one, or is far (``stale``)."""
    at = moment(when)
    if at is None:
        return "undated"
    days = _days_to_birthday(at, now)
    if 0 <= days <= 14:
        return "coming"
    return "past" if -7 <= days < 0 else "stale"


def _days_to_birthday(at: date, now: datetime) -> int:
    today = now.date()
    years = (today.year - 1, today.year, today.year + 1)
    return min(((_in_year(at, year) - today).days for year in years), key=abs)


def _in_year(at: date, year: int) -> date:
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return date(year, at.month, day)


def spoken(
    when: date | datetime | str | None, now: datetime, until: str | None = None
) -> str | None:
    """Say a remembered time as people do: tonight, last Friday, on 3 May; None without one.

    Args:
        until: the last ISO day of what is said as a whole: next week, in May.
    """
    at = moment(when)
    if at is None:
        return None
    if until is not None:
        first = at.date() if isinstance(at, datetime) else at
        return _range_words(first, date.fromisoformat(until), now.date())
    local = _aware(at, now).astimezone(now.tzinfo) if isinstance(at, datetime) else at
    evening = isinstance(local, datetime) and local.hour >= 17
    day = local.date() if isinstance(local, datetime) else local
    return _day_words((day - now.date()).days, day, evening)


def _day_words(days: int, day: date, evening: bool) -> str:
    near = {0: "tonight" if evening else "today", 1: "tomorrow", -1: "yesterday"}
    if days == -1 and evening:
        return "last night"
    if days in near:
        return near[days]
    if 1 < days < 7:
        return f"this {_DAYS[day.weekday()]}"
    if -7 < days < -1:
        return f"last {_DAYS[day.weekday()]}"
    return f"on {day.day} {day:%B}"


def _range_words(first: date, last: date, today: date) -> str:
    """Say some days as people do: this weekend, next week, in May."""
    days = (last - first).days + 1
    if (first.weekday(), days) in {(0, 7), (5, 2)}:
        unit, far = ("week", "in the week") if days == 7 else ("weekend", "on the weekend")
        weeks = (_monday(first) - _monday(today)).days // 7
        near = {-1: "last", 0: "this", 1: "next"}.get(weeks)
        return f"{near} {unit}" if near else f"{far} of {first.day} {first:%B}"
    if first.day == 1 and days <= 31 and (last + timedelta(days=1)).day == 1:
        return f"in {first:%B}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"in {first.year}"
    return f"between {first.day} {first:%B} and {last.day} {last:%B}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
