"""The rules of contact: pure functions of facts, a policy and a moment; standard library only."""

from __future__ import annotations

from overture.policy.decision import Cease, Decision, Send, Wait, decide
from overture.policy.explanation import explain
from overture.policy.facts import Facts
from overture.policy.intervals import Intervals
from overture.policy.keys import PolicyError
from overture.policy.limits import Policy
from overture.policy.planner import NotPlanned, Plan, Planned, plan
from overture.policy.quiet import QuietHours
from overture.policy.rules import RULES, Verdict, verdicts

__all__ = [
    "RULES",
    "Cease",
    "Decision",
    "Facts",
    "Intervals",
    "NotPlanned",
    "Plan",
    "Planned",
    "Policy",
    "PolicyError",
    "QuietHours",
    "Send",
    "Verdict",
    "Wait",
    "decide",
    "explain",
    "plan",
    "verdicts",
]
