"""Look after people who are owed a follow-up while nothing is planned for them.

A plan is dropped when an operator stops all proactive messages, takes a persona back or tightens
the limits. When that ends, nothing happens to the conversation itself that would plan it anew.
"""

from __future__ import annotations

from datetime import datetime

from overture.policy.keys import MESSAGES_FLOOR, WINDOW_CEILING
from overture.store.ports import Ledger


def left_out(ledger: Ledger, now: datetime, *, behind: str, limit: int) -> list[str]:
    """Return conversations that may be owed a follow-up and have no plan, in order of id.

    Args:
        behind: id of the conversation after which to look; empty for the first.
    """
    return ledger.plans.unplanned(now - WINDOW_CEILING, MESSAGES_FLOOR, behind, limit)
