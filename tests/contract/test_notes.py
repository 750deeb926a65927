"""What every implementation of ``overture.store.rooms.Notes`` must do, on both databases."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from overture.services import erasing
from overture.services.moving import move
from overture.store.reviewing import Listing, Noted
from overture.store.schema import correction, review, tag
from overture.store.sql.notes import _CORRECTED
from tests.unit.console.house import House

ANNA, MOVED = "messenger:607:anna:maestro", "messenger:607:anna2:maestro"


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    made = House(f"sqlite:///{tmp_path_factory.mktemp('indexed')}/overture.db")
    yield made.database.engine
    made.database.close()


def noted(house, conversation_id):
    return house.read(lambda ledger: ledger.notes.of([conversation_id])).get(conversation_id)


def note(house, name, *values):
    house.write(lambda ledger: getattr(ledger.notes, name)(*values))


def ids(house, **asked):
    places = house.read(
        lambda ledger: ledger.review.conversations(Listing(**asked), house.clock.now())
    )
    return [place.conversation_id for place in places]


def test_a_state_a_note_and_tags_are_kept_beside_each_other(house):
    anna, now = house.hear("anna", "hello"), house.clock.now()
    note(house, "set_note", anna, "likes Jaws")
    note(house, "set_state", anna, "later", now)
    note(house, "set_tags", anna, ["sharks", "films"], now)
    assert noted(house, anna) == Noted(
        state="later", at=now, note="likes Jaws", tags=("films", "sharks")
    )
    note(house, "set_tags", anna, ["films", "night"], now)
    note(house, "set_state", anna, None, now)
    note(house, "set_note", anna, "")
    assert noted(house, anna) == Noted(tags=("films", "night"))
    assert house.read(lambda ledger: ledger.notes.tags()) == ["films", "night"]
    note(house, "set_tags", anna, [], now)
    assert noted(house, anna) == Noted()


def test_conversations_are_found_by_state_and_by_tag_newest_first(house):
    made = [house.hear(f"p{number}", "hello") for number in range(4)]
    for one in made[:3]:
        now = house.clock.now()
        note(house, "set_state", one, "later", now)
        house.hear("other", "time goes on")
        note(house, "set_tags", one, ["films"], house.clock.now())
    note(house, "set_state", made[0], "reviewed", house.clock.now())
    assert ids(house, view="later") == [made[2], made[1]]
    assert ids(house, view="reviewed") == [made[0]]
    assert ids(house, tag="films") == [made[2], made[1], made[0]]
    assert ids(house, tag="films", view="reviewed") == [made[0]]
    assert ids(house, tag="films", persona_id="maestro", channel="messenger") == made[2::-1]
    assert ids(house, tag="films", persona_id="vesper") == []
    assert ids(house, tag="film") == []


def test_a_page_of_tagged_conversations_goes_on_where_the_last_one_ended(house):
    made = [house.hear(f"p{number}", "hello") for number in range(5)]
    same = house.clock.now()
    for one in made:
        note(house, "set_tags", one, ["films"], same)
    found, after = [], None
    while page := house.read(
        lambda ledger, after=after: ledger.review.conversations(
            Listing(tag="films", limit=2, after=after), same
        )
    ):
        found += [place.conversation_id for place in page]
        after = page[-1]
    assert sorted(found) == made
    assert len(found) == len(made)


def test_a_correction_goes_with_the_words_it_is_about(house):
    anna, now = house.hear("anna", "hello", "the one with the shark"), house.clock.now()
    first, second = [one.message_id for one in house.read(lambda ledger: _heard(ledger, anna))]
    note(house, "correct", anna, first, "goodbye", now)
    note(house, "correct", anna, first, "greet", now)
    note(house, "correct", anna, second, "ask_about", now)
    assert house.read(lambda ledger: ledger.notes.corrections(anna)) == {
        first: "greet",
        second: "ask_about",
    }
    corrected = [("ask_about", "the one with the shark"), ("greet", "hello")]
    assert house.read(lambda ledger: ledger.notes.corrected(9)) == corrected
    house.write(lambda ledger: ledger.inbox.erase_text(("messenger", "607", "anna"), second))
    assert house.read(lambda ledger: ledger.notes.corrected(9)) == [("greet", "hello")]
    assert house.read(lambda ledger: ledger.notes.has_corrected())
    note(house, "correct", anna, first, None, now)
    assert house.read(lambda ledger: ledger.notes.corrected(9)) == []
    note(house, "correct", anna, second, None, now)
    assert not house.read(lambda ledger: ledger.notes.has_corrected())


def test_corrections_are_found_without_reading_what_everybody_wrote(indexed):
    """Asked of SQLite alone: PostgreSQL chooses by the size of its tables, and these are empty."""
    text = str(_CORRECTED.limit(9).compile(dialect=sqlite.dialect()))
    with indexed.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (1, 0, 1, 0, 9, 0)).all()
    assert [row[-1] for row in plan if "inbound" in row[-1] and "SEARCH" not in row[-1]] == []
    assert [row[-1] for row in plan if "ix_inbound_conversation_id" in row[-1]]


def _heard(ledger, conversation_id):
    said, _ = ledger.review.transcript(conversation_id, None, 9)
    return [one for one in said if one.by == "person"]


def test_what_was_noted_goes_along_to_another_id(house):
    """What both have been noted for stays as it is noted for the id they have now."""
    for user, words in (("anna", "first"), ("anna2", "second")):
        one, now = house.hear(user, words), house.clock.now()
        note(house, "set_note", one, words)
        note(house, "set_tags", one, ["films", words], now)
        note(house, "correct", one, "m", words, now)
    house.write(
        lambda ledger: move(
            ledger,
            "messenger:607:anna",
            "messenger:607:anna2",
            house.clock.now(),
            house.deployment,
            aliases=[],
        )
    )
    assert noted(house, ANNA) is None
    assert noted(house, MOVED) == Noted(note="second", tags=("films", "first", "second"))
    assert house.read(lambda ledger: ledger.notes.corrections(MOVED)) == {"m": "second"}


def test_what_is_held_about_a_person_tells_what_was_noted_and_who_said_what(house):
    anna, now = house.hear("anna", "hello"), house.clock.now()
    house.answer(anna, "hi", kind="person")
    note(house, "set_tags", anna, ["films"], now)
    note(house, "correct", anna, "m", "greet", now)
    held = house.read(lambda ledger: erasing.export(ledger, "messenger:607:anna"))
    [talk] = held["conversations"]
    assert (talk["noted"]["tags"], talk["noted"]["corrections"]) == (["films"], {"m": "greet"})
    assert [one["from"] for one in talk["messages"]] == ["person", "human"]


def test_nothing_that_was_noted_outlives_the_person(house):
    anna, now = house.hear("anna", "hello"), house.clock.now()
    note(house, "set_note", anna, "a private matter")
    note(house, "set_tags", anna, ["films"], now)
    note(house, "correct", anna, "m", "greet", now)
    house.write(lambda ledger: erasing.erase(ledger, "messenger:607:anna", now))
    for table in (review, tag, correction):
        rows = house.database.read_now(lambda one, table=table: one.execute(sa.select(table)).all())
        assert rows == []
