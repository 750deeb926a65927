"""Is anybody forgotten? Let the world run on in peace and see who should have been written to."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.scenario.judge import Life, span
from tests.scenario.town import CONVERSATIONS
from tests.scenario.world import World

#: How far apart the instants are that are looked at; shorter openings are not insisted on.
_GRID = timedelta(hours=1)
_HORIZON = timedelta(days=16)


def forgotten(world: World) -> list[str]:
    """Run on until nothing is planned; return who was owed a follow-up and did not get it."""
    world.calm_down()
    start, before = world.clock.now(), len(world.log)
    life = Life()
    for line in world.log:
        life.read(line)
    owed = {one: at for one in CONVERSATIONS if (at := _opening(life, one, start)) is not None}
    world.run_on(start + _HORIZON)
    sent = {line["conversation"] for line in world.log[before:] if line["type"] == "spent"}
    return [
        f"{one} could have been sent one at {at}" for one, at in owed.items() if one not in sent
    ]


def _opening(life: Life, where: str, start: datetime) -> datetime | None:
    """Return the first instant of an hour in which nothing speaks against a follow-up."""
    if not life.messages[where]:
        return None
    end = life.window(where)[0] + span(life.limits["window"])
    free, at = 0, start
    while at <= end:
        free = 0 if life.objections(where, {"at": at}) else free + 1
        if free == 2:
            return at - _GRID
        at += _GRID
    return None
