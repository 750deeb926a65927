"""On Messenger a page may speak under the persona's own name; nothing waits for that."""

from __future__ import annotations

import asyncio
from typing import Any

from overture.accounts import Account
from overture.clock import Clock, SystemClock
from overture.delivery.graph import Accepted, Ambiguous, Rejected
from overture.delivery.names import PersonaNames
from overture.meta.errors import classify
from tests.unit.delivery.rooms import Rooms, config

CONVERSATION = "messenger:601:u1:maestro"


class FakeMaker:
    """Make names, or not, and count."""

    def __init__(self, *answers: str | Rejected | Ambiguous) -> None:
        self.answers = list(answers)
        self.made: list[tuple[str, str, str | None]] = []

    async def make_persona(
        self, account_id: str, name: str, picture: str | None
    ) -> str | Rejected | Ambiguous:
        """Answer as told."""
        self.made.append((account_id, name, picture))
        return self.answers.pop(0)


def with_names(
    rooms: Rooms, maker: FakeMaker, clock: Clock | None = None, **account: Any
) -> PersonaNames:
    """Have the page speak under personas' names."""
    page = Account(id="601", access_token="t", **{"use_personas": True, **account})
    names = PersonaNames(
        rooms.database,
        maker,
        {"messenger": config("messenger", accounts={"601": page})},
        clock or rooms.clock,
        {"maestro": "The Maestro of Movie Magic"}.get,
    )
    rooms.sender.names = names
    return names


async def say(rooms: Rooms, text: str) -> None:
    """Have a person write, and let what goes on beside end."""
    await rooms.say("messenger", text)
    await asyncio.sleep(0.05)


async def test_a_name_is_made_once_and_used_from_then_on(rooms: Rooms) -> None:
    """The first answer does not wait for it."""
    maker = FakeMaker("persona-7")
    with_names(rooms, maker, persona_picture="https://cdn.example/{persona}.png")
    for text in ("one", "two", "three"):
        await say(rooms, text)
    ids = [body.get("persona_id") for _, _, body in rooms.graph.calls]
    assert ids == [None, "persona-7", "persona-7"]
    assert maker.made == [("601", "The Maestro of Movie Magic", "https://cdn.example/maestro.png")]


async def test_a_name_is_made_by_the_clock_of_the_machine_too(rooms: Rooms) -> None:
    """Two readings of it are never the same, as a fake clock's are."""
    maker = FakeMaker("persona-7")
    names = with_names(rooms, maker, clock=SystemClock())
    names.id_of(CONVERSATION)
    await asyncio.sleep(0.05)
    assert names.id_of(CONVERSATION) == "persona-7"


async def test_a_name_survives_a_restart(rooms: Rooms) -> None:
    """It is kept with the account."""
    with_names(rooms, FakeMaker("persona-7"))
    await say(rooms, "one")
    rooms.build()
    again = FakeMaker()
    names = with_names(rooms, again)
    assert names.id_of(CONVERSATION) is None
    await asyncio.sleep(0.05)
    assert (names.id_of(CONVERSATION), again.made) == ("persona-7", [])


async def test_no_name_is_made_where_it_is_not_wanted(rooms: Rooms) -> None:
    """Off unless the account says so; other channels have nothing like it."""
    maker = FakeMaker()
    names = with_names(rooms, maker, use_personas=False)
    assert names.id_of(CONVERSATION) is None
    names = with_names(rooms, maker)
    assert names.id_of("whatsapp:601:u1:maestro") is None
    assert names.id_of("messenger:999:u1:maestro") is None
    await asyncio.sleep(0.02)
    assert maker.made == []


async def test_a_failure_is_not_repeated_at_every_message(rooms: Rooms) -> None:
    """The page goes on speaking under its own name."""
    maker = FakeMaker(Ambiguous(because="TimeoutError"))
    with_names(rooms, maker)
    for text in ("one", "two", "three"):
        await say(rooms, text)
    assert len(maker.made) == 1
    assert rooms.graph.texts == ["re: one", "re: two", "re: three"]


async def test_an_answer_refused_with_its_name_goes_without(rooms: Rooms) -> None:
    """Somebody has deleted the persona on the platform."""
    with_names(rooms, FakeMaker("persona-7", "persona-8"))
    await say(rooms, "one")
    failure = classify("messenger", 400, {"error": {"code": 100}})
    rooms.graph.answers = [Rejected(failure=failure), Accepted(message_id="m_2")]
    await say(rooms, "two")
    ids = [body.get("persona_id") for _, _, body in rooms.graph.calls]
    assert ids == [None, "persona-7", None]
