"""How long things are kept, and letting go of what is older; counters and limits stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from overture.policy.keys import WINDOW_CEILING
from overture.store.ports import Ledger

#: At most this many rows of a kind go in one transaction.
BATCH = 500
#: Switch that holds the number up to which bodies were emptied.
_STRIPPED = "outbound_stripped"


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """Hold for how long each thing is kept."""

    #: Messages of both sides; the ids that tell a repeated webhook are among them (platforms
    #: repeat for up to 7 days), and what a window is counted from anew.
    messages: timedelta = timedelta(days=90)
    #: Bodies of calls to the platforms.
    requests: timedelta = timedelta(days=7)
    #: Decisions with their evidence.
    decisions: timedelta = timedelta(days=90)

    def __post_init__(self) -> None:
        if self.messages < WINDOW_CEILING:
            raise ValueError(f"messages of an open window are needed, not {self.messages} of it")


def let_go(ledger: Ledger, now: datetime, keeping: Keeping) -> int:
    """Delete one batch of what is too old.

    Returns:
        How many rows went; 0 when nothing is too old any more.
    """
    gone = ledger.inbox.prune(now - keeping.messages, BATCH)
    gone += ledger.outbox.prune(now - keeping.messages, BATCH)
    gone += ledger.plans.prune(now - keeping.decisions)
    return gone + _strip(ledger, now, keeping)


def _strip(ledger: Ledger, now: datetime, keeping: Keeping) -> int:
    after = int(ledger.switch(_STRIPPED) or 0)
    stripped = ledger.outbox.strip(after, now - keeping.requests, BATCH)
    if stripped:
        ledger.set_switch(_STRIPPED, str(stripped[-1]), now)
    return len(stripped)
