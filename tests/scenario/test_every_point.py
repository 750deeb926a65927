"""Each thing that may happen, at each point of a follow-up's way: nothing is left to chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from overture.policy import Policy
from overture.store.database import make_engine
from overture.store.migrations import migrate
from tests.scenario.events import EVENTS, POINTS, happen
from tests.scenario.judge import violations
from tests.scenario.town import CONVERSATIONS
from tests.scenario.waiting import forgotten
from tests.scenario.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

WHERE = CONVERSATIONS[0]
#: Quiet hours that begin soon after the follow-up is due, so that late is too late.
LIMITS = Policy(after=timedelta(hours=9), min_gap=timedelta(0))


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.engine.Engine]:
    """Return an empty ledger in memory."""
    engine = make_engine("sqlite://")
    migrate(engine)
    yield engine
    engine.dispose()


def on_the_way(engine: sa.engine.Engine, answer: str, point: str) -> World:
    """Have a follow-up earned and due, and some task at a point of its way."""
    world = World(engine, LIMITS)
    world.start_rasa()
    world.start_actions()
    for _ in range(5):
        world.write(WHERE, "hi")
        world.finish(WHERE)
        world.clock.wind(timedelta(minutes=1))
    world.remember(WHERE)
    world.platform.answer = answer
    world.go_to(point)
    return world


@pytest.mark.parametrize("answer", ["accepted", "try again", "lost after it arrived"])
@pytest.mark.parametrize("point", POINTS)
def test_whatever_happens_at_a_point_breaks_no_limit_and_forgets_nobody(
    engine: sa.engine.Engine, point: str, answer: str
) -> None:
    """Judged by the finished log; in the end whatever stands in the way is taken away."""
    for event in EVENTS:
        world = on_the_way(engine, answer, point)
        happen(world, WHERE, event)
        world.platform.answer = "accepted"
        world.finish_turns()
        try:
            assert not (found := violations(world.log)), f"{event}: {found}"
            world.lift(WHERE)
            assert not (left := forgotten(world)), f"{event}: {left}"
            assert not (found := violations(world.log)), f"{event}: {found}"
            assert not world.stage.failures, f"{event}: {world.stage.failures}"
        finally:
            world.close()


def test_every_point_is_on_the_way(engine: sa.engine.Engine) -> None:
    """A point that is never reached would prove nothing."""
    for point in POINTS:
        world = on_the_way(engine, "try again", point)
        names = {one.name for one in world.stage.parked}
        world.close()
        assert point in names
