"""A ledger filled through the use cases themselves, for tests of what reviewers see."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

from overture.clock import FakeClock
from overture.memory.records import ExtractedFact
from overture.personas import Registry
from overture.policy import Policy
from overture.services import follow_up
from overture.services.deployment import Deployment
from overture.services.intake import count_now
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.records import Inbound, Outbound
from overture.store.sql import SqlLedger
from overture.use_cases import UseCases

#: Monday noon: far from quiet hours.
NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
DAY = timedelta(days=1)
PERSONAS = Path(__file__).parents[3] / "personas"
ACCOUNTS = {"messenger": "607", "instagram": "1784", "whatsapp": "440"}


def extract(text: str, now: datetime, zone: str | None) -> list[ExtractedFact]:
    """Hear a name and a favourite, enough for a test."""
    found = []
    for opening, kind in (("I am ", "name"), ("I love ", "likes")):
        if text.startswith(opening):
            found.append(
                ExtractedFact(kind=kind, value=text[len(opening) :], span=(len(opening), len(text)))
            )
    return found


def screen(text: str) -> frozenset[str]:
    """Hear a stop, a crisis, a minor and a wish for a human, enough for a test."""
    labels = {
        "stop": "opt_out",
        "I want to die": "crisis",
        "i am 15": "minor",
        "human please": "asks_human",
    }
    return frozenset({labels[text]} if text in labels else ())


class House:
    """Hold one deployment on a database of its own."""

    def __init__(self, url: str, personas: Path = PERSONAS) -> None:
        self.database = Database(url)
        migrate(self.database.engine)
        self.clock = FakeClock(NOON)
        self.deployment = Deployment(
            policy=Policy(quiet_hours=None), screen=screen, extract=extract
        )
        self.parts = UseCases(
            database=self.database,
            clock=self.clock,
            deployment=self.deployment,
            registry=Registry.load(personas),
            rng=Random(7),
            default_persona="maestro",
        )
        self._count = 0

    def write(self, work: Any) -> Any:
        """Run one transaction that writes."""
        return self.database.write_now(lambda connection: work(SqlLedger(connection)))

    def read(self, work: Any) -> Any:
        """Run one transaction that reads."""
        return self.database.read_now(lambda connection: work(SqlLedger(connection)))

    def hear(
        self, user_id: str, *texts: str, channel: str = "messenger", persona: str = "maestro"
    ) -> str:
        """Let a person write; return the conversation."""
        account = ACCOUNTS.get(channel, "local")
        conversation_id = f"{channel}:{account}:{user_id}:{persona}"
        for text in texts:
            self._hear(conversation_id, text)
        return conversation_id

    def _hear(self, conversation_id: str, text: str) -> None:
        channel, account, user_id, _ = conversation_id.split(":")
        self._count += 1
        now = self.clock.wind(timedelta(seconds=1))
        message = Inbound(
            channel=channel,
            account_id=account,
            user_id=user_id,
            message_id=f"m{self._count}",
            kind="text",
            text=text,
            occurred_at=now,
            received_at=now,
            conversation_id=conversation_id,
        )
        self.write(lambda ledger: count_now(ledger, message, now, self.deployment))

    def answer(self, conversation_id: str, text: str, **state: Any) -> int:
        """Let the bot answer; return the number of the message."""
        now = self.clock.wind(timedelta(seconds=1))
        fields = {"kind": "reply", "state": "read", "created_at": now} | state
        message = Outbound(
            conversation_id=conversation_id,
            contact_id=conversation_id.rsplit(":", 1)[0],
            text=text,
            request={},
            **fields,
        )
        return self.write(lambda ledger: ledger.outbox.add([message], "", now))[0]

    def talk(self, user_id: str, messages: int = 5, **where: str) -> str:
        """Let a person and the bot talk."""
        for number in range(messages):
            conversation_id = self.hear(user_id, f"line {number} of {user_id}", **where)
            self.answer(conversation_id, f"answer {number}")
        return conversation_id

    def dispatch(self, text: str = "How was the film?") -> list[Any]:
        """Send what is due, as the dispatcher and the channel's output do."""
        now, soon = self.clock.now(), timedelta(minutes=1)
        claims = self.write(
            lambda ledger: follow_up.claim_due(
                ledger, now, self.deployment, limit=100, owner="test", lease=soon
            )
        )
        wishes = [
            follow_up.Spending(conversation_id=one.conversation_id, now=now, text=text)
            for one in claims.tickets
        ]
        return self.write(
            lambda ledger: follow_up.spend(
                ledger, wishes, self.deployment, owner="test", lease_until=now + soon
            )
        )


def page_of(conversation_id: str) -> str:
    """Return the address of a conversation's page."""
    return f"/conversations/{conversation_id}"
