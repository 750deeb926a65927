"""The recorded Messenger bodies, each delivered twice: understood, lost, doubled."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from rasa.core.channels import facebook

from bench.databases import fresh_ledger
from bench.results import Counted, Finding, at_most
from bench.running import Run
from bench.seeding import NOW
from overture.accounts import Account, ChannelConfig
from overture.clock import FakeClock
from overture.delivery.intake import Intake
from overture.delivery.turns import Turns, Worker
from overture.meta import inbound as wire_inbound
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.schema import inbound
from tests.unit.meta.recorded import EXPECTED, body_of, channel_of

#: A message as (kind, text, payload), as it was written down by hand for each body.
Message = tuple[str, str | None, str | None]


@dataclass
class Tally:
    """Count what became of the messages in the bodies."""

    understood: int = 0
    lost: int = 0
    doubled: int = 0
    #: Turns for what is no message of a person: an echo, something of another app.
    false: int = 0
    raised: int = 0
    bodies: int = 0
    right: int = 0
    fits: Callable[[Any, Message], bool] = field(default=lambda got, wanted: got == wanted)

    def add(self, got: Sequence[Any], again: Sequence[Any], wanted: Sequence[Message]) -> None:
        """Count one body: what came of its first and of its second delivery."""
        left, found = list(got), 0
        for message in wanted:
            match = next((one for one in left if self.fits(one, message)), None)
            if match is not None:
                left.remove(match)
                found += 1
        self.bodies += 1
        self.understood += found
        self.lost += len(wanted) - found
        self.false += len(left)
        self.doubled += len(again)
        self.right += found == len(wanted) and not left and not again


def run(run: Run) -> list[Finding]:
    """Deliver every body twice to both."""
    names = [row for row in EXPECTED if channel_of(row[0]) == "messenger"]
    rows: dict[str, Tally] = {}
    with run.task("connector", 2) as step:
        step("Overture")
        rows["Overture"] = asyncio.run(_overture(names))
        step("Rasa")
        rows["Rasa's Facebook channel"] = asyncio.run(_rasa(names))
    return [_table(rows)]


async def _overture(names: Sequence[tuple[str, list[Message], int]]) -> Tally:
    tally = Tally()
    for name, wanted, _ in names:
        body = body_of(name)
        with fresh_ledger("SQLite") as database:
            intake, config = _intake(database), _config(body)
            counts = []
            for _ in range(2):
                await intake.accept(config, wire_inbound.parse("messenger", body))
                counts.append(_stored(database))
            await asyncio.sleep(0)
        tally.add(counts[0], counts[1][len(counts[0]) :], wanted)
    return tally


def _intake(database: Database) -> Intake:
    clock, deployment = FakeClock(NOW), Deployment()
    worker = Worker(owner="bench", lease=timedelta(minutes=1), clock=clock)
    turns = Turns(database, clock, deployment, cast("Any", None), worker)  # runs none
    return Intake(database, clock, deployment, turns, worker)


def _config(body: Any) -> ChannelConfig:
    """Return an app whose pages are those the body is for, so that all of it is ours."""
    parsed = wire_inbound.parse("messenger", body)
    pages = {one.account_id for one in parsed.messages}
    accounts = {page: Account(id=page, access_token="t") for page in pages}
    return ChannelConfig(
        channel="messenger", app_secrets=("s",), verify_token="v", accounts=accounts
    )


def _stored(database: Database) -> list[Message]:
    query = sa.select(inbound.c.kind, inbound.c.text, inbound.c.payload).order_by(inbound.c.id)
    return database.read_now(lambda connection: [tuple(row) for row in connection.execute(query)])


async def _rasa(names: Sequence[tuple[str, list[Message], int]]) -> Tally:
    tally = Tally(fits=_heard)
    for name, wanted, _ in names:
        heard: list[list[str]] = []
        for _ in range(2):
            heard.append([])
            try:
                await _deliver(body_of(name), heard[-1])
            except Exception:  # noqa: BLE001 - the channel answers 500 whatever it is
                tally.raised += len(heard) == 1
        tally.add(heard[0], heard[1], wanted)
    return tally


async def _deliver(body: Any, heard: list[str]) -> None:
    """Have Rasa's channel handle a body, as its route does after checking the signature."""

    async def note(message: Any) -> None:
        heard.append(message.text)

    messenger = facebook.Messenger("t", note)
    messenger.client = _Deaf()
    await messenger.handle(json.loads(json.dumps(body)), None)


class _Deaf:
    """Take marks for the Graph API and send none."""

    def send_action(self, *_: Any) -> None:
        """Send nothing."""


def _heard(text: str | None, wanted: Message) -> bool:
    """Return whether a text stands for a message; an address stands for an attachment."""
    _, words, payload = wanted
    if words is None and payload is None:
        return bool(text) and str(text).startswith("http")
    return text is not None and text in (words, payload)


def _table(rows: dict[str, Tally]) -> Counted:
    ours = rows["Overture"]
    columns = ["bodies", "right", "understood", "lost", "false turns", "doubled", "raised"]
    cells = {
        name: (
            one.bodies,
            one.right,
            one.understood,
            one.lost,
            one.false,
            one.doubled,
            one.raised,
        )
        for name, one in rows.items()
    }
    return Counted(
        title="Recorded Messenger bodies, each delivered twice",
        columns=columns,
        rows=cells,
        goals=[
            at_most("Overture: lost, doubled or false", ours.lost + ours.doubled + ours.false, 0)
        ],
        how=(
            "What each body holds was written down by hand (tests/unit/meta/recorded.py). Doubled: "
            "messages that came of the second delivery. An attachment counts as understood when "
            "its address reached the dialogue."
        ),
    )
