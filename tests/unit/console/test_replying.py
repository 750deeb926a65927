"""A human answers from the page of a conversation, over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from overture.services import consent
from overture.store.schema import outbound
from tests.unit.console.house import DAY, page_of

HOUR = timedelta(hours=1)


def typed(house) -> list[str]:
    """Return what humans typed, in order."""
    query = sa.select(outbound.c.text).where(outbound.c.kind == "person").order_by(outbound.c.id)
    return list(house.database.read_now(lambda one: one.execute(query).scalars().all()))


def once(page: str) -> str:
    """Return what names the form on a page."""
    return re.search(r'name="once" value="([^"]+)"', page)[1]


async def test_an_answer_is_stored_shown_and_takes_the_conversation_over(house, visitor):
    conversation_id = house.hear("anna", "human please")
    page = await visitor.submit(page_of(conversation_id), "reply", text=" Hi!\r\nIt is Kim. ")
    assert "Your answer is on its way." in page
    assert "Typed by a human" in page
    assert "waiting to be sent" in page
    assert "it has the conversation again" in page
    assert typed(house) == ["Hi!\nIt is Kim."]
    assert house.read(lambda ledger: consent.taken_over(ledger, conversation_id, house.clock.now()))
    assert "The person asked for a human." not in page


async def test_a_second_press_of_the_button_says_nothing_twice(house, visitor):
    conversation_id = house.talk("anna")
    seen = await visitor.get(page_of(conversation_id))
    for _ in range(2):
        await visitor.post(
            f"{page_of(conversation_id)}/reply", seen=seen, text="Hi!", once=once(seen)
        )
        assert visitor.status == 200
    assert typed(house) == ["Hi!"]
    assert once(await visitor.get(page_of(conversation_id))) != once(seen)


async def test_a_window_that_closed_while_one_typed_loses_no_word(house, visitor):
    conversation_id = house.talk("anna")
    seen = await visitor.get(page_of(conversation_id))
    house.write(
        lambda ledger: ledger.people.save_contact(
            "messenger:607:anna", house.clock.now(), window_closed_at=house.clock.now()
        )
    )
    page = await visitor.post(
        f"{page_of(conversation_id)}/reply", seen=seen, text="Hi <you>!", once=once(seen)
    )
    assert visitor.status == 409
    assert "Messenger takes no message for this person until they write." in page
    assert "Hi &lt;you&gt;!" in page
    assert "refuses messages for this person" in page
    assert typed(house) == []


@pytest.mark.parametrize("text", ["", "  \r\n ", "x" * 2001])
async def test_nothing_and_too_much_are_not_sent(house, visitor, text):
    page = await visitor.submit(page_of(house.talk("anna")), "reply", text=text)
    assert visitor.status == 409
    assert "between 1 and 2000 characters" in page
    assert typed(house) == []


async def test_where_nothing_may_be_sent_the_page_says_so(house, visitor):
    anna, carl = house.talk("anna"), house.talk("carl", channel="rest")
    house.clock.wind(DAY + 2 * HOUR)
    page = await visitor.get(page_of(anna))
    assert "Messenger’s window closed" in page
    assert "2 h ago" in page
    assert "/reply" not in page
    page = await visitor.get(page_of(carl))
    assert "Nobody can be written to on REST" in page
    assert "/reply" not in page
    await visitor.post(f"{page_of(carl)}/reply", seen=page, text="Hi!")
    assert (visitor.status, typed(house)) == (409, [])


async def test_an_answer_needs_the_key_of_its_page_and_somebody_to_go_to(house, visitor):
    conversation_id = house.talk("anna")
    seen = await visitor.get(page_of(conversation_id))
    await visitor.post(f"{page_of(conversation_id)}/reply", text="Hi!")
    assert visitor.status == 403
    await visitor.post(f"{page_of('messenger:607:nobody:maestro')}/reply", seen=seen, text="Hi!")
    assert (visitor.status, typed(house)) == (404, [])


async def test_a_resting_account_is_told_of_before_one_types(house, visitor):
    conversation_id = house.talk("anna")
    until = house.clock.now() + HOUR
    house.write(lambda ledger: ledger.pause_account("messenger", "607", until, "a test"))
    assert "The account rests; an answer waits" in await visitor.get(page_of(conversation_id))
