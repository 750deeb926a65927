"""Read the rule files of this package; compile a rule only when a text could match it.

A rule file holds sections of one regular expression a line, written over the canonical
text that ``normalise`` makes: lower case, no apostrophes, contractions spelled out, a
comma as a word of its own. ``{name}`` stands for a word list of the ``[let]`` section, and
a space also passes over a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import count
from pathlib import Path

from overture.safety import anchors

DATA = Path(__file__).parent / "data"
_WORDS_KEPT = 20_000
#: Sentences and clauses of the text at hand: each is tried on many sections.
_TEXTS_KEPT = 64
#: Words longer than any that people write have too many parts to look each of them up.
_LONG = 24
_MACRO = re.compile(r"\{([a-z_]+)\}")
_WORD = re.compile(r"[a-z]{2,}")
_LOOKBEHIND = re.compile(r"(\(\?<[!=][^)]*\))")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Hold one line of a section, and the letters of which one must occur for it to match."""

    source: str
    needs: tuple[str, ...]
    whole: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the compiled rule."""
        return _compiled(self.source, self.whole)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Hold the rules under one heading, in the order written."""

    rules: tuple[Rule, ...] = ()
    #: The rules that must be tried on any text.
    always: tuple[int, ...] = ()
    #: What tells the section from all others; 0 for one without rules.
    number: int = 0

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Section:
        """Return a section whose rules are found by the pieces of text they need."""
        held, number = tuple(rules), next(_numbers)
        for at, rule in enumerate(held):
            for piece in rule.needs:
                _places.setdefault(piece, []).append((number, at))
        _touched_by.cache_clear()
        _candidates.cache_clear()
        always = tuple(at for at, rule in enumerate(held) if not rule.needs)
        return cls(rules=held, always=always, number=number)

    def hits(self, text: str) -> Iterator[re.Match[str]]:
        """Yield every place where a rule of this section matches."""
        for at in self._tried(text):
            yield from self.rules[at].pattern.finditer(text)

    def found(self, text: str) -> bool:
        """Tell whether any rule of this section matches somewhere."""
        tried = self._tried(text)
        return bool(tried) and any(self.rules[at].pattern.search(text) for at in tried)

    def touches(self, text: str) -> bool:
        """Tell whether any rule could match a text, or a part of it that is made of its words."""
        return bool(self.always) or self.number in _candidates(text)

    def _tried(self, text: str) -> Sequence[int]:
        """Return the rules that could match a text, in the order written."""
        touched = _candidates(text).get(self.number)
        return self.always if touched is None else sorted(touched.union(self.always))


#: Every piece of text that a rule needs, with the sections and rules that need it.
_places: dict[str, list[tuple[int, int]]] = {}
_numbers = count(1)


@lru_cache(maxsize=_TEXTS_KEPT)
def _candidates(text: str) -> Mapping[int, set[int]]:
    """Return for each section the rules that a word of a text could belong to."""
    found: dict[int, set[int]] = {}
    for word in text.split(" "):
        for number, rules in _touched_by(word).items():
            if number in found:
                found[number] |= rules
            else:
                found[number] = set(rules)
    return found


@lru_cache(maxsize=_WORDS_KEPT)
def _touched_by(word: str) -> Mapping[int, frozenset[int]]:
    """Return the rules whose pieces are in a word: its parts are looked up, or they in it."""
    if len(word) > _LONG:
        pieces = [piece for piece in _places if piece in word]
    else:
        ends = range(1, len(word) + 1)
        parts = {word[start:end] for end in ends for start in range(end)}
        pieces = [part for part in parts if part in _places]
    found: dict[int, set[int]] = {}
    for number, at in (place for piece in pieces for place in _places[piece]):
        found.setdefault(number, set()).add(at)
    return {number: frozenset(rules) for number, rules in found.items()}


_NO_RULES = Section()


@dataclass(frozen=True, kw_only=True)
class RuleFile:
    """Hold the sections of one rule file; a section that is not there is empty."""

    name: str
    sections: Mapping[str, Section] = field(default_factory=dict)

    def section(self, name: str) -> Section:
        """Return a section by its heading."""
        return self.sections.get(name, _NO_RULES)


@cache
def load(name: str, *, whole: tuple[str, ...] = ("whole", "alone")) -> RuleFile:
    """Read ``data/<name>.rules``; ``common.rules`` lends its word lists to all others.

    Args:
        name: the file, without its ending.
        whole: the sections whose rules must match a text from end to end.
    """
    macros = _macros(name, _macros("common", {}))
    needed = {key: anchors.needs(value, {}) for key, value in macros.items()}
    sections: dict[str, list[Rule]] = {}
    for heading, line in _lines(name):
        if heading != "let":
            rule = Rule(
                source=_expand(line, macros),
                needs=tuple(sorted(anchors.needs(line, needed) or ())),
                whole=heading in whole,
            )
            sections.setdefault(heading, []).append(rule)
    found = {key: Section.of(value) for key, value in sections.items()}
    return RuleFile(name=name, sections=found)


@cache
def mapping(name: str) -> Mapping[str, str]:
    """Read ``data/<name>.map``: one ``written = meant`` a line, several spellings by comma."""
    pairs: dict[str, str] = {}
    for line in _read(f"{name}.map"):
        left, _, right = line.partition("=")
        for written in left.split(","):
            pairs[written.strip()] = right.strip()
    return pairs


@cache
def listing(name: str) -> tuple[str, ...]:
    """Read ``data/<name>.list``: one entry a line."""
    return tuple(_read(f"{name}.list"))


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """Return every word that any rule mentions: what spelling is mended towards."""
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.rules")))
    plain = re.sub(r"\\[a-zA-Z]|#.*", " ", text)
    return frozenset(_WORD.findall(plain)) | frozenset(listing("guarded"))


@cache
def _compiled(source: str, whole: bool) -> re.Pattern[str]:
    parts = _LOOKBEHIND.split(source)
    body = "".join(
        part if _LOOKBEHIND.match(part) else part.replace(" ", "(?: , | )") for part in parts
    )
    return re.compile(rf"\A(?:{body})\Z" if whole else rf"\b(?:{body})(?!\w)")


def _macros(name: str, lent: Mapping[str, str]) -> dict[str, str]:
    known = dict(lent)
    for section, line in _lines(name):
        if section == "let":
            key, _, value = line.partition("=")
            known[key.strip()] = f"(?:{_expand(value.strip(), known)})"
    return known


def _expand(line: str, macros: Mapping[str, str]) -> str:
    return _MACRO.sub(lambda match: macros[match.group(1)], line)


def _lines(name: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in _read(f"{name}.rules"):
        if line.startswith("[") and line.endswith("]") and line[1:-1].isalpha():
            section = line[1:-1]
        else:
            yield section, line


def _read(file: str) -> Iterator[str]:
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        text = line.split("#", 1)[0].strip()
        if text:
            yield text
