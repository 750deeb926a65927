"""Turn a text as people type it into the canonical text that the rules are written over.

Pure: no clock, no network; the spelling tables are read once from this package's data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from overture.safety import rules

_LIMIT = 4000
_HOMOGLYPHS = str.maketrans(
    dict(
        zip(
            "авекмнорстухіјѕԁһɡӏԛԝαορτυνκιεß’‘`´ʼ＇“”„«»",
            "abekmhopctyxijsdhglqwaoptuvkies" + "'" * 6 + '"' * 5,
            strict=True,
        )
    )
)
_EMOJI_WORDS = {
    **dict.fromkeys("\U0001f602\U0001f923\U0001f639", " laughingface "),
    "\U0001f6d1": " stop ",
    "\U0001f515": " stop messages ",
}
_LEET = str.maketrans("013457$@", "oieastsa")
_TOKEN = re.compile(r"[a-z0-9$@*]+(?:'[a-z]+)*|[.!?;:\n]+|,|\"")
_RUN = re.compile(r"(.)\1{2,}")
_SPELLED = re.compile(r"(?<![^\W_])(?:[a-z][ .\-_*]){3,}[a-z](?![^\W_])")
_DIGIT_FOR_TO = re.compile(
    r"\b(want|need|going|have|like|trying|ready|how|love|try|used) 2 (?=[a-z])"
)
_YEARS_OLD = re.compile(r"\b(\d{1,2})[ -]?(?:y ?[/.]? ?o|yrs?[ -]?old)\b")
_BREAK = re.compile(r"[.!?;:\n]")
_CORRECTED = 4


def sentences(text: str) -> tuple[str, ...]:
    """Return the canonical sentences of a text: words and commas joined by single spaces."""
    found: list[str] = []
    words: list[str] = []
    for token in _tokens(plain(text)):
        if _BREAK.match(token):
            found.append(" ".join(words))
            words = []
        else:
            words.extend(_canonical(token, words))
    found.append(" ".join(words))
    said = (_rejoined(sentence).strip(" ,") for sentence in found)
    return tuple(sentence for sentence in said if sentence)


def _rejoined(sentence: str) -> str:
    """Mend what shows only between words: "want 2 go", "my self", "ill be"."""
    text = _DIGIT_FOR_TO.sub(r"\1 to ", sentence)
    for written, meant in rules.mapping("pairs").items():
        if written in text:
            text = re.sub(rf"\b{written}\b", meant, text)
    return text


def plain(text: str) -> str:
    """Fold case, accents, width, look-alike letters and invisible characters away."""
    for emoji, word in _EMOJI_WORDS.items():
        text = text.replace(emoji, word)
    folded = unicodedata.normalize("NFKC", text[:_LIMIT]).casefold().translate(_HOMOGLYPHS)
    decomposed = unicodedata.normalize("NFD", folded)
    kept = (char for char in decomposed if unicodedata.category(char) not in ("Mn", "Cf"))
    return _joined_letters(_YEARS_OLD.sub(r"\1 years old", "".join(kept)))


def _joined_letters(text: str) -> str:
    """Write ``s t o p`` and ``s.t.o.p`` as one word, when that is a word the rules know."""

    def join(match: re.Match[str]) -> str:
        word = re.sub(r"[^a-z]", "", match.group())
        return word if word in rules.vocabulary() else match.group()

    return _SPELLED.sub(join, text)


def _tokens(text: str) -> Iterable[str]:
    return (found for found in _TOKEN.findall(text.replace("/", " ")) if found != '"')


def _canonical(written: str, before: list[str]) -> list[str]:
    if written == ",":
        return [","] if before else []
    spelled = rules.mapping("spelling")
    word = spelled.get(written) or spelled.get(written.replace("'", ""))
    return (word or _without_suffix(_mended(written))).split()


def _without_suffix(word: str) -> str:
    """Drop apostrophes; a possessive or verbal ``'s`` goes with its apostrophe."""
    return rules.mapping("spelling").get(word.replace("'", ""), word.replace("'", ""))


@lru_cache(maxsize=20_000)
def _mended(word: str) -> str:
    known = rules.vocabulary()
    if word in known or word in rules.mapping("spelling"):
        return word
    for candidate in (*_shortened(word), _unmasked(word)):
        if candidate in known or candidate in rules.mapping("spelling"):
            return candidate
    return _corrected(word)


def _shortened(word: str) -> tuple[str, ...]:
    """Undo lengthening (``stooop``, ``stopp``) and digits for letters (``st0p``)."""
    twice, once = _RUN.sub(r"\1\1", word), _RUN.sub(r"\1", word)
    tries = [twice, once]
    if len(word) > 3 and word[-1] == word[-2]:
        tries.append(once.rstrip(word[-1]) + word[-1])
    if not word.isalpha() and re.search(r"[a-z]", word):
        tries.append(once.translate(_LEET))
    return tuple(tries)


def _unmasked(word: str) -> str:
    """Read a word with starred letters (``su*cide``) as the only known word that fits."""
    if "*" not in word or len(word) < 4 or not word[0].isalpha():
        return word
    shape = re.compile(re.sub(r"\*+", r"[a-z]{1,3}", word))
    fits = sorted(known for known in rules.listing("guarded") if shape.fullmatch(known))
    return fits[0] if fits else word


def _corrected(word: str) -> str:
    """Mend one slip of the finger in a long word the rules turn on."""
    if len(word) < _CORRECTED or not word.isalpha() or word in rules.listing("lookalikes"):
        return word
    table = _deletions()
    hits = {target for key in _deleted(word) for target in table.get(key, ())}
    close = sorted(target for target in hits if _one_slip(word, target))
    return close[0] if close else word


def _one_slip(word: str, target: str) -> bool:
    """Tell whether one insertion, deletion, replacement or swap separates two words."""
    if abs(len(word) - len(target)) > 1 or word[0] != target[0]:
        return False
    if len(word) != len(target):
        return True
    differing = [at for at in range(len(word)) if word[at] != target[at]]
    if len(differing) == 1:
        return True
    return len(differing) == 2 and (
        word[differing[0]] == target[differing[1]] and word[differing[1]] == target[differing[0]]
    )


def _deleted(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


@lru_cache(maxsize=1)
def _deletions() -> dict[str, tuple[str, ...]]:
    """Index the guarded words by themselves less one letter, for look-up in constant time."""
    table: dict[str, tuple[str, ...]] = {}
    for target in rules.listing("guarded"):
        for key in _deleted(target):
            table[key] = (*table.get(key, ()), target)
    return table
