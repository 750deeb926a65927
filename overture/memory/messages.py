"""One message as the readers see it: its tokens, its sentences, its moments. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from overture.memory.dates import Moment
from overture.memory.moments import moments

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ENDS = re.compile(r"[.!?;\u2026\n]+|\.\.+")
_QUOTED = re.compile(
    '"[^"]*"|\u201c[^\u201d]*\u201d|\u00ab[^\u00bb]*\u00bb'
    "|(?<!\\w)['\u2018][^'\u2019]{6,}['\u2019](?!\\w)"
)
_OPENING = re.compile(
    r"^[\s\"'\u201c\u201d\u2018\u2019(\[*_~:,-]+"
    r"|[\s\"'\u201c\u201d\u2018\u2019)\]*_~,:-]+$"
)


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Hold a stretch of the text: its words, cleaned, and where they stand."""

    text: str
    span: tuple[int, int]

    @property
    def lower(self) -> str:
        """Return the words in lower case with plain apostrophes."""
        return self.text.lower().replace("\u2019", "'")


@dataclass(frozen=True)
class Message:
    """Hold one text with what every reading of it needs."""

    text: str
    doc: Doc
    now: datetime
    _times: dict[tuple[int, int], tuple[Moment, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """Return the stretches between quotation marks."""
        return tuple(hit.span() for hit in _QUOTED.finditer(self.text))

    @cached_property
    def bounds(self) -> tuple[tuple[int, int], ...]:
        """Return the first and past-the-last token of every sentence."""
        found: list[tuple[int, int]] = []
        start = 0
        for at, token in enumerate(self.doc):
            if _ENDS.search(token.text) and not token.text[0].isalnum():
                found.append((start, at + 1))
                start = at + 1
        return (*found, (start, len(self.doc)))

    def times(self, sentence: tuple[int, int]) -> tuple[Moment, ...]:
        """Return the moments named in a sentence, read once."""
        if sentence not in self._times:
            self._times[sentence] = self._moments(*sentence)
        return self._times[sentence]

    def _moments(self, start: int, end: int) -> tuple[Moment, ...]:
        doc = self.doc
        offset = doc[start].idx if start < len(doc) else len(self.text)
        stop = doc[end].idx if end < len(doc) else len(self.text)
        found = moments(self.text[offset:stop], self.now)
        return tuple(_shifted(moment, offset) for moment in found)

    def phrase(self, start: int, end: int) -> Phrase:
        """Return the text between two character positions without marks around it."""
        raw = self.text[start:end]
        left = len(raw) - len(_OPENING.sub("", raw, count=1)) if _OPENING.match(raw) else 0
        clean = _OPENING.sub("", raw)
        return Phrase(text=clean, span=(start + left, start + left + len(clean)))


def _shifted(moment: Moment, offset: int) -> Moment:
    return replace(moment, span=(moment.span[0] + offset, moment.span[1] + offset))
