"""Words that a person takes back or changes, before, while and after they are answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from overture.services.deployment import Deployment
from overture.services.keeping import Keeping, let_go
from overture.store.schema import metadata
from tests.unit.delivery.rooms import Rooms, body_of, direct_event, refusal, states


async def test_words_taken_back_while_they_are_answered_are_kept_nowhere(rooms: Rooms) -> None:
    """The turn stores its history after the unsend has removed what was there."""
    body = body_of("messenger", "my secret", message_id="mid.taken-back")
    unsent = {"sender": {"id": "u1"}, "recipient": {"id": "601"}, "timestamp": 1772452800000}
    unsent |= {"message": {"mid": "mid.taken-back", "is_deleted": True}}

    async def unsend(message: Any) -> None:
        await rooms.accept("messenger", direct_event("messenger", unsent))
        said = {"event": "user", "text": "my secret", "message_id": "mid.taken-back"}
        history = message.conversation_id
        rooms.write(lambda ledger: ledger.tracker.append(history, [said]))

    rooms.during_turn = unsend
    await rooms.accept("messenger", body)
    await rooms.settle()
    held = [str(row) for table in metadata.sorted_tables for row in rooms.rows(sa.select(table))]
    assert held
    assert not [row for row in held if "secret" in row]
    assert rooms.graph.texts == []
    assert rooms.dropped.count("messenger:601:u1:maestro") >= 2


def edit(text: str, revision: int | str = 1) -> dict[str, Any]:
    """Return the body of an edit of the person's message mid.e."""
    event = {"sender": {"id": "u1"}, "recipient": {"id": "601"}, "timestamp": 1772452800000}
    body = {"mid": "mid.e", "text": text, "num_edit": revision}
    return direct_event("messenger", event | {"message_edit": body})


def unsend() -> dict[str, Any]:
    """Return the body that takes the person's message mid.e back."""
    event = {"sender": {"id": "u1"}, "recipient": {"id": "601"}, "timestamp": 1772452800000}
    return direct_event("messenger", event | {"message": {"mid": "mid.e", "is_deleted": True}})


def taking_back(rooms: Rooms) -> Callable[[Any], Any]:
    """Return what takes mid.e back, once, when it is awaited in the middle of something."""

    async def taken_back(_: Any) -> None:
        rooms.during_turn = rooms.graph.during = None
        await rooms.accept("messenger", unsend())

    return taken_back


async def test_an_answer_that_still_waits_goes_with_the_words_it_answers(rooms: Rooms) -> None:
    """Taken back while the platform refuses it for now: it is not sent again, the next one is."""
    rooms.graph.answers = [refusal(4)]
    rooms.graph.during = taking_back(rooms)
    await rooms.accept("messenger", body_of("messenger", "my secret", message_id="mid.e"))
    await rooms.say("messenger", "hello")
    assert rooms.graph.texts == ["re: my secret", "re: hello"]
    assert states(rooms) == ["sent"]


@pytest.mark.parametrize(("label", "texts"), [("crisis", ["re: help"]), ("opt_in", [])])
async def test_what_holds_on_is_told_though_its_words_are_taken_back(
    label: str, texts: list[str]
) -> None:
    """Somebody in danger is not met with silence."""
    rooms = Rooms("sqlite://", Deployment(screen=lambda _: frozenset({label})))
    rooms.during_turn = taking_back(rooms)
    await rooms.say("messenger", "help", message_id="mid.e")
    rooms.database.close()
    assert rooms.graph.texts == texts


def stored(rooms: Rooms) -> str | None:
    """Return the words that are held of the message mid.e."""
    return rooms.read(lambda ledger: ledger.inbox.one("messenger", "601", "u1", "mid.e")).text


async def test_an_edit_replaces_the_words_and_a_late_one_does_not(rooms: Rooms) -> None:
    """Order is not kept by the platform: the latest revision holds, and what is gone stays gone."""
    await rooms.say("messenger", "frist", message_id="mid.e")
    said = {"event": "user", "text": "frist", "message_id": "mid.e"}
    history = "messenger:601:u1:maestro"
    rooms.write(lambda ledger: ledger.tracker.append(history, [said]))
    for text, revision in (("first", "1"), ("third", 3), ("second", 2)):
        await rooms.accept("messenger", edit(text, revision))
    assert stored(rooms) == "third"
    kept = rooms.read(lambda ledger: ledger.tracker.load(history, session_only=False))
    assert kept[0]["text"] == "third"
    assert history in rooms.dropped
    await rooms.accept("messenger", unsend())
    await rooms.accept("messenger", edit("fourth", 4))
    assert stored(rooms) is None


async def test_an_edit_that_says_stop_is_heeded() -> None:
    """The words that stand there now are the person's."""
    rooms = Rooms("sqlite://", Deployment(screen=lambda text: frozenset({"opt_out"} & {text})))
    await rooms.say("messenger", "hello", message_id="mid.e")
    await rooms.accept("messenger", edit("opt_out"))
    contact = rooms.read(lambda ledger: ledger.people.contact("messenger:601:u1"))
    rooms.database.close()
    assert contact.opted_out_at is not None


async def test_a_message_taken_back_before_it_arrives_is_not_stored_and_not_answered(
    rooms: Rooms,
) -> None:
    """Webhooks come in any order: the words are gone before they were here."""
    await rooms.accept("messenger", edit("my changed secret"))
    await rooms.accept("messenger", unsend())
    await rooms.accept("messenger", unsend())
    await rooms.say("messenger", "my secret", message_id="mid.e")
    await rooms.accept("messenger", edit("my other secret", 2))
    held = [str(row) for table in metadata.sorted_tables for row in rooms.rows(sa.select(table))]
    assert rooms.graph.texts == []
    assert rooms.turned == []
    assert not [row for row in held if "secret" in row]
    assert rooms.read(lambda ledger: ledger.inbox.pending("messenger", "601", "u1")) == []


async def test_a_message_changed_before_it_arrives_is_answered_by_its_newest_words(
    rooms: Rooms,
) -> None:
    """Its time and number are its own, the words those of the latest revision, kept once."""
    for text, revision in (("first", 1), ("third", 3), ("second", 2)):
        await rooms.accept("messenger", edit(text, revision))
    assert rooms.turned == []
    await rooms.say("messenger", "frist", message_id="mid.e")
    await rooms.accept("messenger", edit("second", 2))
    await rooms.settle()
    assert [text for _, text in rooms.turned] == ["third"]
    assert stored(rooms) == "third"
    inbound = rooms.rows(sa.select(metadata.tables["inbound"]))
    assert len([row for row in inbound if row.text is not None]) == 1
    counted = rooms.read(lambda ledger: ledger.people.conversation("messenger:601:u1:maestro"))
    assert counted.messages_in_window == 1


async def test_what_was_told_before_a_message_is_let_go_with_the_ids_of_messages(
    rooms: Rooms,
) -> None:
    """An edit or unsend of a message that never comes is not kept for ever."""
    await rooms.accept("messenger", edit("never to be seen"))
    await rooms.accept("messenger", unsend())
    later = rooms.clock.now() + timedelta(days=91)
    keeping = Keeping()
    assert rooms.write(lambda ledger: let_go(ledger, later - timedelta(days=2), keeping)) == 0
    assert rooms.write(lambda ledger: let_go(ledger, later, keeping)) == 2
    assert rooms.rows(sa.select(metadata.tables["inbound"])) == []


async def test_an_attachment_taken_back_before_its_turn_is_not_answered(rooms: Rooms) -> None:
    """There is nothing left to answer, whatever kind it was."""
    body = body_of("messenger", "", message_id="mid.e")
    message = body["entry"][0]["messaging"][0]["message"]
    message |= {"attachments": [{"type": "image", "payload": {"url": "https://x.example/1"}}]}
    body["entry"][0]["messaging"] += unsend()["entry"][0]["messaging"]
    await rooms.accept("messenger", body)
    await rooms.settle()
    assert rooms.turned == []
