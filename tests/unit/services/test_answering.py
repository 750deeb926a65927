"""A human's answer goes by the app's window alone, counts once, and takes the conversation over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from overture.delivery.rendering import typed_rows
from overture.identity import Conversation
from overture.services import answering, consent
from overture.services.answering import Way, way_to
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.schema import outbound
from overture.store.sql import SqlLedger
from tests.factories import NOON, inbound, write

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHERE = "messenger:601:u1:maestro"
PERSON = "messenger:601:u1"
PLAIN = Deployment()


@pytest.fixture
def database() -> Iterator[Database]:
    """Return a ledger in which one person has written at noon."""
    database = Database("sqlite://")
    migrate(database.engine)
    write(database, inbound(conversation_id=WHERE, text="human please"))
    yield database
    database.close()


def run(database: Database, work: Any) -> Any:
    """Run one transaction."""
    return database.write_now(lambda connection: work(SqlLedger(connection)))


def say(database: Database, text: str = "It is Kim.", key: str = "a", at: timedelta = HOUR) -> bool:
    """Answer as a human does in the console, so long after noon."""
    rows, now = typed_rows(Conversation.parse(WHERE), text, NOON + at), NOON + at
    told: bool = run(database, lambda lg: answering.answer(lg, WHERE, rows, key, now, PLAIN))
    return told


def texts(database: Database) -> list[str]:
    """Return what has been stored to be sent."""
    query = sa.select(outbound.c.text).order_by(outbound.c.id)
    return list(database.read_now(lambda one: one.execute(query).scalars().all()))


def test_an_answer_takes_the_conversation_over_for_the_set_time(database: Database) -> None:
    """The wish is heard, the bot is silent, and both end by themselves."""
    run(database, lambda lg: consent.ask_for_human(lg, WHERE, NOON, PLAIN))
    assert say(database)
    state = run(database, lambda lg: lg.people.conversation(WHERE))
    assert (state.human_asked_at, state.takeover_until) == (None, NOON + HOUR + PLAIN.takeover)
    assert run(database, lambda lg: lg.attention.count()) == 0
    assert texts(database) == ["It is Kim."]


def test_an_answer_does_not_shorten_a_takeover_without_end(database: Database) -> None:
    """Who took over until they hand back keeps it, however often they answer."""
    run(database, lambda lg: consent.take_over(lg, WHERE, NOON, PLAIN))
    assert say(database)
    assert run(database, lambda lg: lg.people.conversation(WHERE)).takeover_until is None


def test_who_has_switched_to_another_persona_is_answered_by_no_bot_either(
    database: Database,
) -> None:
    """What they write next goes to the persona they talk to now, and is for the human."""
    other = f"{PERSON}:vesper"
    write(database, inbound(conversation_id=other, at=NOON + HOUR / 2))
    assert say(database)
    for one in (WHERE, other):
        assert run(database, lambda lg, one=one: consent.taken_over(lg, one, NOON + HOUR))


def test_a_form_that_is_sent_again_says_nothing_twice(database: Database) -> None:
    """A double click, or a page that is loaded again: the answer went out, once."""
    assert [say(database), say(database), say(database, key="b")] == [True, True, True]
    assert texts(database) == ["It is Kim.", "It is Kim."]


def test_a_long_answer_is_stored_as_the_parts_the_app_takes(database: Database) -> None:
    """Each part has its own words, so that the transcript shows each once."""
    long = " ".join(["word"] * 600)
    assert say(database, long)
    assert len(texts(database)) > 1
    assert " ".join(texts(database)) == long


@pytest.mark.parametrize("change", [{"window_closed_at": NOON}, {"unreachable_at": NOON}])
def test_what_the_platform_refuses_is_not_stored(
    database: Database, change: dict[str, Any]
) -> None:
    """It said so since the person last acted; what they do next opens it again."""
    run(database, lambda lg: lg.people.save_contact(PERSON, NOON, **change))
    assert not say(database)
    assert texts(database) == []
    assert not run(database, lambda lg: consent.taken_over(lg, WHERE, NOON + HOUR))
    write(database, inbound(conversation_id=WHERE, at=NOON + HOUR))
    assert say(database, at=2 * HOUR)


def test_the_window_is_the_apps_own_and_no_limit_of_contact_narrows_it(database: Database) -> None:
    """Neither a stop nor a hold keeps a human from answering; the 24 hours do."""
    run(database, lambda lg: consent.opt_out(lg, PERSON, NOON, PLAIN, by="m"))
    run(database, lambda lg: consent.hold_for_crisis(lg, PERSON, NOON, PLAIN))
    standing = run(database, lambda lg: lg.people.standing(WHERE))
    assert way_to(standing) == Way(until=NOON + DAY)
    assert say(database, at=DAY - timedelta(seconds=1))
    assert not say(database, key="late", at=DAY)


def test_nobody_unknown_is_written_to(database: Database) -> None:
    """There is no conversation to answer in."""
    rows = typed_rows(Conversation.parse("messenger:601:u2:maestro"), "hi", NOON)
    stored = run(
        database,
        lambda lg: answering.answer(lg, "messenger:601:u2:maestro", rows, "a", NOON, PLAIN),
    )
    assert (stored, texts(database)) == (False, [])


def granted(database: Database, channel: str = "messenger") -> Any:
    """Return the standing of a person on an account with the Human Agent feature."""
    where = f"{channel}:601:u1:maestro"
    write(database, inbound(conversation_id=where))
    run(database, lambda lg: lg.describe_account(channel, "601", {"human_agent": True}))
    return run(database, lambda lg: lg.people.standing(where))


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
def test_where_meta_granted_it_a_human_may_answer_for_seven_days_and_says_so(
    database: Database, channel: str
) -> None:
    """Within the first day nothing needs to be said."""
    way = way_to(granted(database, channel))
    assert way == Way(until=NOON + 7 * DAY, marked_from=NOON + DAY)
    looks = [NOON + DAY - HOUR, NOON + DAY, NOON + 7 * DAY - HOUR, NOON + 7 * DAY]
    assert [way.is_open(at) for at in looks] == [True, True, True, False]
    assert [way.is_marked(at) for at in looks[:3]] == [False, True, True]


def test_whatsapp_has_no_such_feature(database: Database) -> None:
    """There only templates go out after a day."""
    assert way_to(granted(database, "whatsapp")) == Way(until=NOON + DAY)


def test_a_window_that_closed_for_the_bot_is_open_for_a_human_and_a_block_is_not(
    database: Database,
) -> None:
    """The platform refused a bot's answer after a day; what a human types it takes."""
    granted(database)
    run(database, lambda lg: lg.people.save_contact(PERSON, NOON, window_closed_at=NOON + DAY))
    assert say(database, at=2 * DAY)
    run(database, lambda lg: lg.people.save_contact(PERSON, NOON, unreachable_at=NOON + DAY))
    assert not say(database, key="b", at=2 * DAY)
