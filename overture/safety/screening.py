"""Screen one inbound text for what must be honoured whatever the dialogue makes of it.

Pure: a text in, a set of labels out; no clock, no network, no Rasa, no spaCy.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from overture.safety import ages, normalise, rules, weighing

LABELS = (
    "opt_out",
    "opt_in",
    "crisis",
    "minor",
    "asks_if_bot",
    "asks_human",
    "erase_request",
    "export_request",
    "memory_question",
    "why_question",
)

#: What ``hear`` adds: a wish for quiet for a while, which is no opt-out.
PAUSE = "pause"
_RULED = tuple(label for label in LABELS if label != "minor")
_LONGEST_KEYWORD = 40
#: Much of what people say, they and others say again.
_SENTENCES_KEPT = 2048
_NEGATION = re.compile(
    r"\b(?:(?<!can )not (?!only |just |sure |know |care |stop |help )"
    r"|never (?!mind )|no longer |nor "
    r"|without )(?:(?!i |but |because |and |so |that |, |if |you |my |when )[a-z0-9]+ ){0,3}\Z"
)
_POLITE = re.compile(
    r"\A(?:(?:please|ok|hey|hi|hello|yo|bot|now|thanks|thank you|just|sorry|so|um|uh|ugh|omg|lol"
    r"|lmao|bro|dude|man|already|immediately|kindly|yes|yeah|yep|no|nope|nah|and|but|well|alright"
    r"|sir|guys|everyone|fucking|fuck|damn|wtf|jesus|christ|god|seriously|really"
    r"|again|oh|ah|maestro"
    r"|mate|right now|at once|for good|all right|listen|look|asap|today|good ?bye|bye|haha|hmm|dear"
    r"|oi|anyway|actually|then|pretty|good|morning|night|evening|excuse me|for fuck sake"
    r"|for god sake|thank|i mean|i am sorry|i am serious|for real|sincerely|you|hola|hallo|ciao"
    r"|hoi|ola|salut|bonjour|bitte|por favor|svp|aub|per favore)(?: |\Z))+|\A"
)


@dataclass(frozen=True, kw_only=True)
class _Sentence:
    """Hold a canonical sentence and its clauses without their wrapping."""

    text: str
    cores: frozenset[str]


def screen(text: str, *, year: int | None = None) -> frozenset[str]:
    """Return the labels of one text as a person wrote it.

    Args:
        text: one message, in any spelling.
        year: the current year, for "born in 2012"; without it the strictest reading that
            was right when this release was made.
    """
    return hear(text, year=year) - {PAUSE}


def hear(text: str, *, year: int | None = None) -> frozenset[str]:
    """Return what ``screen`` does, and ``PAUSE`` where quiet is asked for that has an end."""
    sentences = [_without_titles(sentence) for sentence in normalise.sentences(text)]
    found: set[str] = set().union(*(_heard(sentence) for sentence in sentences))
    quiet = PAUSE in found
    found.discard(PAUSE)
    found |= _alone(_core(" ".join(sentences))) - ({"opt_out"} if quiet else set())
    if _is_keyword(text):
        found.add("opt_out")
    if quiet and "opt_out" not in found:
        found.add(PAUSE)
    if ages.says_minor(sentences, year=year):
        found.add("minor")
    return frozenset(found)


def _alone(whole: str) -> set[str]:
    """Return the labels that a text has by being just these words."""
    return {label for label in _RULED if rules.load(label).section("alone").found(whole)}


@lru_cache(maxsize=_SENTENCES_KEPT)
def _heard(text: str) -> frozenset[str]:
    """Return what a sentence says by itself; one that asks for quiet is no opt-out."""
    sentence = _Sentence(text=text, cores=_cores(text))
    labels = _labels(sentence)
    if _holds(rules.load(PAUSE), sentence):
        return frozenset(labels - {"opt_out", "opt_in"} | {PAUSE})
    return frozenset(labels)


def _labels(sentence: _Sentence) -> set[str]:
    """Return the labels of one sentence; weighing counts where no rule says what it means."""
    ruled = {label for label in _RULED if _holds(rules.load(label), sentence)}
    clear = ruled - {"crisis"}
    return ruled | {
        label
        for label in weighing.THRESHOLDS
        if label not in ruled
        and (label == "crisis" or not clear)
        and _weighs(rules.load(label), sentence)
    }


def _is_keyword(text: str) -> bool:
    """Tell whether a text is nothing but a keyword in letters that the rules do not read."""
    if len(text) > _LONGEST_KEYWORD:
        return False
    kept = (char if unicodedata.category(char)[0] in "LM" else " " for char in text.casefold())
    return " ".join("".join(kept).split()) in _keywords()


@lru_cache(maxsize=1)
def _keywords() -> frozenset[str]:
    return frozenset(rules.listing("keywords"))


def _holds(label: rules.RuleFile, sentence: _Sentence) -> bool:
    """Tell whether a rule of the label matches and no exception does."""
    if not _claimed(label, sentence):
        return False
    return not label.section("unless").found(sentence.text)


def _claimed(label: rules.RuleFile, sentence: _Sentence) -> bool:
    """Tell whether a rule of the label matches, before its exceptions are looked at."""
    whole = label.section("whole")
    if whole.touches(sentence.text) and any(whole.found(core) for core in sentence.cores):
        return True
    if _affirmed(label.section("any"), sentence.text):
        return True
    weak = label.section("weak")
    return bool(_affirmed(weak, sentence.text)) and not _film().search(sentence.text)


def _weighs(label: rules.RuleFile, sentence: _Sentence) -> bool:
    """Tell whether a sentence in which no rule matches, denied or not, weighs enough."""
    if not weighing.weighs_enough(label.name, sentence.text) or _film().search(sentence.text):
        return False
    return not any(label.section(one).found(sentence.text) for one in ("any", "weak", "unless"))


def _affirmed(section: rules.Section, sentence: str) -> bool | None:
    """Tell whether a rule matches without a negation before it; None when none matches."""
    negated = [bool(_NEGATION.search(sentence, 0, hit.start())) for hit in section.hits(sentence)]
    return not all(negated) if negated else None


def _cores(sentence: str) -> frozenset[str]:
    parts = (sentence, *sentence.split(" , "))
    return frozenset(core for part in parts for core in (part, _core(part)))


def _core(clause: str) -> str:
    """Strip what people wrap a request in: greetings, please, oaths, repetition."""
    words = [word for word in clause.split() if word != ","]
    kept = " ".join(word for at, word in enumerate(words) if at == 0 or word != words[at - 1])
    text = _POLITE.sub("", kept, count=1).strip()
    return _endings().sub("", text) or kept


@lru_cache(maxsize=1)
def _endings() -> re.Pattern[str]:
    return re.compile(r"(?: (?:" + "|".join(rules.listing("endings")) + r"))+\Z")


def _without_titles(sentence: str) -> str:
    return _titles().sub("_title_", sentence)


@lru_cache(maxsize=1)
def _titles() -> re.Pattern[str]:
    names = sorted((rules.listing("titles")), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(names) + r")\b")


@lru_cache(maxsize=1)
def _film() -> re.Pattern[str]:
    words = "|".join(rules.listing("film_words"))
    return re.compile(rf"_title_|\b(?:{words})\b")
