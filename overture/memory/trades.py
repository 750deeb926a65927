"""Read what a person does for a living. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overture.memory import vocabulary
from overture.memory.cues import STOPS, Cue
from overture.memory.messages import Phrase
from overture.memory.places import plain_fact
from overture.memory.records import ExtractedFact
from overture.memory.vocabulary import spelled

_TRADE_ENDS = re.compile(r"(?:er|or|ist|ian|man|woman|smith|wright|ologist|keeper|ant)$")


_WORK_STOPS = STOPS | spelled("in at for from who by and with living during near here on")


def work_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "working as a barista" where it opens a clause."""
    if cue.starts_clause:
        yield from work(cue)


def work(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I work as ...", "my job is ..."."""
    value = cue.value(limit=6, stops=_WORK_STOPS - {"in"})
    clean = _without_article(value, cue)
    if clean.text and not re.match(
        r"^(?:so|very|too|not|hard|boring|killing|a lot|hell)\b", clean.lower
    ):
        yield plain_fact("occupation", clean.text, clean)


def work_at(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I work in tech", "I work for a bank"."""
    value = cue.value(limit=6, stops=_WORK_STOPS - {"in", "at", "for"})
    hours = value.text != "IT" and re.match(
        r"^(?:home|it|my|myself|night|nights|weekends|\d|monday|this|that|him|her)\b", value.lower
    )
    if value.text and not hours and cue.words[-1] != "from":
        yield plain_fact(
            "occupation", f"{cue.words[-1]} {value.text}".strip(), value, confidence=0.7
        )


def work_living(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I drive a truck for a living": the words between."""
    hit = re.search(
        r"(?:^|[,] |and |but )i (?:\w+ly )?((?!do\b)\w+(?: [\w'-]+){0,4}) ?$", cue.before
    )
    if hit:
        doc = cue.message.doc
        first = cue.trigger.start - len(hit[1].split())
        value = cue.message.phrase(doc[first].idx, doc[cue.trigger.start].idx)
        yield plain_fact("occupation", value.text, value)


def work_self(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I teach maths", "I study law", "I run a bakery"."""
    value = cue.value(limit=6, stops=_WORK_STOPS)
    verb = next((word for word in reversed(cue.words) if word not in ("a", "an", "my", "in")), "")
    if not value.text or re.match(
        r"^(?:out|away|late|marathons?|every|\d|on|errands|into|to)\b", value.lower
    ):
        return
    article = cue.words[-1] if cue.words[-1] in ("a", "an", "my") else ""
    text = " ".join(word for word in (verb, article, value.text) if word)
    if verb in ("run", "own", "manage") and not article:
        return
    yield plain_fact("occupation", text, value, confidence=0.8)


def work_is(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm a nurse": only what is a trade."""
    value = cue.value(limit=6, stops=_WORK_STOPS)
    home = re.match(
        r"stay(?:ing)?[ -]*at[ -]*home[ -]*(?:mom|mum|dad|parent|mother|father)", cue.after
    )
    if home:
        doc = cue.message.doc
        words = len(home[0].split(" "))
        last = doc[cue.trigger.end + words - 1]
        value = cue.message.phrase(doc[cue.trigger.end].idx, last.idx + len(last.text))
        yield plain_fact("occupation", value.text, value)
        return
    clean = _without_article(value, cue)
    if _is_trade(clean.lower) and clean.lower not in vocabulary.mapping("self"):
        yield plain_fact("occupation", clean.text, clean)


def work_state(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm retired", "I'm between jobs"."""
    start = cue.trigger.end - 1
    words = [word for word in cue.words if word not in ("i", "am", "be", "been", "have")]
    doc = cue.message.doc
    text = " ".join(
        words[-3:]
        if "out" in words
        else words[-2:]
        if {"between", "self"} & set(words)
        else words[-1:]
    )
    first = cue.trigger.end - len(text.split(" "))
    value = cue.message.phrase(doc[first].idx, doc[start].idx + len(doc[start].text))
    hard = bool(re.search(r"unemployed|jobless|between|out of", text))
    yield plain_fact("occupation", value.text, value, sensitive=hard)


def _is_trade(text: str) -> bool:
    words = text.split(" ")
    last = words[-1]
    if not text or text in vocabulary.words("not_trades") or last in vocabulary.words("not_trades"):
        return False
    trades = vocabulary.words("occupations")
    if text in trades or " ".join(words[-2:]) in trades or last in trades:
        return True
    return (
        bool(_TRADE_ENDS.search(last)) and len(last) > 4 and len(words) <= 4 and "of" not in words
    )


def _without_article(value: Phrase, cue: Cue) -> Phrase:
    hit = re.match(r"^(?:(?:a|an|the|to be a|just a|currently a|actually a) )+", value.lower)
    text = value.text[hit.end() :] if hit else value.text
    hit_age = re.match(r"^\d{1,3}[ -]years?[ -]old ", text)
    text = text[hit_age.end() :] if hit_age else text
    return Phrase(text=text, span=(value.span[1] - len(text), value.span[1]))
