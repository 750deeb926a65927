"""Signs in a message that an ordinary word is meant as a title: quotes, capitals, cue words."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cached_property

from overture.personas.knowledge.folding import fold
from overture.personas.knowledge.words import SMALL
from overture.personas.phrasing import word_set

#: Words that announce a title whatever the catalogue is about.
_ANNOUNCE = frozenset({"called", "titled", "named"})
_BETWEEN = frozenset({"the", "of", "from", "to", "for", "is", "was", "like", "a"})
_FILLER = word_set(
    "yes yeah yep ok okay hmm um maybe probably definitely the a favorite favourite my is its "
    "please and n called film movie"
)
_HINT = frozenset({"that", "like", "love", "loved", "liked", "favorite", "favourite"})
#: Words after which a phrase of ordinary words is a title.
_PHRASED = _HINT | word_set(
    "finish finished start started read reading watch watched watching rewatch rewatched see saw "
    "seen hate hated adore enjoyed prefer about than wrote directed made played catch caught"
)
#: Words that ask after one more title.
_AND = re.compile(r"\W*(?:ok |and |so |hm+ )*(?:and|what about|how about)\b", re.IGNORECASE)
#: What follows a title that begins a message.
_SAYS = frozenset({"is", "was", "has", "had"})
_QUOTES = "\"'“”‘’«»*_"
_SENTENCE_END = re.compile(r"[.!?:;\n]\s*[\"'“‘]?$")


class Evidence:
    """Answer whether the words at a place of a message stand for a title."""

    def __init__(
        self,
        text: str,
        found: Sequence[re.Match[str]],
        cues: Collection[str],
        *,
        answering: bool = False,
    ) -> None:
        self._text = text
        self._answering = answering
        self._found = found
        self._words = [fold(token[0]) for token in found]
        self._cues = frozenset(cues) | _ANNOUNCE

    @cached_property
    def cue_anywhere(self) -> bool:
        """Say whether any word of the message belongs to the catalogue's subject."""
        return any(word in self._cues for word in self._words)

    def meant(self, first: int, last: int) -> bool:
        """Say whether an ordinary word or phrase is clearly a title here."""
        return (
            self.answer(first, last)
            or self._quoted(first, last)
            or self._capital(first, last)
            or self._beside_cue(first, last)
        )

    def phrase(self, first: int, last: int) -> bool:
        """Say whether several ordinary words that make a title are said as one."""
        at = first - 1
        while at > 0 and self._words[at] in {"the", "a", "an"}:
            at -= 1
        after = self._words[last + 1] if last + 1 < len(self._words) else ""
        begins = first == 0 and after in _SAYS
        told = at >= 0 and self._words[at] in _PHRASED
        return told or begins or self.meant(first, last)

    def hinted(self, first: int, last: int) -> bool:
        """Say whether a telling part of a title may stand for it here."""
        before = self._words[first - 1] if first else ""
        return before in _HINT or self.cue_anywhere or self.alone(first, last)

    def named(self, first: int, last: int) -> bool:
        """Say whether a name that is also a word means the maker here."""
        before = self._words[first - 1] if first else ""
        return before == "by" or self.cue_anywhere or self.answer(first, last)

    def answer(self, first: int, last: int) -> bool:
        """Say whether a title or name is all that was answered to a question for one."""
        if self._answering and self.alone(first, last):
            return True
        lead = _AND.match(self._text)
        at_end = last == len(self._found) - 1 and not self._small(first, last)
        return lead is not None and at_end and lead.end() <= self._found[first].start()

    def alone(self, first: int, last: int) -> bool:
        """Say whether the message holds nothing else that matters."""
        others = self._words[:first] + self._words[last + 1 :]
        return all(word in _FILLER for word in others)

    def _quoted(self, first: int, last: int) -> bool:
        start, end = self._found[first].start(), self._found[last].end()
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        return bool(before and after) and before in _QUOTES and after in _QUOTES

    def _capital(self, first: int, last: int) -> bool:
        start = self._found[first].start()
        lead = self._text[:start]
        if not lead.strip() or _SENTENCE_END.search(lead) or not self._mixed_case:
            return False
        first_is_capital = self._found[first][0][0].isupper()
        return first_is_capital and all(self._is_capital(at) for at in range(first, last + 1))

    def _is_capital(self, at: int) -> bool:
        word = self._found[at][0]
        return word[0].isupper() or self._words[at] in SMALL

    @cached_property
    def _mixed_case(self) -> bool:
        starts = [token[0][0] for token in self._found if token[0] != "I"]
        return any(sign.islower() for sign in starts)

    def _beside_cue(self, first: int, last: int) -> bool:
        cues = _ANNOUNCE if self._small(first, last) else self._cues
        before = first - 1
        while before >= 0 and self._words[before] in _BETWEEN:
            before -= 1
        after = self._words[last + 1] if last + 1 < len(self._words) else ""
        return (before >= 0 and self._words[before] in cues) or after in self._cues

    def _small(self, first: int, last: int) -> bool:
        return all(word in SMALL for word in self._words[first : last + 1])
