"""The record every plan and every decision leaves: JSON-able, complete, the same for yes and no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from overture.policy.durations import format_duration
from overture.policy.facts import Facts
from overture.policy.intervals import DAWN, FOREVER
from overture.policy.quiet import QuietHours
from overture.policy.rules import Verdict


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What planning and deciding have in common. `reasons` is empty for a yes."""

    #: The outcome's word in records.
    word: ClassVar[str]

    facts: Facts
    #: The instant it was computed for, in UTC.
    at: datetime
    policy_version: str
    verdicts: tuple[Verdict, ...]
    reasons: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """Return everything that led to this outcome as JSON-able data.

        Times are RFC 3339 in UTC, durations as in `policy.yml`. `moment` is the due time of a
        plan and the end of a wait, else null. A verdict's `opens` and `closes` tell when it
        next allows contact from `at` on, and until when; null means never, or without end.
        """
        return {
            "outcome": self.word,
            "conversation": self.facts.conversation,
            "kind": self.facts.kind,
            "cycle": self.facts.cycle,
            "at": write(self.at),
            "moment": write(self.moment()),
            "reasons": list(self.reasons),
            "policy_version": self.policy_version,
            "verdicts": [_verdict(verdict, self.at) for verdict in self.verdicts],
        }

    def moment(self) -> datetime | None:
        """Return the instant this outcome names, if it names one."""
        return None


def _verdict(verdict: Verdict, at: datetime) -> dict[str, Any]:
    opens, closes = verdict.allowed.next_span(at) or (None, None)
    return {
        "rule": verdict.rule,
        "reason": verdict.reason,
        "allows": opens is not None and opens <= at,
        "opens": write(opens),
        "closes": write(closes),
        "evidence": {name: write(value) for name, value in verdict.evidence.items()},
    }


def write(value: Any) -> Any:
    """Turn a value of the policy package into what JSON can hold."""
    writer = _WRITERS.get(type(value))
    return value if writer is None else writer(value)


def _instant(instant: datetime) -> str | None:
    if instant in (DAWN, FOREVER):
        return None
    return instant.isoformat().replace("+00:00", "Z")


_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    datetime: _instant,
    timedelta: format_duration,
    QuietHours: str,
    date: str,
    tuple: lambda items: [write(item) for item in items],
    dict: lambda members: {str(name): write(item) for name, item in members.items()},
}
