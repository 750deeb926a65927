"""What every implementation of ``overture.store.ports.Review`` must do, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from overture.services import consent
from overture.store.reviewing import VIEWS, Listing, Mark, Place
from overture.store.sql import review as sql_review
from overture.store.sql.orders import INDEXES, listing
from tests.unit.console.house import DAY, NOON, House


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    made = House(f"sqlite:///{tmp_path_factory.mktemp('indexed')}/overture.db")
    yield made.database.engine
    made.database.close()


def ids(house, limit=50, **asked):
    places = house.read(
        lambda ledger: ledger.review.conversations(Listing(limit=limit, **asked), house.clock.now())
    )
    return [place.conversation_id for place in places]


def pages(house, size, **asked):
    """Walk a list from page to page."""
    found, after = [], None
    while True:
        wish = Listing(limit=size, after=after, **asked)
        page = house.read(
            lambda ledger, wish=wish: ledger.review.conversations(wish, house.clock.now())
        )
        if not page:
            return [place.conversation_id for place in found]
        found += page
        after = page[-1]


def test_all_conversations_come_newest_first_each_on_one_page(house):
    made = [house.hear(f"p{number}", "hello") for number in range(7)]
    assert ids(house) == made[::-1]
    assert pages(house, 3) == made[::-1]
    assert pages(house, 1) == made[::-1]


def test_conversations_of_one_instant_are_not_lost_between_pages(house):
    made = [house.hear(f"p{number}", "hello") for number in range(5)]
    same = house.clock.now()
    for one in made:
        house.write(
            lambda ledger, one=one: ledger.people.save_conversation(
                one, same, last_message_at=same, takeover_since=same, paused_until=same + DAY
            )
        )
    for view in ("all", "taken_over", "paused"):
        assert sorted(pages(house, 2, view=view)) == sorted(made)
        assert len(pages(house, 2, view=view)) == len(made)


def test_filters_keep_what_fits(house):
    on_instagram = house.hear("a", "hello", channel="instagram")
    of_another = house.hear("b", "hello", persona="vesper")
    plain = house.hear("c", "hello")
    assert ids(house, channel="instagram") == [on_instagram]
    assert ids(house, persona_id="vesper") == [of_another]
    assert ids(house, channel="messenger", persona_id="maestro") == [plain]
    assert ids(house, channel="mess") == []


def test_each_state_lists_those_in_it_and_nobody_else(house):
    now = house.clock.now()
    people = {view: house.talk(f"person-of-{view}") for view in VIEWS}
    for work in (
        lambda ledger: consent.opt_out(
            ledger, "messenger:607:person-of-opted_out", now, house.deployment, by="m1"
        ),
        lambda ledger: consent.hold_for_crisis(
            ledger, "messenger:607:person-of-crisis_hold", now, house.deployment
        ),
        lambda ledger: consent.pause(
            ledger, people["paused"], now, house.deployment, until=now + 5 * DAY
        ),
        lambda ledger: consent.take_over(ledger, people["taken_over"], now, house.deployment),
        lambda ledger: ledger.attention.ask(people["needs_human"], "given_up", now),
        lambda ledger: ledger.notes.set_state(people["later"], "later", now),
        lambda ledger: ledger.notes.set_state(people["reviewed"], "reviewed", now),
    ):
        house.write(work)
    house.clock.wind(timedelta(hours=21))
    house.hear("person-of-planned", "one more, so its plan moves on")
    unsent = ("all", "needs_human", "later", "reviewed")
    for view in unsent:
        house.hear(f"person-of-{view}", "one more")
    house.dispatch()
    house.write(lambda ledger: ledger.plans.drop([people[view] for view in unsent]))
    for view in set(VIEWS) - {"all"}:
        assert ids(house, view=view) == [people[view]], view
        assert ids(house, view=view, persona_id="maestro", channel="messenger") == [people[view]]
        assert ids(house, view=view, persona_id="vesper") == []


def test_a_pause_and_a_takeover_that_are_over_are_not_listed(house):
    now, conversation = house.clock.now(), house.talk("anna")
    for work in (
        lambda ledger: consent.pause(
            ledger, conversation, now, house.deployment, until=now + timedelta(hours=1)
        ),
        lambda ledger: consent.take_over(
            ledger, conversation, now, house.deployment, until=now + timedelta(hours=1)
        ),
    ):
        house.write(work)
    assert ids(house, view="paused") == ids(house, view="taken_over") == [conversation]
    house.clock.wind(timedelta(hours=2))
    assert ids(house, view="paused") == ids(house, view="taken_over") == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("persona", [None, "maestro"])
@pytest.mark.parametrize("tag", [None, "films"])
def test_no_list_reads_a_whole_table(indexed, view, persona, tag):
    """However many conversations there are, a page is read from an index.

    Asked of SQLite alone: PostgreSQL chooses by the size of its tables, and these are empty.
    """
    now = NOON
    after = Place(at=now, conversation_id="x")
    query = listing(Listing(view=view, persona_id=persona, tag=tag, after=after), now)
    text = query.compile(dialect=sqlite.dialect())
    values = [1 if hasattr(v, "tzinfo") else v for v in (text.params[k] for k in text.positiontup)]
    with indexed.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", tuple(values)).all()
    steps = [row[-1] for row in plan]
    assert not [step for step in steps if step.startswith("SCAN")]
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps


def test_a_person_is_found_by_id_and_by_another_id_of_theirs(house):
    conversation = house.hear("447700900123", "hello", channel="whatsapp")
    house.write(
        lambda ledger: ledger.people.alias("whatsapp:440:447700900123", ["GB.ABC", "7700900"])
    )
    accounts = [("whatsapp", "440"), ("messenger", "607")]
    for text in ("447700900123", "GB.ABC", "whatsapp:440:447700900123", conversation):
        assert house.read(lambda ledger, text=text: ledger.review.known_as(text, accounts)) == [
            conversation
        ]
    assert house.read(lambda ledger: ledger.review.known_as("4477", accounts)) == []
    assert house.read(lambda ledger: ledger.review.known_as("GB.ABC", [])) == []


def search(house, words, before=None, limit=50):
    found, reached = house.read(lambda ledger: ledger.review.search(words, before, limit))
    return [one.text for one in found], reached


def test_words_are_found_on_both_sides_whatever_their_case(house):
    conversation = house.hear("anna", "Who wrote JAWS?", "something else")
    house.answer(conversation, "Jaws is by John Williams.")
    assert search(house, "jaws")[0] == ["Jaws is by John Williams.", "Who wrote JAWS?"]
    assert search(house, "herrmann")[0] == []


@pytest.mark.parametrize("words", ["100%", "a_b", "c\\d", "it's"])
def test_signs_with_a_meaning_to_the_database_are_only_signs(house, words):
    house.hear("anna", f"I said {words} today", "100 times axb, c d, its")
    assert search(house, words)[0] == [f"I said {words} today"]


def test_a_search_looks_at_a_stretch_of_messages_and_goes_on_from_there(house, monkeypatch):
    monkeypatch.setattr(sql_review, "SEARCHED", 3)
    house.hear("anna", *(f"line {number}" for number in range(7)))
    found, reached = search(house, "line")
    assert found == ["line 6", "line 5", "line 4"]
    further, reached = search(house, "line", reached)
    assert further == ["line 3", "line 2", "line 1"]
    last, reached = search(house, "line", reached)
    assert last == ["line 0"]
    assert reached == Mark(heard=0, said=0)


def test_a_search_with_many_hits_loses_none(house):
    house.hear("anna", *(f"line {number}" for number in range(7)))
    found, before = [], None
    for _ in range(4):
        some, before = search(house, "line", before, limit=2)
        found += some
    assert found == [f"line {number}" for number in range(6, -1, -1)]


def test_a_transcript_is_paged_backwards_without_gaps(house):
    conversation = house.talk("anna", messages=6)
    read, before = [], None
    while True:
        lines, before = house.read(
            lambda ledger, before=before: ledger.review.transcript(conversation, before, 5)
        )
        read = [one.text for one in lines] + read
        if before is None:
            break
    expected = []
    for number in range(6):
        expected += [f"line {number} of anna", f"answer {number}"]
    assert read == expected


def test_the_last_words_are_the_newest_of_either_side(house):
    anna, ben, cleo = house.talk("anna", 2), house.talk("ben", 1), "messenger:607:cleo:maestro"
    house.hear("anna", "and then?")
    words = house.read(lambda ledger: ledger.review.last_words([anna, ben, cleo]))
    assert {one: said.text for one, said in words.items()} == {
        anna: "and then?",
        ben: "answer 0",
    }


def test_follow_ups_tell_whether_they_were_answered(house):
    anna, ben = house.talk("anna"), house.talk("ben")
    house.clock.wind(timedelta(hours=21))
    house.dispatch("How was it?")
    house.hear("anna", "wonderful")
    found = house.read(lambda ledger: ledger.review.follow_ups(None, 10))
    assert {one.message.conversation_id: one.answered for one in found} == {anna: True, ben: False}
    newest = found[0]
    rest = house.read(lambda ledger: ledger.review.follow_ups(newest.permit_id, 10))
    assert rest == found[1:]


def test_days_count_what_went_out_and_what_was_withheld(house):
    start = house.clock.now()
    house.talk("anna")
    house.talk("ben")
    house.hear("ben", "stop")
    house.clock.wind(timedelta(hours=21))
    house.dispatch()
    counts = house.read(lambda ledger: ledger.review.by_day(start))
    told = Counter({(one.what, one.reasons): one.count for one in counts})
    assert told == {("unanswered", ()): 1, ("withheld", ("opted_out",)): 1}
    withheld = next(one for one in counts if one.what == "withheld")
    sent = next(one for one in counts if one.what == "unanswered")
    assert sent.day == withheld.day + 1
    later = house.read(lambda ledger: ledger.review.by_day(house.clock.now() + DAY))
    assert later == []


def test_what_was_withheld_is_paged_newest_first(house):
    for name in ("anna", "ben", "cleo"):
        house.talk(name)
        house.hear(name, "stop")
    every = house.read(lambda ledger: ledger.review.withheld(None, 10))
    assert [one.conversation_id.split(":")[2] for one in every] == ["cleo", "ben", "anna"]
    rest = house.read(lambda ledger: ledger.review.withheld(every[0], 10))
    assert rest == every[1:]


def test_the_history_of_rasa_tells_both_sides_where_nothing_goes_through_an_app(house):
    sender = "rest:local:u1:maestro"
    events = [
        {"event": "action", "name": "action_listen", "timestamp": 1.0},
        {"event": "user", "text": "hello", "message_id": "m1", "timestamp": 2.0},
        {"event": "bot", "text": "Good evening.", "timestamp": 3.0},
        {"event": "bot", "text": "A film, perhaps?", "timestamp": 4.0},
    ]
    house.write(lambda ledger: ledger.tracker.append(sender, events))
    told = house.read(lambda ledger: ledger.review.told(sender, None, 10))
    assert [(one.by, one.text) for one in told] == [
        ("person", "hello"),
        ("bot", "Good evening."),
        ("bot", "A film, perhaps?"),
    ]
    earlier = house.read(lambda ledger: ledger.review.told(sender, told[-1].number, 10))
    assert earlier == told[:-1]


def test_the_migrations_make_the_indexes_the_lists_are_read_from(house):
    found = {
        index["name"]
        for table in ("conversation", "contact", "decision")
        for index in sa.inspect(house.database.engine).get_indexes(table)
    }
    assert {index.name for index in INDEXES} <= found
