"""The only way out for what nobody asked for: one permit, one call, checked at that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from overture.delivery.proactive import ProactiveSender
from overture.errors import PermitRefused
from overture.services.follow_up import claim_due
from overture.store.records import FactRow
from tests.unit.delivery.rooms import NUMBER, Rooms

MESSENGER = "messenger:601:u1:maestro"
WHATSAPP = f"whatsapp:603:{NUMBER}:maestro"


@pytest.fixture
def proactive(rooms: Rooms) -> ProactiveSender:
    """Return the way out."""
    return ProactiveSender(
        rooms.database, rooms.clock, rooms.deployment, rooms.sender, rooms.worker
    )


async def earn(rooms: Rooms, channel: str = "messenger", **person: Any) -> None:
    """Have a person write five messages."""
    for number in range(5):
        await rooms.say(channel, f"message {number}", **person)
        rooms.clock.wind(timedelta(minutes=1))
    rooms.graph.calls.clear()


def permit(rooms: Rooms, after: timedelta) -> int:
    """Let time pass and claim what is due; return how many permits there are."""
    rooms.clock.wind(after)
    claims = rooms.write(
        lambda ledger: claim_due(
            ledger,
            rooms.clock.now(),
            rooms.deployment,
            limit=9,
            owner="d",
            lease=timedelta(seconds=60),
        )
    )
    return len(claims.tickets)


async def test_nothing_leaves_without_a_permit(rooms: Rooms, proactive: ProactiveSender) -> None:
    """Whoever asks Rasa for this channel's output: its words stay inside."""
    await earn(rooms)
    with pytest.raises(PermitRefused):
        await proactive.send(MESSENGER, {"text": "buy this"})
    assert rooms.graph.calls == []


async def test_a_permit_lets_one_message_out(rooms: Rooms, proactive: ProactiveSender) -> None:
    """A second message of the same turn stays inside."""
    await earn(rooms)
    assert permit(rooms, timedelta(hours=21)) == 1
    await proactive.send(MESSENGER, {"text": "hello again"})
    with pytest.raises(PermitRefused):
        await proactive.send(MESSENGER, {"text": "and another thing"})
    assert rooms.graph.texts == ["hello again"]


async def test_a_long_follow_up_is_still_one_message(
    rooms: Rooms, proactive: ProactiveSender
) -> None:
    """What does not fit is cut, not sent as a second message."""
    await earn(rooms)
    permit(rooms, timedelta(hours=21))
    await proactive.send(MESSENGER, {"text": "word " * 1000})
    assert len(rooms.graph.calls) == 1


async def test_a_memory_forgotten_after_composing_withholds(
    rooms: Rooms, proactive: ProactiveSender
) -> None:
    """Nothing is claimed that is not in memory at the moment of sending."""
    await earn(rooms)
    fact = FactRow(
        conversation_id=MESSENGER,
        kind="likes",
        value="Alien",
        source_message_id="m1",
        quote="Alien",
        said_at=rooms.clock.now(),
    )
    number = rooms.write(lambda ledger: ledger.memory.add([fact]))[0]
    permit(rooms, timedelta(hours=21))
    rooms.write(lambda ledger: ledger.memory.delete(MESSENGER))
    with pytest.raises(PermitRefused, match="memory"):
        await proactive.send(MESSENGER, {"text": "You like Alien.", "uses": [str(number)]})
    assert rooms.graph.calls == []


@pytest.mark.parametrize(("kept", "sent"), [(0, ["text"]), (26, ["template"])])
async def test_after_the_free_window_whatsapp_gets_the_approved_template(
    rooms: Rooms, proactive: ProactiveSender, kept: int, sent: list[str]
) -> None:
    """Inside it words of our own; a pause that outlasts it leaves the template."""
    template = {"name": "follow_up", "language": "en_US"}
    rooms.write(lambda ledger: ledger.describe_account("whatsapp", "603", {"template": template}))
    await earn(rooms, "whatsapp", number=NUMBER)
    until = rooms.clock.now() + timedelta(hours=kept)
    rooms.write(lambda ledger: ledger.people.save_conversation(WHATSAPP, until, paused_until=until))
    if kept:
        from overture.services.planning import replan

        now = rooms.clock.now()
        rooms.write(lambda ledger: replan(ledger, WHATSAPP, now, rooms.deployment))
    assert permit(rooms, timedelta(hours=max(21, kept + 1))) == 1
    await proactive.send(WHATSAPP, {"text": "How was it?"})
    assert [body["type"] for _, _, body in rooms.graph.calls] == sent
