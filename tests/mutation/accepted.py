"""Read `accepted.txt`: changes that no test notices and that are no fault, with their reasons."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

ACCEPTED = Path(__file__).with_name("accepted.txt")


class Change(NamedTuple):
    """What a change is known by: never by the number of its line, which moves with every edit."""

    #: Module, class and function: `quiet.QuietHours.covers`.
    place: str
    #: The changed line as it was, and as it is; empty where the change removes it.
    was: str
    becomes: str

    def __str__(self) -> str:
        return f"in {self.place}\n- {self.was}\n+ {self.becomes}".rstrip()


def accepted(text: str) -> dict[Change, str]:
    """Return the accepted changes, each with its reason.

    Raises:
        ValueError: A change has no reason, is named twice, or a line cannot be understood.
    """
    found: dict[Change, str] = {}
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        reason = " ".join(line.strip() for line in lines if line.startswith("    "))
        place = was = ""
        for line in lines:
            sign, _, rest = line.partition(" ")
            if sign == "in":
                place = rest
            elif sign == "-":
                was = rest
            elif sign == "+":
                change = Change(place, was, rest)
                if not (place and was and reason) or change in found:
                    raise ValueError(f"no reason, no place, or named twice:\n{change}")
                found[change] = reason
            elif sign:
                raise ValueError(f"not understood: {line!r}")
    return found
