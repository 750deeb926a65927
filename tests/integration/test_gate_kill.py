"""The gate in real processes: kill -9 at every step, two dispatchers, a database that goes away.

Counted at the stand-in for the Graph API. Nobody gets two; nobody gets none but the one whose
message lay between spending its permit and the call to the platform.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from overture.policy import Policy
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.records import FactRow
from overture.store.sql import SqlLedger
from tests.factories import inbound, write
from tests.integration.conftest import fresh_database
from tests.integration.house import ACCOUNTS, House, free_port, until
from tests.integration.platform import Platform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

FAULTS = Path(__file__).parent / "faults"
ACCOUNT = ACCOUNTS["messenger"]
#: Points in their order, with the process that dies and how many follow-ups arrive.
POINTS = (
    ("in the claim", "actions", 1),
    ("claimed", "actions", 1),
    ("composed", "actions", 1),
    ("spending", "rasa", 1),
    ("in the spending", "rasa", 1),
    ("spent", "rasa", 0),
    ("sent", "rasa", 1),
    ("sent and noted", "rasa", 1),
    ("acknowledging", "actions", 1),
    ("in the acknowledgement", "actions", 1),
)
#: Seconds until a follow-up is due after it was earned.
SOON = 2.0


class Scene:
    """Hold a deployment that can be made to die, and its ledger."""

    def __init__(self, house: House, platform: Platform) -> None:
        self.house, self.platform = house, platform
        self.database = Database(house.database_url)
        self._fault = Path(house.env["OVERTURE_TEST_FAULT"])

    def earn(self, due_in: float = SOON) -> str:
        """Have somebody new earn a follow-up that is due in some seconds; return who."""
        user = str(uuid4().int)[:15]
        where = self.house.conversation("messenger", user)
        after = timedelta(minutes=5)
        last = datetime.now(timezone.utc) - after + timedelta(seconds=due_in)
        limits = Policy(after=after, quiet_hours=None, min_gap=timedelta(0))
        for number in range(5, 0, -1):
            at = last - (number - 1) * timedelta(seconds=1)
            message = inbound(conversation_id=where, at=at)
            write(self.database, message, Deployment(policy=limits))
        self._remember(where, last)
        return user

    def _remember(self, where: str, at: datetime) -> None:
        fact = FactRow(
            conversation_id=where,
            kind="likes",
            value="Blade Runner",
            topic="film",
            source_message_id="m1",
            quote="Blade Runner",
            said_at=at,
        )
        self.database.write_now(lambda one: SqlLedger(one).memory.add([fact]))

    def got(self, user: str) -> int:
        """Return how many follow-ups a person has; these people get nothing else."""
        return len(self.platform.messages(user))

    def is_settled(self, user: str) -> bool:
        """Tell whether there is a follow-up and it does not wait any more."""
        states = self.house.states(user)
        return bool(states) and not {"queued", "sending"}.intersection(states)

    def die_at(self, point: str) -> Path:
        """Let the first process that reaches a point die there; return what is there then."""
        self._fault.write_text(point)
        return self._fault.with_name(f"{self._fault.name}.{point}")

    def check(self, users: list[str]) -> dict[str, int]:
        """Wait until all is settled and some more; return who has how many, one at most."""
        for user in users:
            until(lambda: self.is_settled(user), f"the end for {user}", 60)  # noqa: B023
        time.sleep(2)
        found = {user: self.got(user) for user in users}
        assert set(found.values()) <= {0, 1}
        for user, count in found.items():
            assert count == 1 or self.house.states(user) == ["unknown"]
        return found


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, platform: Platform
) -> Iterator[Scene]:
    """Start a deployment on each kind of database."""
    folder = tmp_path_factory.mktemp(f"kill_{request.param}")
    path = os.pathsep.join(filter(None, [str(FAULTS), os.environ.get("PYTHONPATH")]))
    env = {"PYTHONPATH": path, "OVERTURE_TEST_FAULT": str(folder / "fault")}
    with fresh_database(request, folder) as url:
        house = House(folder, url, platform.url, env=env).start()
        scene = Scene(house, platform)
        yield scene
        scene.database.close()
        house.stop()


@pytest.mark.parametrize(("point", "process", "arrives"), POINTS, ids=[one[0] for one in POINTS])
def test_a_process_killed_on_the_way_doubles_nothing_and_loses_only_what_was_on_its_way_out(
    scene: Scene, point: str, process: str, arrives: int
) -> None:
    """Each step between the claim and its acknowledgement."""
    reached = scene.die_at(point)
    user = scene.earn()
    until(reached.exists, f"a process dies at {point}", 30)
    scene.house.kill(process)  # what is left of it
    getattr(scene.house, f"start_{process}")()
    assert scene.check([user]) == {user: arrives}


def test_two_dispatchers_share_the_work_and_one_of_them_dies(scene: Scene) -> None:
    """Twenty are due at once; in the middle of it one action server is killed."""
    house = scene.house
    port = free_port()
    house._start("second", "rasa", "run", "actions", "--port", str(port))
    until(lambda: _listens(port), "the second action server", 60)
    users = [scene.earn(4.0) for _ in range(20)]
    until(lambda: sum(map(scene.got, users)) >= 3, "the first follow-ups", 60)
    house.kill("second")
    assert set(scene.check(users).values()) == {1}


def test_a_database_that_is_away_for_ten_seconds_delays_and_loses_nothing(scene: Scene) -> None:
    """Some are due before, some while it is away; each gets one, late."""
    users = [scene.earn(seconds) for seconds in (0.5, 3.0, 3.0, 6.0)]
    with _away(scene):
        time.sleep(10)
    found = scene.check(users)
    assert sum(found.values()) >= len(users) - 1  # one may have been on its way out
    assert all(found[user] == 1 for user in users[1:])


@contextmanager
def _away(scene: Scene) -> Iterator[None]:
    url = sa.engine.make_url(scene.house.database_url)
    if url.get_backend_name() == "sqlite":
        with _locked(str(url.database)):
            yield
        return
    scene.database.engine.dispose()
    server = sa.create_engine(
        url.set(database="postgres"), isolation_level="AUTOCOMMIT", future=True
    )
    with server.connect() as connection:
        _allow(connection, str(url.database), "false")
        try:
            yield
        finally:
            _allow(connection, str(url.database), "true")
    server.dispose()


def _allow(connection: Any, name: str, word: str) -> None:
    connection.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {word}"))
    if word == "false":
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(sa.text(query), {"name": name})


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """Hold the lock that every writer needs."""
    with sqlite3.connect(path, timeout=15, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
