"""What is too old goes, a little at a time; what limits are counted by stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from overture.delivery.tidying import TidyUp
from overture.services import keeping
from overture.services.keeping import Keeping
from overture.store.schema import decision, inbound, outbound
from tests.unit.delivery.rooms import Rooms

DAY = timedelta(days=1)
LIMITS = Keeping(messages=30 * DAY, requests=8 * DAY, decisions=20 * DAY)


@pytest.fixture
def rooms(database_url: str) -> Iterator[Rooms]:
    """Run each of these on both kinds of database."""
    rooms = Rooms(database_url)
    yield rooms
    rooms.database.close()


def rows(rooms: Rooms) -> tuple[int, int, int, int]:
    """Return how many messages in and out, decisions, and bodies there are."""
    counted = [len(rooms.rows(sa.select(table))) for table in (inbound, outbound, decision)]
    bodies = [row.request for row in rooms.rows(sa.select(outbound.c.request)) if row.request]
    return counted[0], counted[1], counted[2], len(bodies)


async def test_each_thing_is_kept_for_its_time(rooms: Rooms) -> None:
    """Bodies go first, then decisions, then the words; the counters never."""
    tidy = TidyUp(rooms.database, rooms.clock, LIMITS)
    for number in range(5):
        await rooms.say("messenger", f"m{number}")
    _, _, decisions, _ = rows(rooms)
    assert decisions > 0
    assert await tidy.when_due() == 0
    rooms.clock.wind(9 * DAY)
    await tidy.when_due()
    assert rows(rooms) == (5, 5, decisions, 0)
    rooms.clock.wind(12 * DAY)
    await tidy.when_due()
    assert rows(rooms) == (5, 5, 0, 0)
    rooms.clock.wind(10 * DAY)
    await tidy.when_due()
    assert rows(rooms) == (0, 0, 0, 0)
    state = rooms.read(lambda ledger: ledger.people.conversation("messenger:601:u1:maestro"))
    assert (state.cycle, state.messages_in_window) == (5, 5)


async def test_it_is_looked_at_once_an_hour(rooms: Rooms) -> None:
    """Looking costs a little too."""
    tidy = TidyUp(rooms.database, rooms.clock, LIMITS)
    await tidy.when_due()
    await rooms.say("messenger", "hello")
    rooms.clock.wind(timedelta(minutes=59))
    rooms.write(lambda ledger: ledger.inbox.prune(rooms.clock.now() - 99 * DAY, 10))
    assert await tidy.when_due() == 0
    rooms.clock.wind(40 * DAY)
    assert await tidy.when_due() > 0


async def test_more_than_a_batch_goes_in_several_transactions(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits long for the writer."""
    monkeypatch.setattr(keeping, "BATCH", 3)
    for number in range(10):
        await rooms.say("messenger", f"m{number}")
    rooms.clock.wind(40 * DAY)
    await TidyUp(rooms.database, rooms.clock, LIMITS).when_due()
    assert rows(rooms) == (0, 0, 0, 0)


async def test_what_is_not_done_yet_stays_however_old(rooms: Rooms) -> None:
    """Rasa may have been away for a month."""
    rooms.turns.run_turn.clear()
    await rooms.say("messenger", "hello")
    rooms.clock.wind(40 * DAY)
    await TidyUp(rooms.database, rooms.clock, LIMITS).when_due()
    assert rows(rooms)[0] == 1


def test_messages_of_an_open_window_cannot_be_given_up() -> None:
    """They are its evidence; and WhatsApp repeats a webhook for up to seven days."""
    with pytest.raises(ValueError, match="open window"):
        Keeping(messages=13 * DAY)
