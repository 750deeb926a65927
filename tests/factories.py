"""Records for tests, with every field overridable."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

from overture.services import follow_up, intake
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.records import Inbound
from overture.store.sql import SqlLedger

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
LEASE = timedelta(seconds=60)
CONVERSATION = "rest:demo:u1:maestro"
_numbers = count(1)


def inbound(**overrides: Any) -> Inbound:
    """Return a message of the person ``u1`` to ``maestro``."""
    conversation = overrides.get("conversation_id", CONVERSATION)
    channel, account_id, user_id, _ = (conversation or CONVERSATION).split(":")
    at = overrides.pop("at", NOON)
    values = {
        "channel": channel,
        "account_id": account_id,
        "user_id": user_id,
        "message_id": f"m{next(_numbers)}",
        "kind": "text",
        "text": "a message",
        "occurred_at": at,
        "received_at": at,
        "conversation_id": conversation,
    }
    return Inbound(**{**values, **overrides})


def write(database: Database, message: Inbound, deployment: Deployment | None = None) -> Any:
    """Have a person write: stored, counted and finished at the time of the message."""

    def work(connection: Any) -> Any:
        ledger = SqlLedger(connection)
        ledger.inbox.add([message], "test", message.received_at + LEASE)
        stored = ledger.inbox.one(
            message.channel, message.account_id, message.user_id, message.message_id
        )
        assert stored is not None
        observed = intake.observe(ledger, stored, message.received_at, deployment or Deployment())
        ledger.inbox.finish(stored.id, message.received_at)
        return observed

    return database.write_now(work)


def write_often(database: Database, times: int = 5, **overrides: Any) -> datetime:
    """Have a person write several messages a minute apart; return when the last was sent."""
    at = overrides.pop("at", NOON)
    for number in range(times):
        write(database, inbound(at=at + timedelta(minutes=number), **overrides))
    return at + timedelta(minutes=times - 1)


def claim(
    database: Database, now: datetime, owner: str = "dispatcher", limit: int = 100
) -> follow_up.Claims:
    """Claim what is due as one dispatcher does."""
    return database.write_now(
        lambda connection: follow_up.claim_due(
            SqlLedger(connection), now, Deployment(), limit=limit, owner=owner, lease=LEASE
        )
    )


def spend(database: Database, now: datetime, conversation_id: str = CONVERSATION) -> Any:
    """Ask to send one follow-up."""
    request = follow_up.Spending(conversation_id=conversation_id, now=now, text="hello again")
    answers = database.write_now(
        lambda connection: follow_up.spend(
            SqlLedger(connection), [request], Deployment(), owner="out", lease_until=now + LEASE
        )
    )
    return answers[0]
