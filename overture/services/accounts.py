"""The state of our own accounts, as the platforms tell it: paused, working, worth a look."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from overture.meta.errors import Failure
from overture.services import alerting
from overture.services.deployment import Deployment
from overture.store.ports import Ledger

#: How many notices are kept of an account, the latest.
_NOTICES = 10


def pause(
    ledger: Ledger,
    channel: str,
    account_id: str,
    until: datetime,
    failure: Failure,
    now: datetime,
    deployment: Deployment,
) -> None:
    """Send nothing from an account until then; the next message tries whether it works.

    Somebody is told when it begins, not each time that it does not work yet.
    """
    if ledger.account_paused_until(channel, account_id) is None:
        alerting.account_paused(ledger, channel, account_id, failure.meaning, now, deployment)
    ledger.pause_account(channel, account_id, until, failure.meaning)
    note(ledger, channel, account_id, now, failure.meaning, code=failure.code)


def works(ledger: Ledger, channel: str, account_id: str) -> None:
    """End the pause of an account, if there is one: its platform says that it may send again."""
    if ledger.account_paused_until(channel, account_id) is not None:
        ledger.pause_account(channel, account_id, None, "")


def took_a_message(ledger: Ledger, channel: str, account_id: str, now: datetime) -> None:
    """Forget a pause that is over: the account took the message that tried it.

    A pause that is not over stays. Nothing is posted during a pause, so the message was posted
    before it, and says nothing about what caused it.
    """
    until = ledger.account_paused_until(channel, account_id)
    if until is not None and until <= now:
        ledger.pause_account(channel, account_id, None, "")


def note(
    ledger: Ledger,
    channel: str,
    account_id: str,
    now: datetime,
    what: str,
    *,
    code: int | None = None,
) -> None:
    """Keep a notice for the operator; a repeated one is kept once, with its latest time."""
    notice: dict[str, Any] = {"at": now.isoformat(), "what": what, "code": code}
    known = ledger.account_kept(channel, account_id).get("notices", [])
    others = [one for one in known if (one["what"], one["code"]) != (what, code)]
    kept = [*others, notice][-_NOTICES:]
    ledger.keep_for_account(channel, account_id, notices=kept)
