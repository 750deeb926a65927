"""What people are owed in real processes: kill -9 at every step of an answer, a platform that is
slow, refuses or hangs up, a database that is locked, a disk that is full.

Counted at the stand-in for the Graph API: every message is answered once, save the one that was on
its way out when its process died, and that one at most once.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
import sqlalchemy as sa

from overture.store.database import Database
from overture.store.schema import inbound
from tests.integration.conftest import fresh_database
from tests.integration.house import Connectors, House, body_of, until
from tests.integration.platform import Call, Platform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FAULTS = Path(__file__).parent / "faults"
#: Where the Rasa server dies, how many answers arrive, and what is known of the answer.
POINTS = (
    ("storing", 1, "sent"),  # before the commit: not acknowledged, so delivered again
    ("stored", 1, "sent"),  # after it: between the 200 and the turn
    ("in the turn", 1, "sent"),  # the dialogue has spoken, nothing is kept of it yet
    ("answered", 1, "sent"),  # the answer is in the outbox
    ("marked", 0, "unknown"),  # marked as being sent: nobody can know whether it was
    ("taken", 1, "unknown"),  # the platform has it, but its answer is not noted
)
Answer = Callable[[Call], tuple[int, dict[str, Any]] | None]


class Scene:
    """Hold a deployment that can be made to die, and its platform."""

    def __init__(self, house: House, platform: Platform) -> None:
        self.house, self.platform = house, platform
        self.database = Database(house.database_url)
        self._fault = Path(house.env["OVERTURE_TEST_FAULT"])

    def die_at(self, point: str) -> Path:
        """Let the first process that reaches a point die there; return what is there then."""
        self._fault.write_text(point)
        return self._fault.with_name(f"{self._fault.name}.{point}")

    def deliver(self, *bodies: dict[str, Any]) -> list[int]:
        """Deliver webhooks at the same time; return the status of each, 0 for no answer."""
        with ThreadPoolExecutor(len(bodies)) as pool:
            return list(pool.map(self._deliver, bodies))

    def _deliver(self, body: dict[str, Any]) -> int:
        try:
            return self.house.deliver("messenger", body).status_code
        except requests.RequestException:
            return 0

    def got(self, user: str) -> int:
        """Return how many answers a person has; each text here has one answer of one bubble."""
        return len(self.platform.messages(user))

    def is_settled(self, user: str, messages: int = 1) -> bool:
        """Tell whether a person's messages are stored, answered and nothing waits any more."""
        states = self.house.states(user)
        return len(states) >= messages and not {"queued", "sending"}.intersection(states)

    def settle(self, users: list[str], messages: int = 1) -> dict[str, int]:
        """Wait until nothing waits any more; return how many answers each person has."""
        for user in users:
            until(lambda: self.is_settled(user, messages), f"the end for {user}", 90)  # noqa: B023
        return {user: self.got(user) for user in users}

    def rows(self, user: str) -> int:
        """Return how many messages of a person are stored."""
        query = sa.select(sa.func.count()).where(inbound.c.user_id == user)
        return int(self.database.read_now(lambda one: one.execute(query).scalar_one()))

    @contextmanager
    def answering(self, answer: Answer) -> Iterator[None]:
        """Let the platform answer in another way for a while."""
        self.platform.answer = answer
        try:
            yield
        finally:
            self.platform.answer = None


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, platform: Platform
) -> Iterator[Scene]:
    """Start a deployment on each kind of database."""
    folder = tmp_path_factory.mktemp(f"reply_{request.param}")
    path = os.pathsep.join(filter(None, [str(FAULTS), os.environ.get("PYTHONPATH")]))
    env = {"PYTHONPATH": path, "OVERTURE_TEST_FAULT": str(folder / "fault")}
    with fresh_database(request, folder) as url:
        house = Connectors(folder, url, platform.url, env=env).start()
        scene = Scene(house, platform)
        yield scene
        scene.database.close()
        house.stop()


def person() -> str:
    """Return the id of somebody new."""
    return str(uuid4().int)[:15]


def hello(user: str, number: int = 0) -> dict[str, Any]:
    """Return a webhook with one message of a person."""
    return body_of("messenger", user, "hello", f"mid-{user}-{number}")


@pytest.mark.parametrize(("point", "arrives", "state"), POINTS, ids=[one[0] for one in POINTS])
def test_a_server_killed_on_the_way_to_an_answer_loses_nothing_and_doubles_nothing(
    scene: Scene, point: str, arrives: int, state: str
) -> None:
    """The webhook comes three times at once, and again after the restart, as after an hour."""
    reached, user = scene.die_at(point), person()
    scene.deliver(*[hello(user)] * 3)
    until(reached.exists, f"the server dies at {point}", 60)
    scene.house.kill("rasa")  # what is left of it
    scene.house.start_rasa()
    assert scene.deliver(*[hello(user)] * 3) == [200] * 3
    assert scene.settle([user]) == {user: arrives}
    assert scene.deliver(hello(user)) == [200]
    other = person()
    scene.deliver(hello(other))
    scene.settle([other])  # whatever the last delivery led to is over by now
    assert (scene.got(user), scene.rows(user)) == (arrives, 1)
    assert scene.house.states(user) == [state]


def test_a_slow_platform_keeps_neither_webhooks_nor_other_people_waiting(scene: Scene) -> None:
    """Each call takes two seconds; the answers of one person stay in order."""
    users = [person() for _ in range(5)]
    scene.platform.delay = 2.0
    try:
        begun = time.monotonic()
        assert scene.deliver(*map(hello, users)) == [200] * 5
        assert time.monotonic() - begun < 2.0
        assert scene.settle(users) == dict.fromkeys(users, 1)
    finally:
        scene.platform.delay = 0.0


def test_what_the_platform_refuses_or_breaks_off_before_reading_is_sent_later(
    scene: Scene,
) -> None:
    """A fault of the platform, then nobody listening: surely not taken, so sent again."""
    users = [person() for _ in range(3)]
    failing = iter([True] * 6)
    taken: list[str] = []

    def refuse(call: Call) -> tuple[int, dict[str, Any]] | None:
        if call.text is not None and next(failing, False):
            return 500, {"error": {"code": 2, "message": "temporary"}}
        if call.text is not None:
            taken.append(call.to)
        return 200, {"recipient_id": call.to, "message_id": f"m_{uuid4().hex}"}

    with scene.answering(refuse):
        scene.deliver(*map(hello, users))
        scene.settle(users)
    assert sorted(taken) == sorted(users)
    user = person()
    with scene.platform.deaf():
        scene.deliver(hello(user))
        until(lambda: scene.house.states(user) == ["queued"], "the answer waits")
    assert scene.settle([user]) == {user: 1}


def test_a_platform_that_hangs_up_after_reading_may_have_taken_it(scene: Scene) -> None:
    """It is marked, and never sent again."""
    users = [person() for _ in range(3)]
    with scene.answering(lambda _: None):
        scene.deliver(*map(hello, users))
        assert scene.settle(users) == dict.fromkeys(users, 1)
    assert [scene.house.states(user) for user in users] == [["unknown"]] * 3
    scene.deliver(*(hello(user, 1) for user in users))
    assert scene.settle(users, 2) == dict.fromkeys(users, 2)


def test_a_database_that_is_locked_for_five_seconds_delays_and_loses_nothing(
    scene: Scene,
) -> None:
    """Messages come before and while it is locked."""
    users = [person() for _ in range(6)]
    scene.deliver(*map(hello, users[:2]))
    with ThreadPoolExecutor(1) as pool:
        with _locked(scene.house.database_url):
            statuses = pool.submit(scene.deliver, *map(hello, users[2:]))
            time.sleep(5)
        assert set(statuses.result()) == {200}
    assert scene.settle(users) == dict.fromkeys(users, 1)


def test_a_database_that_cannot_write_is_refused_so_that_the_platform_delivers_again(
    scene: Scene,
) -> None:
    """A full disk, or a server that only lets read: nothing of a body is half stored."""
    users = [person() for _ in range(3)]
    body = hello(users[0])
    for user in users[1:]:
        body["entry"] += hello(user)["entry"]
    with _cannot_write(scene):
        assert scene.deliver(body) == [503]
    assert [scene.rows(user) for user in users] == [0, 0, 0]
    assert scene.deliver(body) == [200]
    assert scene.settle(users) == dict.fromkeys(users, 1)


@contextmanager
def _cannot_write(scene: Scene) -> Iterator[None]:
    """Let no file of the server grow; a database server of many is made read-only for this one."""
    if not scene.house.database_url.startswith("sqlite"):
        with _read_only(sa.engine.make_url(scene.house.database_url)):
            yield
        return
    process = scene.house.pid("rasa")
    before = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@contextmanager
def _read_only(url: sa.engine.URL) -> Iterator[None]:
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT", future=True)
    anew = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    others = sa.text(f"{anew} AND pid <> pg_backend_pid()")
    with server.connect() as connection:

        def switch(word: str) -> None:
            setting = f"default_transaction_read_only = {word}"
            connection.execute(sa.text(f"ALTER DATABASE {url.database} SET {setting}"))
            connection.execute(others, {"name": url.database})

        switch("on")
        try:
            yield
        finally:
            switch("off")
    server.dispose()


@contextmanager
def _locked(url: str) -> Iterator[None]:
    """Hold the lock that every writer needs."""
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with sqlite3.connect(str(parsed.database), timeout=30, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")
        return
    engine = sa.create_engine(url, future=True)
    with engine.begin() as connection:
        connection.execute(sa.text("LOCK TABLE inbound, outbound IN ACCESS EXCLUSIVE MODE"))
        yield
    engine.dispose()
