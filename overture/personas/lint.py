"""What a reviewer looks for in a persona before it is released, as findings with their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from overture.errors import ConfigurationError
from overture.personas.card import Card
from overture.personas.knowledge import load_knowledge
from overture.personas.lines import Template
from overture.personas.responses import KEYS, MEMORY, OPENER_KINDS, SERIOUS, ResponseKey

ERROR, WARNING = "error", "warning"
#: Characters and sentences of a line; answers that law or safety ask for may be longer.
LENGTH, LONG = 300, 600
SENTENCES = 3
#: Openers each kind of memory should have.
OPENERS = 5
#: Buttons every channel can show.
BUTTONS = 3

_SENTENCE = re.compile(r"[.!?…]+[\"'”’)]*(?:\s+|$)")
_PRESSURE = re.compile(
    r"\b(?:(?:i|i've|i have) (?:really )?(?:miss|missed) you|miss(?:ing)? me|without you"
    r"|(?:don't|do not|please don't) (?:leave|go|ignore|forget me|abandon)|before you (?:go|leave)"
    r"|(?:please )?come back (?:to me|soon|please)|where (?:have|were) you been"
    r"|why (?:haven't|have you not|didn't) you|you (?:haven't|never|didn't) (?:write|wrote|written"
    r"|answer|answered|reply|replied)|(?:i am|i'm|been) (?:so )?(?:lonely|waiting for you)"
    r"|(?:i|we) need you|you owe|promise me|last chance|(?<!no )hurry|don't miss out|act now"
    r"|(?:i am|i'm|i was) (?:so )?(?:sad|hurt|disappointed)|forgot(?:ten)? (?:about )?me"
    r"|only you (?:can|understand)|nobody else understands|are you (?:ignoring|avoiding) me)\b",
    re.IGNORECASE,
)
_FLATTERY = re.compile(
    r"\byou(?:'re| are) (?:so |really |truly )?(?:amazing|brilliant|beautiful|gorgeous|special"
    r"|perfect|incredible|the best|one of a kind|unique)\b|\bwhat (?:a great|excellent) taste\b",
    re.IGNORECASE,
)
_HUMAN = re.compile(
    r"\bi(?:'m| am) (?:a )?(?:human|real person|real human|not an ai|not a (?:bot|robot|program))"
    r"|\bwhen i was (?:a (?:child|boy|girl|kid)|young|little)\b|\bmy (?:childhood|mother|wife"
    r"|husband|children)\b|\bas a (?:human|fellow human)\b",
    re.IGNORECASE,
)
_EMOTION = re.compile(
    r"\b(?:how are you (?:feeling|holding up)|are you (?:ok|okay|sad|lonely|alright|all right)"
    r"|how do you feel|feeling (?:down|low|lonely|better)|do you feel)\b",
    re.IGNORECASE,
)
_PROFESSION = re.compile(
    r"\b(?:therapist|psychotherapist|psychologist|psychiatrist|counsell?or|doctor|physician"
    r"|nurse|pharmacist|dietitian|lawyer|attorney|solicitor|financial advis[eo]r)\b",
    re.IGNORECASE,
)
_BANNED = (
    (_PRESSURE, "presses or makes the person feel guilty"),
    (_FLATTERY, "flatters"),
    (_HUMAN, "claims to be human"),
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Say what is wrong, and where."""

    persona: str
    #: Key of the card: ``lines.greet``, ``follow_ups``, ``knowledge``.
    place: str
    #: ``error`` stands in the way of a release, ``warning`` does not.
    severity: str
    message: str

    def __str__(self) -> str:
        return f"{self.persona}: {self.place}: {self.severity}: {self.message}"


def lint(card: Card) -> tuple[Finding, ...]:
    """Return every finding about a persona, errors first."""
    checks = (_identity, _keys, _lines, _openers, _doubles, _knowledge)
    found = [
        Finding(persona=card.id, place=place, severity=severity, message=message)
        for check in checks
        for place, severity, message in check(card)
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity))


_Found = Iterator[tuple[str, str, str]]


def _identity(card: Card) -> _Found:
    for key in ("tagline", "description", "greeting", "disclaimer"):
        if not getattr(card, key):
            yield key, WARNING, "is empty"
    for key in ("name", "tagline", "description"):
        word = _PROFESSION.search(getattr(card, key))
        if word and key != "description":
            yield key, ERROR, f"a persona is no {word[0]!r}: it may not pose as a professional"
        elif word and "licensed" not in card.disclaimer:
            yield (
                key,
                WARNING,
                f"names a {word[0]!r}: the disclaimer must say 'not licensed'",
            )
    texts = {"greeting": card.greeting, "tagline": card.tagline}
    texts |= {f"opinions.{topic}": view for topic, view in card.opinions.items()}
    for place, text in texts.items():
        yield from _banned(place, text)


def _keys(card: Card) -> _Found:
    severity = WARNING if card.imported else ERROR
    for key in KEYS.values():
        count = len(card.lines.get(key.name, ()))
        place = f"lines.{key.name}"
        if not count:
            yield place, severity, f"has no line of its own ({key.purpose})"
        elif count < key.variants:
            yield place, WARNING, f"has {count} of {key.variants} lines ({key.purpose})"


def _lines(card: Card) -> _Found:
    for name, templates in card.lines.items():
        for template in templates:
            place = f"lines.{name}"
            yield from _text(place, template, LONG if KEYS[name].long else LENGTH)
            yield from _placeholders(place, template, KEYS[name])
            yield from _must(place, template, KEYS[name])


def _text(place: str, template: Template, limit: int) -> _Found:
    text = template.text
    if len(text) > limit:
        yield place, ERROR, f"has {len(text)} characters, at most {limit}: {text[:60]!r}"
    if limit == LENGTH and (count := _sentences(text)) > SENTENCES:
        yield place, ERROR, f"has {count} sentences, at most {SENTENCES}: {text[:60]!r}"
    if text.count("!") > 1:
        yield place, WARNING, f"shouts: {text[:60]!r}"
    if len(template.buttons) > BUTTONS:
        yield (
            place,
            WARNING,
            f"has {len(template.buttons)} buttons; WhatsApp shows {BUTTONS}, then a list",
        )
    yield from _banned(place, text)


def _sentences(text: str) -> int:
    return len(_SENTENCE.findall(text if text[-1:] in ".!?…" else f"{text}."))


def _banned(place: str, text: str) -> _Found:
    for pattern, what in _BANNED:
        phrase = pattern.search(text)
        if phrase:
            yield place, ERROR, f"{what}: {phrase[0]!r} in {text[:60]!r}"


def _placeholders(place: str, template: Template, key: ResponseKey) -> _Found:
    own = {need.kind for need in template.needs} | {"name"}
    own |= MEMORY if template.needs else frozenset()
    for name in sorted(template.placeholders - key.placeholders - own):
        yield place, ERROR, f"nothing fills {{{name}}} here: {template.text[:60]!r}"


def _must(place: str, template: Template, key: ResponseKey) -> _Found:
    text = template.text.casefold()
    for words in key.must:
        if not any(_holds(text, word) for word in words):
            severity = ERROR if key.name in SERIOUS or key.name == "bot_challenge" else WARNING
            yield place, severity, f"says none of {', '.join(words)}: {template.text[:60]!r}"


def _holds(text: str, word: str) -> bool:
    if not word[0].isalnum():
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}", text) is not None and (
        len(word) > 2 or re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
    )


def _openers(card: Card) -> _Found:
    place = "follow_ups"
    held = Counter(opener.needs[0].kind if opener.needs else "" for opener in card.follow_ups)
    for kind in ("", *OPENER_KINDS):
        if held[kind] < OPENERS and not card.imported:
            what = f"memory of kind {kind}" if kind else "no memory"
            yield place, WARNING, f"{held[kind]} of {OPENERS} openers for {what}"
    for opener in card.follow_ups:
        yield from _opener(place, opener)


def _opener(place: str, opener: Template) -> _Found:
    yield from _text(place, opener, LENGTH)
    for need in opener.needs:
        if need.kind not in OPENER_KINDS:
            yield place, ERROR, f"a follow-up may not rest on {need.kind!r}: {opener.text[:60]!r}"
    if _EMOTION.search(opener.text):
        yield place, ERROR, f"asks about feelings without being asked: {opener.text[:60]!r}"
    needs = {need.kind for need in opener.needs}
    known = needs | {"value", "topic", "when", "name"} if needs else needs
    for name in sorted(opener.placeholders - known):
        yield place, ERROR, f"nothing fills {{{name}}} here: {opener.text[:60]!r}"
    if "name" in opener.placeholders and "name" not in needs:
        yield place, ERROR, f"uses {{name}} without needing it: {opener.text[:60]!r}"


def _doubles(card: Card) -> _Found:
    for name, templates in {**card.lines, "follow_up": card.follow_ups}.items():
        for text in _repeated(template.text for template in templates):
            yield f"lines.{name}", ERROR, f"stands twice: {text[:60]!r}"


def _repeated(texts: Iterable[str]) -> list[str]:
    return [text for text, count in Counter(texts).items() if count > 1]


def _knowledge(card: Card) -> _Found:
    try:
        load_knowledge(card)
    except ConfigurationError as error:
        yield "knowledge", ERROR, str(error)
