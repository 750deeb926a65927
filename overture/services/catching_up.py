"""Look after people who are owed a follow-up while nothing, or nothing good, is planned for them.

A plan is dropped when an operator stops all proactive messages, takes a persona back or tightens
the limits. When that ends, nothing happens to the conversation itself that would plan it anew.
Nor does anything when the limits change under a plan that stands: its moment may be refused by
the new ones while an earlier one, which they allow, goes by.
"""

from __future__ import annotations

from datetime import datetime

from overture.policy.channels import STRICTEST_WINDOW
from overture.policy.keys import MESSAGES_FLOOR, WINDOW_CEILING
from overture.services.deployment import Deployment
from overture.store.ports import Ledger
from overture.store.records import ConversationState

#: Holds the version of the limits under which everything has been planned.
_PLANNED_UNDER = "planned_under"


def left_out(
    ledger: Ledger,
    now: datetime,
    *,
    behind: str,
    limit: int,
    planned_too: bool = False,
) -> list[str]:
    """Return conversations that may be owed a follow-up and have no plan, in order of id.

    Whose platform's window has closed comes to nothing until they write: they are passed over.

    Args:
        behind: id of the conversation after which to look; empty for the first.
        planned_too: with those that have a plan nobody works on.
    """
    return ledger.plans.unplanned(
        opened_since=now - WINDOW_CEILING,
        acted_since=now - STRICTEST_WINDOW,
        messages=MESSAGES_FLOOR,
        after=behind,
        limit=limit,
        planned_too=planned_too,
    )


def all_is_stopped(ledger: Ledger) -> bool:
    """Tell whether the kill switch is on: then nobody can be planned, whoever is owed."""
    return ledger.switch("kill_switch") == "on"


def planned_under_others(ledger: Ledger, deployment: Deployment) -> bool:
    """Tell whether some plans were made under limits that are no longer in force."""
    return ledger.switch(_PLANNED_UNDER) != deployment.version


def note_planned(ledger: Ledger, deployment: Deployment, now: datetime) -> None:
    """Note that every plan has been made under the limits in force."""
    ledger.set_switch(_PLANNED_UNDER, deployment.version, now)


def is_owed(conversation: ConversationState) -> bool:
    """Tell whether a person has earned a follow-up that has not been sent, limits apart."""
    answers = conversation.last_follow_up_cycle
    earned = conversation.messages_in_window >= MESSAGES_FLOOR
    return earned and (answers is None or answers < conversation.cycle)
