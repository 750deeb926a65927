"""Links and codes choose the persona; private ones open only for those who have the code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from overture.services.deployment import Deployment, PersonaStanding
from tests.unit.delivery.rooms import NOON, NUMBER, Rooms, direct_event

PERSONAS = {
    "maestro": PersonaStanding(),
    "gardener": PersonaStanding(),
    "diary": PersonaStanding(visible=False),
    "draft": PersonaStanding(released=False),
}
GONE = PersonaStanding(released=False, visible=False)


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """Return a deployment with four personas, one of them private and shared by a code."""
    deployment = Deployment(
        persona=lambda persona_id, contact_id: PERSONAS.get(persona_id, GONE),
        persona_by_ref=lambda ref: ref if ref in PERSONAS else None,
        screen=lambda text: frozenset({"opt_out"} if text == "stop" else ()),
    )
    rooms = Rooms(f"sqlite:///{tmp_path}/ledger.db", deployment)
    rooms.write(lambda ledger: ledger.sharing.add("k3y-for-two", "diary", NOON))
    yield rooms
    rooms.database.close()


def personas(rooms: Rooms) -> list[str]:
    """Return who answered, in order."""
    return [conversation_id.rsplit(":", 1)[1] for conversation_id, _ in rooms.turned]


async def follow(rooms: Rooms, ref: str, channel: str = "messenger") -> None:
    """Open a link in a thread that exists."""
    event: dict[str, Any] = {
        "sender": {"id": "u1"},
        "recipient": {"id": "601" if channel == "messenger" else "602"},
        "timestamp": 1772452800000 + len(rooms.turned),
        "referral": {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"},
    }
    await rooms.accept(channel, direct_event(channel, event))
    await rooms.settle()


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_a_link_switches_to_its_persona_and_stays_there(rooms: Rooms, channel: str) -> None:
    """m.me and ig.me links in an existing thread come alone."""
    await rooms.say(channel, "hello")
    await follow(rooms, "gardener", channel)
    await rooms.say(channel, "and now?")
    assert personas(rooms) == ["maestro", "gardener", "gardener"]


async def test_a_code_in_the_first_text_chooses_and_is_taken_out(rooms: Rooms) -> None:
    """wa.me links have no ref: the code stands in the text they fill in."""
    await rooms.say("whatsapp", "Hi! [gardener]", number=NUMBER)
    assert rooms.turned == [(f"whatsapp:603:{NUMBER}:gardener", "Hi!")]


async def test_a_code_alone_opens_the_talk(rooms: Rooms) -> None:
    """Somebody deletes the greeting and sends the code."""
    await rooms.say("whatsapp", "[gardener]", number=NUMBER)
    assert rooms.turned == [(f"whatsapp:603:{NUMBER}:gardener", "/get_started")]


async def test_a_later_code_switches(rooms: Rooms) -> None:
    """The person opens another link."""
    await rooms.say("whatsapp", "Hi! [gardener]", number=NUMBER)
    await rooms.say("whatsapp", "Hi! [maestro]", number=NUMBER)
    assert personas(rooms) == ["gardener", "maestro"]


@pytest.mark.parametrize("text", ["see [1]", "a [Gardener's] note", "x [draft]", "x [diary]"])
async def test_brackets_of_a_persons_own_are_left_alone(rooms: Rooms, text: str) -> None:
    """Nobody gave out such a code; a private or unreleased persona's name is none."""
    await rooms.say("whatsapp", text, number=NUMBER)
    assert rooms.turned == [(f"whatsapp:603:{NUMBER}:maestro", text)]


async def test_words_before_a_code_are_screened_as_said(rooms: Rooms) -> None:
    """The code must not hide a stop."""
    await rooms.say("whatsapp", "stop [gardener]", number=NUMBER)
    person = rooms.read(lambda ledger: ledger.people.contact(f"whatsapp:603:{NUMBER}"))
    assert person.opted_out_at is not None


@pytest.mark.parametrize("ref", ["nobody", "draft", "diary", "", "x" * 300])
async def test_a_link_to_nobody_this_person_may_meet_is_ignored(rooms: Rooms, ref: str) -> None:
    """Unknown, unreleased, private: the talk goes on with whom it was with."""
    await rooms.say("messenger", "hello")
    await follow(rooms, ref)
    assert set(personas(rooms)) == {"maestro"}


async def test_a_private_persona_opens_with_its_code_and_may_write_first(rooms: Rooms) -> None:
    """The gate sees that it was shared with this person, and with nobody else."""
    await rooms.say("messenger", "hello")
    await follow(rooms, "k3y-for-two")
    for number in range(5):
        await rooms.say("messenger", f"m{number}")
    mine = rooms.read(lambda ledger: ledger.people.standing("messenger:601:u1:diary"))
    assert mine.plan is not None
    assert list(mine.contact.shared) == ["diary"]
    await rooms.say("messenger", "hello", user="u2")
    assert list(rooms.read(lambda ledger: ledger.people.contact("messenger:601:u2")).shared) == []


async def test_a_code_that_was_taken_back_opens_nothing(rooms: Rooms) -> None:
    """Those who came before keep what was shared with them."""
    assert rooms.write(lambda ledger: ledger.sharing.revoke("k3y-for-two", NOON))
    assert not rooms.write(lambda ledger: ledger.sharing.revoke("k3y-for-two", NOON))
    await follow(rooms, "k3y-for-two")
    assert personas(rooms) == ["maestro"]
    assert rooms.read(lambda ledger: ledger.sharing.codes("diary")) == []


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
async def test_an_opened_link_is_answered_and_is_no_message(rooms: Rooms, channel: str) -> None:
    """It opens no window, does not count towards the five and ends no silence."""
    await follow(rooms, "maestro", channel)
    assert personas(rooms) == ["maestro"]
    where = rooms.turned[0][0]
    state = rooms.read(lambda ledger: ledger.people.conversation(where))
    assert (state.window_opened_at, state.messages_in_window, state.cycle) == (None, 0, 0)
    await rooms.say(channel, "hello")
    await follow(rooms, "maestro", channel)
    state = rooms.read(lambda ledger: ledger.people.conversation(where))
    assert (state.messages_in_window, state.cycle) == (1, 1)
