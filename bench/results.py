"""What a benchmark finds: rows of repeated measurements, counts, and goals kept or missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

#: ``ours``; ``raw``: the limit of the machine for this work; ``peer``; ``other``: for context.
Role = Literal["ours", "raw", "peer", "other"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """Hold one contender's repeated measurements; none at all if it could not run."""

    name: str
    role: Role
    values: tuple[float, ...] = ()
    #: What was seen besides: the number of errors, the reason of a skip.
    note: str = ""

    @property
    def median(self) -> float | None:
        """Return the middle of the repeats."""
        return median(self.values) if self.values else None


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Say what was aimed at and whether it was reached in this run."""

    words: str
    #: None: it could not be told, for what is missing on this machine.
    met: bool | None
    measured: str


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Compare contenders by one quantity."""

    title: str
    unit: str
    rows: Sequence[Row]
    #: Whether more is better.
    more_is_better: bool = True
    goals: Sequence[Goal] = ()
    #: How it was measured, in a sentence or two.
    how: str = ""

    def row(self, name: str) -> Row:
        """Return a row by its name."""
        return next(row for row in self.rows if row.name == name)

    def raw(self) -> float | None:
        """Return the raw limit's median."""
        return self._best(["raw"])

    def best_peer(self) -> float | None:
        """Return the best median of the peers."""
        return self._best(["peer"])

    def _best(self, roles: Sequence[Role]) -> float | None:
        found = [row.median for row in self.rows if row.role in roles and row.median is not None]
        if not found:
            return None
        return max(found) if self.more_is_better else min(found)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Compare contenders by what became of something: lost, doubled, stuck."""

    title: str
    columns: Sequence[str]
    rows: Mapping[str, Sequence[Any]]
    goals: Sequence[Goal] = ()
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Show how something grows."""

    title: str
    x: str
    y: str
    lines: Mapping[str, Sequence[tuple[float, float]]]
    log_x: bool = True


Finding = Measured | Counted | Curve


@dataclass(frozen=True, kw_only=True)
class Report:
    """Hold all that one benchmark has found."""

    name: str
    findings: Sequence[Finding] = field(default_factory=list)
    seconds: float = 0.0


def at_least(words: str, value: float | None, bound: float | None, unit: str = "") -> Goal:
    """Return the goal that a value reaches a bound."""
    return _goal(words, value, bound, unit, lambda one, other: one >= other)


def at_most(words: str, value: float | None, bound: float | None, unit: str = "") -> Goal:
    """Return the goal that a value stays below a bound."""
    return _goal(words, value, bound, unit, lambda one, other: one <= other)


def ratio(one: float | None, other: float | None) -> float | None:
    """Return a quotient where both are known."""
    return None if one is None or not other else one / other


def number(value: float | None) -> str:
    """Return a number with three digits that count."""
    if value is None:
        return "-"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _goal(
    words: str,
    value: float | None,
    bound: float | None,
    unit: str,
    holds: Callable[[float, float], bool],
) -> Goal:
    if value is None or bound is None:
        return Goal(words=words, met=None, measured="not measured here")
    return Goal(words=words, met=holds(value, bound), measured=f"{number(value)} {unit}".strip())
