"""A person on WhatsApp whose number or id becomes another one stays the same person."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from overture.delivery.graph import Rejected
from overture.meta.errors import classify_code
from overture.services import consent
from overture.store.records import FactRow, Outbound
from overture.store.schema import contact, inbound, outbound, permit, tracker_event
from overture.store.sql import SqlLedger
from tests.unit.delivery.rooms import NUMBER, SCOPED, Rooms, body_of, whatsapp_change

OLD, NEW = f"whatsapp:603:{NUMBER}", f"whatsapp:603:{SCOPED}"
OTHER_NUMBER = "491700000002"


@pytest.fixture
def rooms(database_url: str) -> Iterator[Rooms]:
    """Run each of these on both kinds of database: rows change hands in SQL."""
    rooms = Rooms(database_url)
    yield rooms
    rooms.database.close()


def system(kind: str, **body: Any) -> dict[str, Any]:
    """Return the body of a system message about the person with the number."""
    message = {"from": NUMBER, "id": "wamid.sys", "timestamp": "1772452800", "type": "system"}
    return whatsapp_change("messages", {"messages": [message | {"system": {"type": kind, **body}}]})


async def known_by_number(rooms: Rooms, messages: int = 5) -> None:
    """Have the person write under the number alone, opt out, and be remembered."""
    for number in range(messages):
        await rooms.say("whatsapp", f"message {number}", number=NUMBER)

    def note(ledger: SqlLedger) -> None:
        consent.opt_out(ledger, OLD, rooms.clock.now(), rooms.deployment, by="m1")
        ledger.memory.add(
            [
                FactRow(
                    conversation_id=f"{OLD}:maestro",
                    kind="likes",
                    value="waltzes",
                    source_message_id="m1",
                    quote="I like waltzes",
                    said_at=rooms.clock.now(),
                )
            ]
        )
        ledger.tracker.append(f"{OLD}:maestro", [{"event": "user", "text": "hi"}])

    rooms.write(note)


async def test_a_scoped_id_takes_over_everything_of_the_number(rooms: Rooms) -> None:
    """Limits, opt-out, memory and history go along; nothing is left under the number."""
    await known_by_number(rooms)
    await rooms.say("whatsapp", "now with an id", number=NUMBER, scoped=SCOPED)
    state = rooms.read(lambda ledger: ledger.people.conversation(f"{NEW}:maestro"))
    person = rooms.read(lambda ledger: ledger.people.contact(NEW))
    assert (state.cycle, state.messages_in_window) == (6, 6)
    assert (person.opted_out_by, person.opted_out_at is not None) == ("m1", True)
    facts = rooms.read(lambda ledger: ledger.memory.current(f"{NEW}:maestro"))
    assert [fact.value for fact in facts] == ["waltzes"]
    assert rooms.read(lambda ledger: ledger.people.contact(OLD)) is None
    assert rooms.rows(sa.select(inbound.c.id).where(inbound.c.user_id == NUMBER)) == []
    assert rooms.rows(sa.select(outbound.c.id).where(outbound.c.contact_id == OLD)) == []
    senders = {row.sender_id for row in rooms.rows(sa.select(tracker_event.c.sender_id))}
    assert senders == {f"{NEW}:maestro"}


async def test_the_live_history_of_the_former_id_is_dropped(rooms: Rooms) -> None:
    """Rasa holds trackers in memory: the old one must not survive, a new one not be half."""
    await known_by_number(rooms, 1)
    await rooms.say("whatsapp", "now with an id", number=NUMBER, scoped=SCOPED)
    assert set(rooms.dropped) == {f"{OLD}:maestro", f"{NEW}:maestro"}


async def test_a_number_alone_finds_the_person_known_by_id(rooms: Rooms) -> None:
    """Some webhooks name the number only."""
    await rooms.say("whatsapp", "one", number=NUMBER, scoped=SCOPED)
    await rooms.say("whatsapp", "two", number=NUMBER)
    state = rooms.read(lambda ledger: ledger.people.conversation(f"{NEW}:maestro"))
    assert state.messages_in_window == 2
    assert [row.id for row in rooms.rows(sa.select(contact.c.id))] == [NEW]


async def test_answers_go_to_the_id_by_recipient_and_to_a_number_by_to(rooms: Rooms) -> None:
    """The Cloud API has a field for each."""
    await rooms.say("whatsapp", "one", number=NUMBER)
    await rooms.say("whatsapp", "two", number=NUMBER, scoped=SCOPED)
    first, second = (body for _, _, body in rooms.graph.calls)
    assert (first.get("to"), first.get("recipient")) == (NUMBER, None)
    assert (second.get("to"), second.get("recipient")) == (None, SCOPED)


async def test_a_waiting_answer_goes_to_the_new_id(rooms: Rooms) -> None:
    """What was said before the change is sent after it."""
    await rooms.say("whatsapp", "hello", number=NUMBER)

    def queue(ledger: SqlLedger) -> None:
        row = Outbound(
            conversation_id=f"{OLD}:maestro",
            contact_id=OLD,
            kind="reply",
            text="late",
            request={"messaging_product": "whatsapp", "to": NUMBER, "text": {"body": "late"}},
            created_at=rooms.clock.now(),
        )
        ledger.outbox.add([row], "test", rooms.clock.now() + timedelta(hours=1))

    rooms.write(queue)
    await rooms.accept("whatsapp", system("user_changed_number", wa_id=OTHER_NUMBER))
    rooms.sender.wake(f"whatsapp:603:{OTHER_NUMBER}")
    await rooms.settle()
    body = rooms.graph.calls[-1][2]
    assert (body["to"], body["text"]["body"]) == (OTHER_NUMBER, "late")


async def test_a_changed_number_carries_everything_along_and_is_forgotten(rooms: Rooms) -> None:
    """The former number may be given to somebody else, who is not this person."""
    await known_by_number(rooms)
    await rooms.accept("whatsapp", system("user_changed_number", wa_id=OTHER_NUMBER))
    await rooms.say("whatsapp", "a stranger", number=NUMBER)
    moved = rooms.read(lambda ledger: ledger.people.contact(f"whatsapp:603:{OTHER_NUMBER}"))
    stranger = rooms.read(lambda ledger: ledger.people.contact(OLD))
    assert moved.opted_out_at is not None
    assert stranger.opted_out_at is None
    assert rooms.read(lambda ledger: ledger.memory.current(f"{OLD}:maestro")) == []


async def test_another_id_with_a_known_number_is_another_person(rooms: Rooms) -> None:
    """An id changes only with its number: the number has been given to somebody else."""
    await rooms.say("whatsapp", "one", number=NUMBER, scoped=SCOPED)
    await rooms.say("whatsapp", "two", number=NUMBER, scoped="DE.Stranger99")
    ids = {row.id for row in rooms.rows(sa.select(contact.c.id))}
    assert ids == {NEW, "whatsapp:603:DE.Stranger99"}
    await rooms.say("whatsapp", "three", number=NUMBER)
    state = rooms.read(
        lambda ledger: ledger.people.conversation("whatsapp:603:DE.Stranger99:maestro")
    )
    assert state.messages_in_window == 2


async def test_a_turn_under_the_former_id_ends_under_the_new_one(rooms: Rooms) -> None:
    """The id changes in the middle of a turn: one answer each, in order, nothing left over."""
    entered, go_on = asyncio.Event(), asyncio.Event()
    switched_off = rooms.clock.now()

    async def wait(message: Any) -> None:
        if not entered.is_set():
            entered.set()
            await go_on.wait()
            rooms.write(  # what Rasa and the actions do meanwhile, under the id they know
                lambda ledger: (
                    ledger.tracker.append(f"{OLD}:maestro", [{"event": "bot", "text": "re"}]),
                    ledger.people.save_contact(OLD, rooms.clock.now(), memory_off_at=switched_off),
                )
            )

    rooms.during_turn = wait
    await rooms.accept("whatsapp", body_of("whatsapp", "first", number=NUMBER))
    await entered.wait()
    await rooms.accept("whatsapp", body_of("whatsapp", "second", number=NUMBER, scoped=SCOPED))
    go_on.set()
    await rooms.settle()
    assert [text for _, text in rooms.turned] == ["first", "second"]
    assert rooms.graph.texts == ["re: first", "re: second"]
    assert rooms.read(lambda ledger: ledger.people.contact(OLD)) is None
    person = rooms.read(lambda ledger: ledger.people.contact(NEW))
    assert person.memory_off_at == switched_off
    senders = {row.sender_id for row in rooms.rows(sa.select(tracker_event.c.sender_id))}
    assert senders == {f"{NEW}:maestro"}
    state = rooms.read(lambda ledger: ledger.people.conversation(f"{NEW}:maestro"))
    assert state.messages_in_window == 2


async def test_two_histories_of_one_person_become_one(rooms: Rooms) -> None:
    """Both ids were used before they were known to be one: counts add up, opt-outs stay."""
    await known_by_number(rooms, 3)
    await rooms.say("whatsapp", "by id", scoped=SCOPED)
    await rooms.say("whatsapp", "both", number=NUMBER, scoped=SCOPED)
    state = rooms.read(lambda ledger: ledger.people.conversation(f"{NEW}:maestro"))
    person = rooms.read(lambda ledger: ledger.people.contact(NEW))
    assert (state.cycle, state.messages_in_window) == (5, 5)
    assert person.opted_out_at is not None


async def test_the_permits_of_both_histories_are_kept_apart(rooms: Rooms) -> None:
    """Each was for a cycle of its own; the newer cycles go on after the older ones."""
    await rooms.say("whatsapp", "by number", number=NUMBER)
    for text in ("by id", "by id again"):
        await rooms.say("whatsapp", text, scoped=SCOPED)
    for conversation_id, cycle in ((f"{OLD}:maestro", 1), *((f"{NEW}:maestro", n) for n in (1, 2))):
        row = {"conversation_id": conversation_id, "cycle": cycle, "kind": "follow_up"}
        row |= {"issued_at": rooms.clock.now()}
        rooms.database.write_now(lambda one, row=row: one.execute(sa.insert(permit), row))
    await rooms.say("whatsapp", "both", number=NUMBER, scoped=SCOPED)
    rows = rooms.rows(sa.select(permit.c.conversation_id, permit.c.cycle).order_by(permit.c.id))
    assert [tuple(row) for row in rows] == [(f"{NEW}:maestro", cycle) for cycle in (1, 2, 3)]


async def test_a_message_that_came_under_both_ids_is_kept_once(rooms: Rooms) -> None:
    """Two apps, or two deliveries, that name the person differently."""
    await rooms.say("whatsapp", "hello", number=NUMBER, message_id="wamid.1")
    await rooms.say("whatsapp", "hello", scoped=SCOPED, message_id="wamid.1")
    await rooms.say("whatsapp", "both", number=NUMBER, scoped=SCOPED, message_id="wamid.2")
    rows = rooms.rows(sa.select(inbound.c.message_id).order_by(inbound.c.id))
    assert [row.message_id for row in rows] == ["wamid.1", "wamid.2"]


async def test_a_redelivery_that_names_the_id_is_not_answered_again(rooms: Rooms) -> None:
    """The same message, first by number, then by id, is one message."""
    await rooms.say("whatsapp", "hello", number=NUMBER, message_id="wamid.1")
    await rooms.say("whatsapp", "hello", number=NUMBER, scoped=SCOPED, message_id="wamid.1")
    assert len(rooms.turned) == 1
    assert len(rooms.graph.calls) == 1


async def test_an_answer_on_its_way_is_not_sent_again_under_the_new_id(rooms: Rooms) -> None:
    """A send that is being repeated when the id changes still happens once."""
    failure = classify_code("whatsapp", 131016)
    rooms.graph.answers = [Rejected(failure=failure)]

    async def change(body: Any) -> None:
        rooms.graph.during = None
        await rooms.accept("whatsapp", system("user_changed_user_id", user_id=SCOPED))
        rooms.sender.wake(NEW)

    rooms.graph.during = change
    await rooms.say("whatsapp", "hello", number=NUMBER)
    states = [row.state for row in rooms.rows(sa.select(outbound.c.state))]
    assert states == ["sent"]
    assert len(rooms.graph.calls) == 2
    assert rooms.graph.calls[1][2]["recipient"] == SCOPED


async def test_a_number_that_changed_hands_before_the_turn_is_not_given_back(rooms: Rooms) -> None:
    """Who has a number is settled when a webhook is stored, not when its turn comes."""
    gate = asyncio.Event()
    rooms.during_turn = lambda _: gate.wait()
    await rooms.accept("whatsapp", body_of("whatsapp", "one", number=NUMBER, scoped=SCOPED))
    await rooms.accept("whatsapp", body_of("whatsapp", "two", number=NUMBER, scoped=SCOPED))
    await rooms.accept("whatsapp", system("user_changed_number", wa_id=OTHER_NUMBER))
    gate.set()
    await rooms.settle()
    number_of = rooms.read(lambda ledger: ledger.people.known_as("whatsapp", "603", [NUMBER]))
    assert number_of is None


async def test_an_id_of_unknown_form_is_found_by_its_number(rooms: Rooms) -> None:
    """What is neither a number nor a scoped id as we know them names a person all the same."""
    body = body_of("whatsapp", "hello", scoped="unknown-form")
    contact_card = {"user_id": "unknown-form", "wa_id": OTHER_NUMBER}
    body["entry"][0]["changes"][0]["value"]["contacts"] = [contact_card]
    await rooms.accept("whatsapp", body)
    await rooms.settle()
    await rooms.say("whatsapp", "hello again", number=OTHER_NUMBER)
    users = rooms.rows(sa.select(inbound.c.user_id).distinct())
    assert [row.user_id for row in users] == ["unknown-form"]


@pytest.mark.parametrize("channel", ["messenger", "whatsapp"])
async def test_ids_of_any_length_are_stored_or_refused_alike(rooms: Rooms, channel: str) -> None:
    """No id makes the database refuse a body, which would come again for ever."""
    letters = "".join(chr(0x4E00 + number * 7) for number in range(1000))  # nothing to compress
    for length in (100, 333, 334, 1000):
        given = letters[:length]
        body = body_of(channel, "hello", user=given, number=given, message_id=given)
        await rooms.accept(channel, body)
    await rooms.accept(channel, body_of(channel, "hello", user="a:" * 300, number="a:" * 300))
    await rooms.settle()
    known = rooms.rows(sa.select(inbound.c.user_id).order_by(inbound.c.id))
    assert [len(row.user_id) for row in known] == [100, 333]
