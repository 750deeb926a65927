"""An address is told what needs a human: signed, again if it did not answer, and not for ever."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from overture.clock import FakeClock
from overture.delivery import alerting
from overture.delivery.alerting import SIGNATURE, Alarm
from overture.errors import StoreUnavailable
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.rooms import Alert
from overture.store.sql import SqlLedger
from tests.factories import NOON

SECRET = "not so secret"
WISH = Alert(
    event="needs_human",
    because="asked_for_human",
    since=NOON,
    channel="whatsapp",
    account_id="603",
    contact_id="whatsapp:603:u1",
    conversation_id="whatsapp:603:u1:maestro",
)


@dataclass
class Listener:
    """Play the address that is told."""

    url: str = ""
    #: Statuses to answer with; 204 when there is none left.
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[bytes, str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Take one POST."""
        self.heard.append((await request.read(), request.headers[SIGNATURE]))
        status = self.statuses.pop(0) if self.statuses else 204
        return web.Response(status=status, headers={"Location": "/elsewhere"})


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """Listen on a free port."""
    found, app = Listener(), web.Application()
    app.router.add_post("/alerts", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    found.url = f"http://127.0.0.1:{port}/alerts"
    yield found
    await runner.cleanup()


@pytest.fixture
def database() -> Iterator[Database]:
    """Return a ledger with one thing to tell."""
    database = Database("sqlite://")
    migrate(database.engine)
    database.write_now(lambda one: SqlLedger(one).alerts.add(WISH))
    yield database
    database.close()


async def tell(database: Database, clock: FakeClock, url: str, secret: str = SECRET) -> int:
    """Look once, as a process that starts."""
    alarm = Alarm(database, clock, url, secret)
    told = await alarm.look()
    await alarm.close()
    return told


async def test_what_is_told_is_signed_and_holds_ids_times_and_our_words(
    database: Database, listener: Listener
) -> None:
    """The receiver can check who it is from, and look the conversation up in the console."""
    clock = FakeClock(NOON)
    assert [await tell(database, clock, listener.url) for _ in range(2)] == [1, 0]
    [(body, signature)] = listener.heard
    assert signature == f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"
    assert json.loads(body) == {
        "id": 1,
        "event": "needs_human",
        "because": "asked_for_human",
        "since": "2026-03-02T12:00:00Z",
        "account": "whatsapp:603",
        "contact": "whatsapp:603:u1",
        "conversation": "whatsapp:603:u1:maestro",
    }


@pytest.mark.parametrize("status", [500, 404, 302])
async def test_what_was_not_taken_is_told_again_later(
    database: Database, listener: Listener, status: int
) -> None:
    """Each wait is twice as long; the same id tells a repetition."""
    clock, listener.statuses = FakeClock(NOON), [status, status]
    looks = []
    for seconds in (0, 4, 1, 9, 1, 60):
        clock.wind(timedelta(seconds=seconds))
        looks.append(await tell(database, clock, listener.url))
    assert looks == [1, 0, 1, 0, 1, 0]
    assert len({body for body, _ in listener.heard}) == 1


async def test_nobody_who_listens_is_tried_for_hours_and_then_given_up(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """An alert of yesterday helps nobody; the log says that it was lost, not whom it is about."""
    clock, tries = FakeClock(NOON), 0
    with caplog.at_level(logging.INFO):
        for _ in range(24 * 6):
            tries += await tell(database, clock, "http://127.0.0.1:9/")
            clock.wind(timedelta(minutes=10))
    assert 8 <= tries <= 14
    assert caplog.text.count("alert.given_up event=needs_human id=1") == 1
    assert "u1" not in caplog.text


async def test_a_process_that_died_while_telling_leaves_it_to_another(
    database: Database, listener: Listener
) -> None:
    """Told twice at worst, never not at all."""
    clock = FakeClock(NOON)
    soon = NOON + timedelta(seconds=60)
    database.write_now(lambda one: SqlLedger(one).alerts.claim(NOON, soon, 9))
    assert await tell(database, clock, listener.url) == 0
    clock.set(soon)
    assert await tell(database, clock, listener.url) == 1


async def test_telling_goes_on_when_the_database_was_away(
    database: Database, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of one look is not the end of all alerts."""
    monkeypatch.setattr(alerting, "_LOOK", 0.001)
    read, failures = database.read, [StoreUnavailable("away"), ValueError("a fault")]

    async def fail(work: Any) -> Any:
        if failures:
            raise failures.pop(0)
        return await read(work)

    monkeypatch.setattr(database, "read", fail)
    alarm = Alarm(database, FakeClock(NOON), listener.url, SECRET)
    task = asyncio.ensure_future(alarm.run())
    for _ in range(2000):
        if listener.heard:
            break
        await asyncio.sleep(0.005)
    task.cancel()
    await alarm.close()
    assert len(listener.heard) == 1


async def test_without_an_address_nobody_looks(database: Database) -> None:
    """Off by default, and it costs nothing then."""
    await asyncio.wait_for(Alarm(database, FakeClock(NOON), "", "").run(), timeout=1)
    assert database.read_now(lambda one: SqlLedger(one).alerts.waits(NOON))
