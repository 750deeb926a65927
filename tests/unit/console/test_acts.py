"""What reviewers do to a conversation, over HTTP, and what no other page can do for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from overture.services import consent
from overture.store.schema import contact, conversation, tracker_event
from tests.unit.console.house import page_of


async def test_taking_over_silences_the_bot_until_it_is_handed_back(house, visitor):
    conversation_id = house.talk("anna")
    told = await visitor.submit(page_of(conversation_id), "take-over")
    assert "You have this conversation." in told
    now = house.clock.now()
    assert house.read(lambda ledger: consent.taken_over(ledger, conversation_id, now))
    assert house.read(lambda ledger: ledger.people.standing(conversation_id)).plan is None
    assert "Taken over" in told
    await visitor.submit(page_of(conversation_id), "hand-back")
    assert not house.read(lambda ledger: consent.taken_over(ledger, conversation_id, now))
    assert house.read(lambda ledger: ledger.people.standing(conversation_id)).plan is not None


async def test_who_waits_for_a_human_gets_a_follow_up_once_looked_after(house, visitor):
    """The bot goes on answering meanwhile: it has not been taken over."""
    conversation_id = house.talk("anna")
    house.hear("anna", "human please", "human please")
    asked_at = house.read(lambda ledger: ledger.people.conversation(conversation_id)).human_asked_at
    assert (
        asked_at
        == house.read(lambda ledger: ledger.attention.needs([conversation_id]))[
            conversation_id
        ].since
    )
    assert not house.read(
        lambda ledger: consent.taken_over(ledger, conversation_id, house.clock.now())
    )
    page = await visitor.get(page_of(conversation_id))
    assert "a human has the conversation, or is waited for, since" in page
    assert "Taken over" not in page
    house.clock.wind(timedelta(hours=21))
    assert house.dispatch() == []
    await visitor.submit(page_of(conversation_id), "looked-after")
    assert len(house.dispatch()) == 1


async def test_a_pause_lasts_as_long_as_was_chosen_and_can_be_ended(house, visitor):
    conversation_id = house.talk("anna")
    await visitor.submit(page_of(conversation_id), "pause", days="7")
    paused = house.read(lambda ledger: ledger.people.conversation(conversation_id)).paused_until
    assert paused == house.clock.now() + timedelta(days=7)
    await visitor.submit(page_of(conversation_id), "end-pause")
    assert (
        house.read(lambda ledger: ledger.people.conversation(conversation_id)).paused_until is None
    )


async def test_a_pause_of_any_other_length_is_the_shortest(house, visitor):
    conversation_id = house.talk("anna")
    await visitor.submit(page_of(conversation_id), "pause", days="99999999999")
    paused = house.read(lambda ledger: ledger.people.conversation(conversation_id)).paused_until
    assert paused == house.clock.now() + timedelta(days=1)


async def test_a_crisis_hold_is_released_for_all_personas(house, visitor):
    conversation_id = house.hear("anna", "I want to die")
    assert "possible crisis" in await visitor.get(page_of(conversation_id))
    await visitor.submit(page_of(conversation_id), "release-hold")
    assert (
        house.read(lambda ledger: ledger.people.contact("messenger:607:anna")).crisis_hold_since
        is None
    )


async def test_that_somebody_is_a_minor_can_be_taken_back_and_is_noted(house, visitor):
    conversation_id = house.hear("anna", "i am 15")
    assert "said to be a minor" in await visitor.get(page_of(conversation_id))
    page = await visitor.submit(page_of(conversation_id), "lift-minor")
    person = house.read(lambda ledger: ledger.people.contact("messenger:607:anna"))
    assert not person.declared_minor
    assert "taken back on" in page


async def test_an_opt_out_is_one_way(house, visitor):
    conversation_id = house.talk("anna")
    page = await visitor.submit(page_of(conversation_id), "opt-out")
    assert house.read(lambda ledger: ledger.people.contact("messenger:607:anna")).opted_out_at
    assert "/opt-out" not in page
    assert "opt-in" not in page
    await visitor.post(f"{page_of(conversation_id)}/opt-in", seen=page)
    assert visitor.status == 404
    house.clock.wind(timedelta(hours=21))
    assert house.dispatch() == []


async def test_only_what_makes_sense_is_offered(house, visitor):
    page = await visitor.get(page_of(house.talk("anna")))
    for act in ("hand-back", "end-pause", "release-hold", "lift-minor"):
        assert f'/{act}"' not in page


async def test_erasing_asks_for_the_id_and_then_leaves_nothing(house, visitor):
    conversation_id = house.talk("anna")
    house.hear("anna", "hello", persona="vesper")
    ben = house.talk("ben")
    event = {"event": "user", "text": "hello", "timestamp": 1.0}
    house.write(lambda ledger: ledger.tracker.append(conversation_id, [event]))
    address = f"{page_of(conversation_id)}/erase"
    asked = await visitor.get(address)
    assert "Vesper" in asked
    assert "A running Rasa keeps the tracker" in asked
    wrong = await visitor.post(address, seen=asked, typed="ann")
    assert "Nothing was erased." in wrong
    assert house.read(lambda ledger: ledger.people.conversation(conversation_id))
    told = await visitor.post(address, seen=wrong, typed="anna")
    assert "Everything held about the person is erased." in told
    with house.database.engine.connect() as connection:
        left = connection.execute(sa.select(conversation.c.id)).scalars().all()
        assert left == [ben]
        assert connection.execute(sa.select(contact.c.user_id)).scalars().all() == ["ben"]
        assert connection.execute(sa.select(tracker_event.c.id)).all() == []
    await visitor.get(page_of(conversation_id))
    assert visitor.status == 404


@pytest.mark.parametrize("act", ["take-over", "opt-out", "erase"])
async def test_a_form_without_the_key_of_its_page_changes_nothing(house, visitor, act):
    conversation_id = house.talk("anna")
    await visitor.get("/")
    answer = await visitor.post(f"{page_of(conversation_id)}/{act}", typed="anna")
    assert visitor.status == 403
    assert "too old" in answer
    assert (
        house.read(lambda ledger: ledger.people.contact("messenger:607:anna")).opted_out_at is None
    )
    assert (
        house.read(lambda ledger: ledger.people.conversation(conversation_id)).takeover_since
        is None
    )


async def test_a_form_from_another_site_changes_nothing(house, visitor):
    conversation_id = house.talk("anna")
    seen = await visitor.get(page_of(conversation_id))
    visitor.session.headers["Origin"] = "https://elsewhere.example"
    await visitor.post(f"{page_of(conversation_id)}/opt-out", seen=seen)
    assert visitor.status == 403


async def test_a_foreign_name_for_this_machine_sees_nothing(visitor):
    await visitor.get("/", headers={"Host": "rebound.example:5056"})
    assert visitor.status == 421


@pytest.mark.parametrize(
    "path",
    [
        "/conversations/messenger:607:nobody:maestro",
        "/conversations/not-an-id",
        "/conversations/messenger:607:nobody:maestro/erase",
        "/static/none.css",
        "/static/..%2fapp.py",
        "/nowhere",
    ],
)
async def test_what_is_not_there_is_said_to_be_not_there(visitor, path):
    await visitor.get(path)
    assert visitor.status == 404


async def test_an_act_on_somebody_unknown_makes_nobody(house, visitor):
    seen = await visitor.get(page_of(house.talk("anna")))
    await visitor.post("/conversations/messenger:607:nobody:maestro/opt-out", seen=seen)
    assert visitor.status == 404
    assert house.read(lambda ledger: ledger.people.contact("messenger:607:nobody")) is None
