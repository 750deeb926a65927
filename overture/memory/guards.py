"""Tell what is said but not stated: questions, quotes, hypotheticals, stories, jokes.

Pure. A cue that any guard stops yields no fact.
"""

from __future__ import annotations

import re

from overture.memory import vocabulary
from overture.memory.cues import Cue
from overture.memory.messages import Message
from overture.memory.vocabulary import spelled

_ASKING = re.compile(
    r"^(?:(?:so|hey|hi|and|but|ok|well|um|hmm|oh|wait|please|sorry|,|lol|or) )*"
    r"(?:(?:do|does|did|are|is|was|were|can|could|would|should|will|have|has|had|am"
    r"|may|might|wo|ca)"
    r"(?: not)? (?:i|you|u|we|he|she|they|it|this|that|there|my|your|the|anyone|ya)\b"
    r"|(?:what|who|where|when|why|how|which|whose|wat)\b(?! (?:a|an)\b)(?!ever)"
    r"|(?:guess|remember|remind me|tell me|ask me|know)\b (?:what|where|who|how|when|which|why))"
)
_SUPPOSING = re.compile(
    r"\b(?:if|wish|imagine|imagining|pretend|pretending|suppose|supposing|unless|hypothetically"
    r"|dreamt|dreamed|dream|as though|might|maybe|perhaps|whether|in case|would|'d|could|should"
    r"|supposedly|let us say|lets say|say that|when i grow up|another life|some day|someday"
    r"|almost|nearly|not that|as if|like if|asked|ask me|wonder|wondering|doubt|unlike)\b[^,;]*$"
)
_SPOKEN_BY_OTHERS = re.compile(
    r"\b(?:he|she|they|who|character|guy|girl|hero|villain|mom|mum|dad|friend|wife|husband|boss"
    r"|sister|brother|everyone|bond|actor|actress|teacher|man|woman|kid|song|lyrics?"
    r"|line|quote|film"
    r"|movie|title|chorus|joke|someone|somebody|people|protagonist|it|batman|dude|son|daughter"
    r"|boyfriend|girlfriend|neighbor|colleague|says|called|titled|named)\b"
    r"(?: \w+){0,3} ?\b(?:say|says|said|goes|sings|sang|yells|yelled|tells|told"
    r"|screams|screamed|asks"
    r"|asked|whispers|shouts|shouted|like|replies|replied|writes|wrote|called|titled|named|quote"
    r"|thinks|claims|singing|is|was|:|going|went|where|mumbles)\b[\s,:\"'\u201c]*$"
)
#: "As Dylan sang: ...": what follows are not the person's words.
_CITED = re.compile(
    r"\b(?:sang|sings|singing|lyrics?|quote|quoting|as they say)\b[^.!?]*[:,-] ?[\"']?$"
)
_STORY = re.compile(
    r"\bin (?:the|this|that|my|a|his|her) (?:\w+ )?(?:film|movie|game|dream|story"
    r"|book|show|series|scene"
    r"|play|novel|song|campaign|role ?play|roleplay|script|sequel|video ?game|fic|fanfic|d&d)\b"
    r"|\b(?:my|the|his|her) character\b|\b(?:playing|played|cast) as\b|\bin character\b"
)
_PAST = re.compile(
    r"\b(?:used to|no longer|formerly|back then|as a kid|as a child"
    r"|back in the day)\b"
)
_WHEN_PAST = re.compile(
    r"\b(?:when|while|back when|until|before|since) (?:i|we) (?:was|were"
    r"|used)\b[^,]*$"
)
_NOT_ANYMORE = re.compile(r"\b(?:anymore|any more|any longer|no longer|in the past|years ago)\b")
_DENYING = re.compile(
    r"\b(?:not|never|nobody|no one|neither|n't|hardly|barely)\b(?: \w+){0,1} "
    r"(?:think|believe|mean|say|said|saying|claim|know|like|that|told|tell|because|sure|remember)"
    r"(?: \w+){0,2}$|\bit is not (?:that|like)$|\bnot (?:that|like|because)$"
)
_OTHERS_DO = re.compile(r"\b(?:he|she|they|you|it|who|people|u|ya|kids|everyone)$")
_JOKE = re.compile(
    r"\b(?:jk|just kidding|kidding|just joking|joking|j/k|sarcasm)\b|(?:^|\s)/s\b"
    r"|\blol not$|\bnot!$"
)
_PERSONAL = spelled(
    "name name_is age age_old location location_in origin work work_at work_self "
    "work_is work_state "
    "relation_be relation_have relation_name relation_state health health_is self_is born"
)


def is_joke(message: Message) -> bool:
    """Tell whether the whole text is taken back, or quotes a famous line."""
    lowered = message.text.lower().replace("\u2019", "'")
    if _JOKE.search(lowered):
        return True
    return any(line in lowered for line in vocabulary.words("famous"))


def stops(cue: Cue) -> bool:
    """Tell whether the cue is anything but the person's own statement about now."""
    return (
        _is_quoted(cue)
        or _is_asked(cue)
        or bool(_SUPPOSING.search(cue.before))
        or bool(_SPOKEN_BY_OTHERS.search(cue.before))
        or bool(_DENYING.search(cue.before) and cue.trigger.section != "dislikes_negative")
        or bool(_CITED.search(cue.before))
        or _is_past(cue)
        or (cue.trigger.section in _PERSONAL and bool(_STORY.search(cue.whole)))
    )


def _is_quoted(cue: Cue) -> bool:
    at = cue.message.doc[cue.trigger.start].idx
    return any(start <= at < end for start, end in cue.message.quoted)


def _is_asked(cue: Cue) -> bool:
    """Tell whether the cue stands in a question; statements before its last comma stand."""
    clause = cue.before.split(" , ")[-1] + " " + " ".join(cue.words)
    if _ASKING.match(clause.strip()):
        return True
    if cue.message.doc[cue.sentence[1] - 1].text[:1] != "?":
        return False
    if _ASKING.match(f"{cue.before} {' '.join(cue.words)}".strip()):
        return True
    rest = re.split(
        r" (?:, |and |but |so )(?=(?:what|how|do|are|is|can|who|where|you|u|which|any"
        r"|should|right|does|got)\b)",
        cue.after,
    )
    return len(rest) < 2 and " , " not in f" {cue.after} "


def _is_past(cue: Cue) -> bool:
    section = cue.trigger.section
    if _PAST.search(f"{cue.before.split(' , ')[-1]} {' '.join(cue.words)}"):
        return True
    if _WHEN_PAST.search(cue.before):
        return True
    if section in _PERSONAL and {"was", "were"} & set(cue.words) and section != "born":
        return section not in ("health", "origin")
    if section.startswith(("dislikes", "event", "plan", "fix")):
        return False
    return bool(_NOT_ANYMORE.search(cue.after.split(" , ")[0].split(" but ")[0]))
