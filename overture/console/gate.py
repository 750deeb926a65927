"""The gate's answers as a reviewer reads them: every rule in words, decisions in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from overture.console import wording
from overture.console.times import spoken
from overture.policy.explanation import OUTCOMES, REFUSALS
from overture.store.records import DecisionRow


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """Hold what one rule says."""

    rule: str
    title: str
    allows: bool
    #: Whether it is among the reasons of the whole answer.
    decides: bool
    words: str
    #: When its answer changes by itself.
    until: datetime | None
    #: Every value it has read.
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Hold one answer of the gate in words."""

    #: ``send``, ``wait``, ``cease``, ``planned`` or ``not_planned``.
    outcome: str
    words: str
    reasons: tuple[str, ...]
    rules: tuple[RuleLine, ...]
    policy_version: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """Hold one entry of a conversation's record of decisions."""

    at: datetime
    outcome: str
    title: str
    #: The instant a plan or a wait names.
    moment: datetime | None
    reasons: tuple[str, ...]
    words: tuple[str, ...]
    #: How many equal entries in a row it stands for.
    times: int = 1


def answer(record: Mapping[str, Any]) -> Answer:
    """Read a record of the gate."""
    moment = instant(record.get("moment"))
    return Answer(
        outcome=record["outcome"],
        words=OUTCOMES[record["outcome"]].format(moment=spoken(moment) if moment else "never"),
        reasons=tuple(record["reasons"]),
        rules=tuple(_rule(verdict, record) for verdict in record["verdicts"]),
        policy_version=record["policy_version"],
    )


def _rule(verdict: Mapping[str, Any], record: Mapping[str, Any]) -> RuleLine:
    rule, allows = verdict["rule"], verdict["allows"]
    title, passing = wording.RULES.get(rule, (rule.replace("_", " "), "allows it"))
    evidence = {name: _in_words(name, value) for name, value in verdict["evidence"].items()}
    decisive, without = wording.WITHOUT.get(rule, ("", ""))
    if decisive and verdict["evidence"].get(decisive) is None:
        passing = without
    sentence = passing if allows else REFUSALS.get(rule, "does not allow it")
    return RuleLine(
        rule=rule,
        title=title,
        allows=allows,
        decides=verdict["reason"] in record["reasons"] and not allows,
        words=sentence.format(**evidence),
        until=instant(verdict["closes"] if allows else verdict["opens"]),
        evidence=tuple(evidence.items()),
    )


def steps(decisions: Iterable[DecisionRow]) -> list[Step]:
    """Read decisions, newest first; equal plans in a row become one entry."""
    told: list[Step] = []
    for row in decisions:
        step = _step(row)
        last = told[-1] if told else None
        if last is not None and _same(last, step):
            told[-1] = replace(last, times=last.times + 1)
        else:
            told.append(step)
    return told


def _step(row: DecisionRow) -> Step:
    return Step(
        at=row.at,
        outcome=row.outcome,
        title=wording.OUTCOMES.get(row.outcome, row.outcome),
        moment=instant(row.record.get("moment")),
        reasons=row.reasons,
        words=tuple(_refusals(row)),
    )


def _refusals(row: DecisionRow) -> list[str]:
    if "because" in row.record:
        return [str(row.record["because"])]
    if not row.reasons or "verdicts" not in row.record:
        return []
    return [line.words for line in answer(row.record).rules if line.decides]


def _same(one: Step, other: Step) -> bool:
    return one.outcome == other.outcome == "planned" or (
        one.outcome == other.outcome == "wait" and one.reasons == other.reasons
    )


def instant(text: str | None) -> datetime | None:
    """Read an instant of a record."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def _in_words(name: str, value: Any) -> str:
    if name == "channel":
        return wording.channel(value)
    return str(value).replace("_", " ") if name == "kind" else value_in_words(value)


def value_in_words(value: Any) -> str:
    """Return a value of the evidence as words."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    try:
        at = instant(value) if isinstance(value, str) and value.endswith("Z") else None
    except ValueError:
        at = None
    return spoken(at) if at else str(value)
