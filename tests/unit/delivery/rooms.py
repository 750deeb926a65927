"""Intake, turns and sender on a real database, with fakes where Rasa and Meta would be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

import sqlalchemy as sa

from overture.accounts import Account, ChannelConfig
from overture.clock import FakeClock
from overture.delivery.graph import Accepted, Answer, Rejected
from overture.delivery.intake import Intake
from overture.delivery.proactive import ProactiveSender
from overture.delivery.sender import Sender
from overture.delivery.turns import Turns, Worker
from overture.meta import inbound
from overture.meta.errors import classify
from overture.services import follow_up
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.records import Inbound
from overture.store.schema import outbound
from overture.store.sql import SqlLedger

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
ACCOUNTS = {"messenger": "601", "instagram": "602", "whatsapp": "603"}
NUMBER, SCOPED = "491700000001", "DE.AbC1234567"
PERSON = "messenger:601:u1"
CONVERSATION = f"{PERSON}:maestro"
_ids = count(1)


@dataclass
class FakeGraph:
    """Remember every call and answer as told."""

    answers: list[Answer] = field(default_factory=list)
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    #: Set by the first call.
    called: asyncio.Event = field(default_factory=asyncio.Event)
    #: Awaited in the middle of each call.
    during: Callable[[Mapping[str, Any]], Any] | None = None

    async def send(self, channel: str, account_id: str, body: Mapping[str, Any]) -> Answer:
        """Take one message."""
        self.calls.append((channel, account_id, dict(body)))
        self.called.set()
        if self.during is not None:
            await self.during(body)
        if self.answers:
            return self.answers.pop(0)
        return Accepted(message_id=f"wamid.{len(self.calls)}")

    @property
    def texts(self) -> list[str]:
        """Return the words of each call."""
        return [words(body) for _, _, body in self.calls]


class Rooms:
    """Hold the parts of one process."""

    def __init__(self, url: str, deployment: Deployment | None = None) -> None:
        self.clock = FakeClock(NOON)
        self.deployment = deployment or Deployment()
        self.database = Database(url)
        migrate(self.database.engine)
        self.graph = FakeGraph()
        self.worker = Worker(owner="test", lease=timedelta(seconds=60), clock=self.clock)
        self.dropped: list[str] = []
        self.turned: list[tuple[str, str]] = []
        #: Awaited in the middle of each turn.
        self.during_turn: Callable[[Inbound], Any] | None = None
        self.build()

    def build(self) -> None:
        """Make the parts anew, as a process that starts again."""
        self.sender = Sender(
            self.database,
            self.graph,  # type: ignore[arg-type]
            self.clock,
            self.deployment,
            sleep=self.sleep,
        )
        self.turns = Turns(self.database, self.clock, self.deployment, self.sender, self.worker)
        self.intake = Intake(self.database, self.clock, self.deployment, self.turns, self.worker)
        self.turns.drop_history = self.dropped.append
        for channel in ACCOUNTS:
            self.turns.run_turn[channel] = self.run_turn

    async def sleep(self, seconds: float) -> None:
        """Let the fake clock pass instead of time."""
        self.clock.wind(timedelta(seconds=seconds))
        await asyncio.sleep(0)

    async def run_turn(self, message: Inbound, text: str, again: bool) -> Sequence[dict[str, Any]]:
        """Say the words back."""
        self.turned.append((message.conversation_id or "", text))
        if self.during_turn is not None:
            await self.during_turn(message)
        return [{"text": f"re: {text}"}]

    async def accept(self, channel: str, body: Any) -> int:
        """Accept one webhook body."""
        return await self.intake.accept(config(channel), inbound.parse(channel, body))

    async def say(self, channel: str, text: str, **person: Any) -> None:
        """Have a person write, and wait until it is answered."""
        await self.accept(channel, body_of(channel, text, at=self.clock.now(), **person))
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is being worked on."""
        for _ in range(6000):
            if not self.turns._tasks and not self.sender._tasks:
                return
            await asyncio.sleep(0.005)
        raise AssertionError("still working")

    def read(self, work: Callable[[SqlLedger], Any]) -> Any:
        """Read the ledger."""
        return self.database.read_now(lambda connection: work(SqlLedger(connection)))

    def write(self, work: Callable[[SqlLedger], Any]) -> Any:
        """Change the ledger."""
        return self.database.write_now(lambda connection: work(SqlLedger(connection)))

    def rows(self, query: Any) -> list[Any]:
        """Return what a query finds."""
        return self.database.read_now(lambda connection: connection.execute(query).all())


def config(channel: str, **overrides: Any) -> ChannelConfig:
    """Return the configuration of one channel with one account."""
    account = Account(id=ACCOUNTS[channel], access_token="token", persona="maestro")
    values: dict[str, Any] = {
        "channel": channel,
        "app_secrets": ("secret",),
        "verify_token": "verify",
        "accounts": {account.id: account},
    }
    return ChannelConfig(**{**values, **overrides})


def words(body: Mapping[str, Any]) -> str:
    """Return the words of a Graph call."""
    text = (body.get("message") or body).get("text", "")
    return str(text["body"] if isinstance(text, dict) else text)


def body_of(channel: str, text: str, *, at: datetime = NOON, **person: Any) -> dict[str, Any]:
    """Return a webhook body with one text.

    Args:
        person: ``user`` on Messenger and Instagram; ``number`` and ``scoped`` on WhatsApp.
    """
    message_id = person.get("message_id") or f"mid.{next(_ids)}"
    if channel == "whatsapp":
        number, scoped = person.get("number"), person.get("scoped")
        message = {"id": message_id, "timestamp": str(int(at.timestamp())), "type": "text"}
        message |= {"text": {"body": text}}
        message |= {"from": number} if number else {}
        message |= {"from_user_id": scoped} if scoped else {}
        return whatsapp_change("messages", {"messages": [message]})
    event = {
        "sender": {"id": person.get("user", "u1")},
        "recipient": {"id": ACCOUNTS[channel]},
        "timestamp": int(at.timestamp() * 1000),
        "message": {"mid": message_id, "text": text},
    }
    return direct_event(channel, event)


def direct_event(channel: str, event: Mapping[str, Any], key: str = "messaging") -> dict[str, Any]:
    """Return the body of one Messenger or Instagram event."""
    entry = {"id": ACCOUNTS[channel], "time": 0, key: [dict(event)]}
    return {"object": "page" if channel == "messenger" else "instagram", "entry": [entry]}


def whatsapp_change(field: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of one WhatsApp change."""
    frame = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550100603", "phone_number_id": "603"},
    }
    change = {"field": field, "value": {**frame, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


def rooms_body(text: str, user: str = "u1", at: datetime = NOON) -> dict[str, Any]:
    """Return the body of a text on Messenger."""
    return body_of("messenger", text, user=user, at=at)


def refusal(code: int, channel: str = "messenger", **headers: str) -> Rejected:
    """Return the answer to a call that was refused with a code."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Rejected(failure=classify(channel, 400, {"error": {"code": code}}, names))


def states(rooms: Rooms) -> list[str]:
    """Return the states of what went out, in order."""
    rows = rooms.rows(sa.select(outbound.c.state).order_by(outbound.c.id))
    return [row.state for row in rows]


async def permitted(rooms: Rooms) -> ProactiveSender:
    """Have five messages earn a permit; return the way out for it."""
    for number in range(5):
        await rooms.say("messenger", f"m{number}")
    rooms.graph.calls.clear()
    rooms.graph.called.clear()
    due = rooms.read(lambda ledger: ledger.people.standing(CONVERSATION)).plan.due_at
    rooms.clock.set(due)
    claims = rooms.write(
        lambda ledger: follow_up.claim_due(
            ledger, due, rooms.deployment, limit=1, owner="d", lease=timedelta(seconds=60)
        )
    )
    assert len(claims.tickets) == 1
    return ProactiveSender(
        rooms.database, rooms.clock, rooms.deployment, rooms.sender, rooms.worker
    )
