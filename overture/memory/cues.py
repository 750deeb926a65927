"""A trigger where it stands: its sentence, its clause, and the words that follow it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from overture.memory.dates import Moment
from overture.memory.language import Trigger
from overture.memory.messages import Message, Phrase
from overture.memory.vocabulary import spelled

#: Words that end a value wherever they stand after its first word.
STOPS = spelled(
    "but because cause so when while since although though if which who where lol lmao haha hahaha "
    "hehe btw tho too also anymore please thx thanks atm nowadays especially except unless after "
    "before until just really honestly actually always is are was were am has i we you he she they "
    "it its u my your his our that then maybe probably what how why do does did can ca could would "
    "should will wo ever even tbh imo imho ngl fr ok okay right yet now yeah yes "
    "no not n't wbu hbu "
    "anyway today haha xd rn yall plus as :) :( 'm 're 've 'd 'll cuz"
)
_JOINERS = frozenset(("and", "or", "&", "n", "nor", "und", "et", "y", "e"))
_SUBJECTS = spelled(
    "i we he she they my it you the this that im he's she's have want am need would could"
)


@dataclass(frozen=True)
class Cue:
    """Hold a trigger within its message."""

    message: Message
    trigger: Trigger

    @cached_property
    def sentence(self) -> tuple[int, int]:
        """Return the tokens of the sentence around the trigger."""
        for start, end in self.message.bounds:
            if start <= self.trigger.start < end:
                return start, end
        return 0, len(self.message.doc)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return the normal forms of the trigger's own tokens."""
        span = self.message.doc[self.trigger.start : self.trigger.end]
        return tuple(token.norm_.lower() for token in span)

    @cached_property
    def before(self) -> str:
        """Return the sentence up to the trigger, in normal forms, lower case."""
        span = self.message.doc[self.sentence[0] : self.trigger.start]
        return " ".join(token.norm_.lower() for token in span)

    @cached_property
    def after(self) -> str:
        """Return the rest of the sentence, in normal forms, lower case."""
        span = self.message.doc[self.trigger.end : self.sentence[1]]
        return " ".join(token.norm_.lower() for token in span)

    @property
    def whole(self) -> str:
        """Return the sentence in normal forms, lower case."""
        return f"{self.before} {' '.join(self.words)} {self.after}"

    @cached_property
    def starts_clause(self) -> bool:
        """Tell whether nothing but a joining word stands before the trigger in its clause."""
        last = self.before.rstrip(" ").split(" ")[-1]
        if last and self._follows_time():
            return True
        openers = (
            "",
            ",",
            "and",
            "but",
            "so",
            "yeah",
            "yes",
            "no",
            "well",
            "lol",
            "haha",
            "ok",
            "-",
        )
        return last in (
            *openers,
            "oh",
            "hi",
            "hey",
            "also",
            "btw",
            "because",
            "actually",
            "hmm",
            "(",
        )

    def _follows_time(self) -> bool:
        """Tell whether only moments stand before the trigger ("tomorrow flying to Rome")."""
        first, at = self.sentence[0], self.trigger.start - 1
        return self.is_time(at) and all(self.is_time(one) for one in range(first, at))

    @cached_property
    def times(self) -> tuple[Moment, ...]:
        """Return the moments named in the sentence, their spans in the whole text."""
        return self.message.times(self.sentence)

    def is_time(self, at: int) -> bool:
        """Tell whether a token belongs to a moment in time."""
        place = self.message.doc[at].idx
        return any(moment.span[0] <= place < moment.span[1] for moment in self.times)

    def value(self, *, limit: int = 8, stops: Collection[str] = STOPS, at: int = 0) -> Phrase:
        """Return the words after the trigger up to a stop, a mark or a moment in time."""
        start, end = self._reach(self.trigger.end + at, limit, stops)
        return self._phrase(start, end)

    def values(self, *, limit: int = 8, stops: Collection[str] = STOPS) -> Iterator[Phrase]:
        """Yield each item of a list ("horror, jazz and old westerns")."""
        start = self.trigger.end
        while start < self.sentence[1]:
            stop, end = self._item(start, limit, stops)
            if end > stop:
                yield self._phrase(stop, end)
            if not self._goes_on(end):
                return
            start = end + 1
            while start < self.sentence[1] and self._norm(start) in ("and", "or", "&", ","):
                start += 1

    def _item(self, start: int, limit: int, stops: Collection[str]) -> tuple[int, int]:
        start, end = self._reach(start, limit, stops)
        for at in range(start + 1, end):
            if self._norm(at) in _JOINERS and not self._belongs_together(start, at, end):
                return start, at
        return start, end

    def _goes_on(self, at: int) -> bool:
        """Tell whether a comma or "and" at a token is followed by another item."""
        if at + 1 >= self.sentence[1] or self._norm(at) not in (",", "and", "or", "&", "n", "nor"):
            return False
        follower = self._norm(at + 1)
        if follower in ("and", "or") and at + 2 < self.sentence[1]:
            follower = self._norm(at + 2)
        return follower not in _SUBJECTS and follower not in STOPS and follower not in _FILLERS

    def _belongs_together(self, start: int, at: int, end: int) -> bool:
        """Tell whether "and" is part of a name: both sides capitalised, or a known pair."""
        left, right = self.message.doc[at - 1], self.message.doc[min(at + 1, end - 1)]
        pair = f"{left.lower_} {right.lower_}"
        return pair in _PAIRS

    def _reach(self, start: int, limit: int, stops: Collection[str]) -> tuple[int, int]:
        at = start
        while at < self.sentence[1] and at - start < limit:
            if self._breaks(at, start, stops):
                break
            at += 1
        return start, at

    def _breaks(self, at: int, start: int, stops: Collection[str]) -> bool:
        token = self.message.doc[at]
        if any(moment.span[0] <= token.idx < moment.span[1] for moment in self.times):
            return True
        if token.is_punct or token.text in "+=<>|~^":
            return not self._inside_word(at)
        if not token.text[0].isalnum() and ord(token.text[0]) > 0x2000:
            return True
        if token.norm_ in ("and", "or", "&") and self._norm(at + 1) in _SUBJECTS:
            return True
        return at > start and token.norm_.lower() in stops

    def _inside_word(self, at: int) -> bool:
        """Tell whether a mark joins two words without a space, as in sci-fi, or opens a quote."""
        doc = self.message.doc
        token = doc[at]
        if token.is_quote or token.text in ("(", "'", "\u2019"):
            return True
        glued = at > 0 and not doc[at - 1].whitespace_ and not token.whitespace_
        return glued and token.text in ("-", "/", "&", "\u2013", "'", ".", ":", "\u2019", "*")

    def _norm(self, at: int) -> str:
        return str(self.message.doc[at].norm_).lower() if at < len(self.message.doc) else ""

    def _phrase(self, start: int, end: int) -> Phrase:
        doc = self.message.doc
        if end <= start:
            here = doc[start].idx if start < len(doc) else len(self.message.text)
            return Phrase(text="", span=(here, here))
        last = doc[end - 1]
        return self.message.phrase(doc[start].idx, last.idx + len(last.text))

    def preceding(self, *, limit: int = 6) -> Phrase:
        """Return the words just before the trigger, back to a mark or the sentence start."""
        at = self.trigger.start
        while at > self.sentence[0] and self.trigger.start - at < limit:
            token = self.message.doc[at - 1]
            if (token.is_punct and not self._inside_word(at - 1)) or token.norm_ in _LEADS:
                break
            at -= 1
        return self._phrase(at, self.trigger.start)


_FILLERS = spelled("stuff things everything etc such all then thanks lol haha")
_LEADS = spelled("but because so and well yeah that think guess say because i'd honestly")
_PAIRS = frozenset(
    (
        "pride prejudice",
        "fast furious",
        "mac cheese",
        "rock roll",
        "tom jerry",
        "guns roses",
        "r b",
        "drum bass",
        "fish chips",
        "crime punishment",
        "sense sensibility",
        "war peace",
        "dungeons dragons",
        "beauty beast",
        "lady tramp",
        "rick morty",
        "thelma louise",
        "bonnie clyde",
        "harold maude",
        "law order",
        "salt vinegar",
        "black white",
        "simon garfunkel",
        "florence machine",
        "trinidad tobago",
        "bosnia herzegovina",
        "wallace gromit",
        "lilo stitch",
        "romeo juliet",
        "butch sundance",
        "husbands wives",
        "hansel gretel",
        "peanut jelly",
        "butter jelly",
        "cookies cream",
    )
)
