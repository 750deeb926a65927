"""Read the rule files of this package; compile a rule only when a text could match it.

A rule file holds sections of one regular expression a line, written over the canonical
text that ``normalise`` makes: lower case, no apostrophes, contractions spelled out, a
comma as a word of its own. ``{name}`` stands for a word list of the ``[let]`` section, and
a space also passes over a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from overture.safety import anchors

DATA = Path(__file__).parent / "data"
_WORDS_KEPT = 20_000
_MACRO = re.compile(r"\{([a-z_]+)\}")
_WORD = re.compile(r"[a-z]{2,}")
_LOOKBEHIND = re.compile(r"(\(\?<[!=][^)]*\))")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Hold one line of a section, and the letters of which one must occur for it to match."""

    source: str
    needs: tuple[str, ...]
    whole: bool

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return the compiled rule."""
        return _compiled(self.source, self.whole)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Hold the rules under one heading, in the order written."""

    rules: tuple[Rule, ...] = ()
    _by_word: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    def hits(self, text: str) -> Iterator[re.Match[str]]:
        """Yield every place where a rule of this section matches."""
        for at in self._worth_trying(text):
            yield from self.rules[at].pattern.finditer(text)

    def found(self, text: str) -> bool:
        """Tell whether any rule of this section matches somewhere."""
        return any(True for _ in self.hits(text))

    def _worth_trying(self, text: str) -> list[int]:
        """Return the rules that a word of the text could belong to; no rule is compiled."""
        if not self.rules:
            return []
        return sorted({at for word in text.split(" ") for at in self._touched_by(word)})

    def _touched_by(self, word: str) -> tuple[int, ...]:
        known = self._by_word.get(word)
        if known is None:
            if len(self._by_word) > _WORDS_KEPT:
                self._by_word.clear()
            known = self._by_word[word] = tuple(
                at
                for at, rule in enumerate(self.rules)
                if not rule.needs or any(piece in word for piece in rule.needs)
            )
        return known


@dataclass(frozen=True, kw_only=True)
class RuleFile:
    """Hold the sections of one rule file; a section that is not there is empty."""

    name: str
    sections: Mapping[str, Section] = field(default_factory=dict)

    def section(self, name: str) -> Section:
        """Return a section by its heading."""
        return self.sections.get(name, Section())


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
    found = {key: Section(rules=tuple(value)) for key, value in sections.items()}
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
