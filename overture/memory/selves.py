"""Read health, belief, origin, money and habits from a cue: most of it sensitive. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from overture.memory import topics, vocabulary
from overture.memory.cues import STOPS, Cue
from overture.memory.messages import Phrase
from overture.memory.records import ExtractedFact
from overture.memory.vocabulary import spelled

_STOPS = STOPS | {"and", "from", "with", "for", "in", "at", "who", "lately", "again"}
_BODY = spelled("leg arm ankle wrist foot knee collarbone nose toe finger ribs hip shoulder acl")
_WORSE = re.compile(
    r"\b(?:anxiety|depression|adhd|ocd|ptsd|migraines?|asthma|insomnia|diabetes"
    r"|autism|epilepsy|cancer|chemo\w*|therapist|psychiatrist|meds|medication"
    r"|panic attacks?|mental health|eating disorder|back pain|chronic pain|surgery"
    r"|diagnosis|period|disability)\b"
)
_BROKE = re.compile(
    r"^(?:so |really |completely |totally |pretty |flat |basically |deep |drowning |very )*"
    r"(?:broke|in debt|debt|bankrupt|behind on (?:my )?rent|laid off|skint|homeless|poor|fired"
    r"|evicted|getting evicted|struggling (?:financially|with money)|on (?:welfare|food stamps))"
    r"(?: rn)?$"
)
_NOT_FOOD = re.compile(
    r"^(?:another|more|anything|much|it|that|this|now|today|popcorn without|my)\b"
)


def health(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I have asthma", "my anxiety is bad"."""
    value = cue.value(limit=4, stops=_STOPS)
    if cue.words[-1] == "my" or cue.words[0] == "my":
        hit = _WORSE.match(value.lower) or _WORSE.match(cue.after)
        if hit:
            start = value.span[0]
            yield _fact(Phrase(text=value.text[: hit.end()], span=(start, start + hit.end())))
        return
    plain = {"diagnosed", "suffer", "suffering", "battling", "recovering"} & set(cue.words)
    known = _condition(value)
    if known:
        yield _fact(known)
    elif (
        plain
        and value.text
        and not re.match(
            r"^(?:fomo|boredom|my (?:wifi|job|boss|kids)|this|that|it|you|the heat|monday)",
            value.lower,
        )
    ):
        yield _fact(value)


def health_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "recovering from surgery" where it opens a clause."""
    if cue.starts_clause:
        yield from health(cue)


def health_is(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm diabetic", "I'm pregnant"; being sick of something is no illness."""
    value = cue.value(limit=3, stops=_STOPS - {"in", "from"})
    if re.match(r"^(?:sick|ill) (?:of|and tired|to)\b", cue.after) or re.match(
        r"^(?:blind|deaf) (?:to|date)\b", cue.after
    ):
        return
    if re.match(r"^(?:an? )?(?:\w+ )?(?:addict|anxious) (?:to|about|for)\b", cue.after):
        return
    known = _condition(value)
    if known and known.lower not in ("add", "cold", "ms", "hospital", "therapy", "the hospital"):
        yield _fact(known)


def health_take(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I take insulin", "I'm in therapy", "I broke my leg"."""
    value = cue.value(limit=4, stops=_STOPS)
    last = value.lower.split(" ")[-1] if value.text else ""
    if cue.words[-1] == "my" and last in _BODY:
        start = cue.message.doc[cue.trigger.start + 1].idx
        yield _fact(cue.message.phrase(start, value.span[1]))
        return
    known = _condition(value)
    if known and known.lower not in _BODY:
        yield _fact(known)


def health_take_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "broke my leg skiing" where it opens a clause."""
    value = cue.value(limit=2, stops=_STOPS)
    first = value.lower.split(" ")[0] if value.text else ""
    if cue.starts_clause and first in _BODY:
        start = cue.message.doc[cue.trigger.start].idx
        yield _fact(cue.message.phrase(start, value.span[0] + len(first)))


def allergy(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I'm allergic to nuts" and "I can't eat gluten"."""
    value = cue.value(limit=5, stops=STOPS | {"without", "at", "in", "with"})
    if not value.text or _NOT_FOOD.match(value.lower):
        return
    if re.match(
        r"^(?:bad|boring|stupid|drama|mondays|musicals|work|people|bullshit|romcoms"
        r"|fun)\b",
        value.lower,
    ):
        return
    text = value.text if "eat" in cue.words else f"allergic to {value.text}"
    text = f"cannot eat {value.text}" if "eat" in cue.words else text
    yield ExtractedFact(kind="health", value=text, topic="food", span=value.span, sensitive=True)


def self_is(cue: Cue) -> Iterator[ExtractedFact]:
    """Read what a person says to be: belief, love, politics, origin, diet."""
    value = cue.value(limit=4, stops=_STOPS)
    text = re.sub(
        r"^(?:a|an|half|part|proud|practicing|devout|very|strict|lifelong|openly"
        r"|registered|staunch) ",
        "",
        value.lower,
    )
    text = re.sub(r" (?:person|guy|girl|man|woman|too|myself|by heart|by birth)$", "", text)
    category = vocabulary.mapping("self").get(value.lower) or vocabulary.mapping("self").get(text)
    if not category or re.match(
        r"^(?:straight (?:up|to)|white as|black out|ace at|orthodox about"
        r"|conservative (?:with|about)|liberal with|religious about|english (?:teacher"
        r"|major)|poor at)\b",
        cue.after,
    ):
        return
    if category.startswith("nationality") and re.match(
        rf"^{re.escape(text)} (?:films?|movies?|food|music)", cue.after
    ):
        return
    yield ExtractedFact(
        kind="other",
        value=value.text,
        topic=category.rstrip("!"),
        span=value.span,
        sensitive=category.endswith("!"),
    )


def politics(cue: Cue) -> Iterator[ExtractedFact]:
    """Read whom a person votes for."""
    value = cue.value(limit=3, stops=_STOPS)
    if not value.text or (
        cue.words[-1] in ("support", "vote", "voted", "voting")
        and not topics.is_sensitive(value.text)
        and not re.match(
            r"^(?:labour|tory|tories|green|greens|the (?:greens|left|right|democrats"
            r"|republicans|afd|spd|cdu)|democrat|republican|left|right|bernie|obama|harris"
            r"|spd|cdu|afd|conservative|liberal)",
            value.lower,
        )
    ):
        return
    if "for" in cue.words and re.match(
        r"^(?:the (?:first|second|film|movie)|option|a |dune|that|this)", value.lower
    ):
        return
    yield ExtractedFact(
        kind="other", value=value.text, topic="politics", span=value.span, sensitive=True
    )


def faith(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I go to church", "I believe in God"."""
    value = cue.value(limit=2, stops=_STOPS | {"every", "on"})
    hit = re.match(
        r"^(?:church|mosque|temple|synagogue|mass|god|allah|jesus|the mosque|the temple"
        r"|bible study)\b",
        value.lower,
    )
    if hit or cue.words[-1] == "pray":
        said = (
            value
            if hit
            else cue.message.phrase(cue.message.doc[cue.trigger.start + 1].idx, value.span[1])
        )
        if said.text:
            yield ExtractedFact(
                kind="other", value=said.text, topic="religion", span=said.span, sensitive=True
            )


def money(cue: Cue) -> Iterator[ExtractedFact]:
    """Read trouble with money or work lost."""
    value = cue.value(limit=4, stops=STOPS | {"and", "for", "this", "from", "at"})
    if not _is_trouble(cue, value.lower):
        return
    doc = cue.message.doc
    words = (token.idx for token in doc[cue.trigger.start :] if token.norm_ not in _GRAMMAR)
    said = cue.message.phrase(min(next(words, value.span[0]), value.span[0]), value.span[1])
    yield ExtractedFact(
        kind="other", value=said.text, topic="money", span=said.span, sensitive=True
    )


def money_bare(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "lost my job last week" where it opens a clause."""
    if cue.starts_clause:
        yield from money(cue)


def _is_trouble(cue: Cue, text: str) -> bool:
    """Tell whether the words after the trigger mean hardship with this trigger."""
    if "got" in cue.words:
        return text in ("fired", "laid off", "evicted")
    if "lost" in cue.words:
        return text in ("job", "home", "house", "savings")
    if "owe" in cue.words:
        return bool(re.search(r"\d|money|loan|taxes", text))
    if cue.words[0] == "i" and {"am", "'m", "was", "been"} & set(cue.words):
        return bool(_BROKE.match(text))
    return text in vocabulary.words("money")


_GRAMMAR = spelled("i am 'm m be been have just so really also still now we are 're was kind of")


def hobby(cue: Cue) -> Iterator[ExtractedFact]:
    """Read "I play the piano", "I speak French", "my hobby is chess"."""
    verb = next((w for w in cue.words if w in _HOBBIES), "")
    value = cue.value(limit=4, stops=_STOPS)
    text = re.sub(r"^(?:the|a|an) ", "", value.lower)
    topic = topics.topic_of(text)
    if verb == "play" and topic in ("music", "sport", "game"):
        yield _habit(cue, verb, value, topic)
    elif verb == "speak" and (category := vocabulary.mapping("self").get(text, "")) and value.text:
        if category == "nationality" or text in ("arabic", "mandarin", "latin"):
            yield _habit(cue, verb, value, "language")
    elif (
        verb in ("collect", "knit", "surf", "bake", "paint", "write")
        and value.text
        and value.lower not in ("it", "that", "this")
    ):
        if not re.match(r"^(?:to|about|like|down|back|over|in|with)\b", value.lower):
            yield _habit(cue, verb, value, topic or "hobby")
    elif "hobby" in cue.words or "hobbies" in cue.words:
        if value.text:
            yield ExtractedFact(
                kind="likes", value=value.text, topic=topic or "hobby", span=value.span
            )
    elif (
        "learning" in cue.words
        and value.text
        and value.lower not in ("a lot", "so much", "that", "it", "this", "how")
    ):
        yield _habit(
            cue,
            "learning",
            value,
            topic or ("language" if text in vocabulary.mapping("self") else "hobby"),
        )


_HOBBIES = spelled("play speak collect paint draw dance sing write knit surf climb bake code")


def _habit(cue: Cue, verb: str, value: Phrase, topic: str | None) -> ExtractedFact:
    return ExtractedFact(
        kind="other", value=f"{verb} {value.text}", topic=topic, span=value.span, confidence=0.7
    )


def _condition(value: Phrase) -> Phrase | None:
    """Return the known condition that opens a phrase, with the words before it."""
    known = vocabulary.words("health")
    words = value.text.split(" ")
    for end in range(len(words), 0, -1):
        text = " ".join(words[:end])
        bare = re.sub(
            r"^(?:a|an|the|my|really|bad|severe|mild|chronic|such a|huge|terrible|some"
            r"|social|so|very|seasonal|recovering|clinically|slightly|high functioning"
            r"|type \d) ",
            "",
            text.lower(),
        )
        if text.lower() in known or bare in known:
            return Phrase(text=text, span=(value.span[0], value.span[0] + len(text)))
    return None


def _fact(value: Phrase) -> ExtractedFact:
    return ExtractedFact(kind="health", value=value.text, span=value.span, sensitive=True)
