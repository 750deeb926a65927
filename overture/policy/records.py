"""The record every plan and every decision leaves: JSON-able, complete, the same for yes and no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, ClassVar

from overture.policy.durations import format_duration
from overture.policy.facts import Facts
from overture.policy.intervals import ALWAYS, DAWN, FOREVER, Intervals
from overture.policy.limits import Policy
from overture.policy.quiet import QuietHours
from overture.policy.rules import RULES, Verdict, verdicts

_NONE = timedelta(0)


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
        verdicts = [_verdict(verdict, self.at) for verdict in self.verdicts]
        return _written(self._head()) | {"verdicts": verdicts}

    def _head(self) -> dict[str, Any]:
        return {
            "outcome": self.word,
            "conversation": self.facts.conversation,
            "kind": self.facts.kind,
            "cycle": self.facts.cycle,
            "at": self.at,
            "moment": self.moment(),
            "reasons": self.reasons,
            "policy_version": self.policy_version,
        }

    def to_row(self) -> dict[str, Any]:
        """Return the same record as it is kept: without what every record would repeat.

        Whoever keeps it writes the instants and durations in it as ``write`` does. ``read`` gives
        back what ``to_record`` returns.
        """
        usual = _unremarkable()
        clear: list[str] = []
        told: dict[str, Any] = {}
        for rule, reason, allowed, evidence in self.verdicts:
            if allowed is ALWAYS and rule in usual and evidence == usual[rule]:
                clear.append(rule)
            else:
                told[rule] = (reason, *_state(allowed, self.at), evidence)
        return self._head() | {"clear": " ".join(clear), "verdicts": told}

    def moment(self) -> datetime | None:
        """Return the instant this outcome names, if it names one."""
        return None


def _verdict(verdict: Verdict, at: datetime) -> dict[str, Any]:
    allows, opens, closes = _state(verdict.allowed, at)
    return {
        "rule": verdict.rule,
        "reason": verdict.reason,
        "allows": allows,
        "opens": write(opens),
        "closes": write(closes),
        "evidence": _written(verdict.evidence),
    }


def _state(allowed: Intervals, at: datetime) -> tuple[bool, datetime | None, datetime | None]:
    """Return whether contact is allowed at an instant, and when it next is, from and until."""
    span = allowed.next_span(at)
    if span is None:
        return False, None, None
    start, end = span
    return start <= at, _bound(start), _bound(end)


def _bound(instant: datetime) -> datetime | None:
    """Return an end of a span, None for that of all time."""
    return None if instant in (DAWN, FOREVER) else instant


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: write(value) for name, value in values.items()}


def read(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole record of an outcome from what ``to_row`` kept.

    A record that was kept whole, or that is none of an outcome, is returned as it is.
    """
    kept = row.get("verdicts")
    if not isinstance(kept, Mapping):
        return dict(row)
    usual = _clear()
    found = {name: _verdict(usual[name], DAWN) for name in row["clear"].split() if name in usual}
    for rule, (reason, allows, opens, closes, evidence) in kept.items():
        found[rule] = {
            "rule": rule,
            "reason": reason,
            "allows": allows,
            "opens": opens,
            "closes": closes,
            "evidence": evidence,
        }
    whole = {name: value for name, value in row.items() if name != "clear"}
    names = [rule.__name__ for rule in RULES]
    ours = [found.pop(name) for name in names if name in found]
    return whole | {"verdicts": [*ours, *found.values()]}  # those of rules that are gone come last


@lru_cache(maxsize=1)
def _clear() -> Mapping[str, Verdict]:
    """Return what rules say of a person of whom nothing is known that speaks against contact."""
    nobody = Facts(
        conversation="",
        channel="",
        cycle=0,
        window_opened_at=DAWN,
        messages_in_window=0,
        last_message_at=DAWN,
        last_user_action_at=DAWN,
    )
    unlimited = Policy(quiet_hours=None, min_gap=_NONE, max_per_window=None, enabled=True)
    found = verdicts(nobody, unlimited, (DAWN, FOREVER))
    return {verdict.rule: verdict for verdict in found if verdict.allowed is ALWAYS}


@cache
def _unremarkable() -> Mapping[str, Mapping[str, Any]]:
    """Return the evidence of the verdicts that records need not spell out."""
    return {rule: verdict.evidence for rule, verdict in _clear().items()}


def write(value: Any) -> Any:
    """Turn a value of the policy package into what JSON can hold."""
    writer = _WRITERS.get(type(value))
    return value if writer is None else writer(value)


def _instant(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    datetime: _instant,
    timedelta: format_duration,
    QuietHours: str,
    date: str,
    tuple: lambda items: [write(item) for item in items],
    dict: lambda members: {str(name): write(item) for name, item in members.items()},
}
