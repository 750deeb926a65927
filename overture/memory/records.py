"""The records of memory: what was read in a message, before it is stored anywhere."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "name",
    "age",
    "birthday",
    "location",
    "occupation",
    "relationship",
    "likes",
    "dislikes",
    "favorite",
    "plan",
    "event",
    "health",
    "other",
)


@dataclass(frozen=True, kw_only=True)
class ExtractedFact:
    """Hold one fact that a person stated about themselves in one message."""

    #: one of ``KINDS``
    kind: str
    #: in the person's own words, cleaned
    value: str
    #: film, composer, genre, music, food, book, person, place ... or None
    topic: str | None = None
    #: ISO 8601: a date when only the day is known, else a local time with its offset
    when: str | None = None
    #: the last ISO date on which ``when`` may still lie ahead ("next week" is a week long)
    until: str | None = None
    #: never used in a message the person did not ask for
    sensitive: bool = False
    #: first and past-the-last character of the value in the text
    span: tuple[int, int]
    #: whether the person put right something said before ("actually it's Sam")
    corrects: bool = False
    #: 0 to 1: how plainly it was said
    confidence: float = 0.9

    def __post_init__(self) -> None:
        """Refuse an unknown kind, an empty value and an impossible span."""
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind!r} is none of {', '.join(KINDS)}")
        if not self.value.strip():
            raise ValueError(f"a {self.kind} needs a value, not {self.value!r}")
        if not 0 <= self.span[0] <= self.span[1]:
            raise ValueError(f"span {self.span!r} does not lie in a text")
