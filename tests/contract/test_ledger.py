"""What every store must do; each test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from overture.errors import StoreUnavailable
from overture.services.follow_up import Refused, Spent
from overture.store.database import Database
from overture.store.records import FactRow, Outbound, PlanRow
from overture.store.rooms import Alert
from overture.store.schema import outbound, permit
from overture.store.sql import SqlLedger
from overture.store.sql.dialect import among
from tests.factories import (
    CONVERSATION,
    LEASE,
    NOON,
    claim,
    inbound,
    spend,
    write,
    write_often,
)

LATER = NOON + timedelta(hours=21)


def run(database: Database, work: Callable[[SqlLedger], Any]) -> Any:
    """Run one transaction."""
    return database.write_now(lambda connection: work(SqlLedger(connection)))


def test_a_message_is_stored_once_however_often_it_is_delivered(database: Database) -> None:
    """The platforms redeliver; the person wrote once."""
    message = inbound()
    for _ in range(3):
        run(database, lambda ledger: ledger.inbox.add([message, message], "w", NOON + LEASE))
    assert len(run(database, lambda ledger: ledger.inbox.pending("rest", "demo", "u1"))) == 1


def test_a_message_counts_once_however_often_it_is_observed(database: Database) -> None:
    """A crash between counting and finishing must not count again."""
    message = inbound()
    assert [write(database, message).new for _ in range(3)] == [True, False, False]
    state = run(database, lambda ledger: ledger.people.conversation(CONVERSATION))
    assert (state.cycle, state.messages_in_window) == (1, 1)


def test_what_waits_is_given_in_the_order_it_was_sent(database: Database) -> None:
    """Platforms do not keep the order; their time stamps tell it."""
    late, early = inbound(at=NOON + timedelta(seconds=9)), inbound(at=NOON)
    run(database, lambda ledger: ledger.inbox.add([late, early], "w", NOON + LEASE))
    waiting = run(database, lambda ledger: ledger.inbox.pending("rest", "demo", "u1"))
    assert [one.message_id for one in waiting] == [early.message_id, late.message_id]


def test_a_turn_ends_once(database: Database) -> None:
    """The second end of a turn is told, so that its answer is not stored again."""
    run(database, lambda ledger: ledger.inbox.add([inbound()], "w", NOON + LEASE))
    number = run(database, lambda ledger: ledger.inbox.pending("rest", "demo", "u1"))[0].id
    assert run(database, lambda ledger: ledger.inbox.finish(number, NOON))
    assert not run(database, lambda ledger: ledger.inbox.finish(number, NOON))


def test_messages_are_taken_over_only_after_their_lease(database: Database) -> None:
    """A worker that is alive keeps its work."""
    run(database, lambda ledger: ledger.inbox.add([inbound()], "first", NOON + LEASE))
    before = run(database, lambda ledger: ledger.inbox.abandoned("second", NOON, NOON + LEASE))
    after = run(
        database, lambda ledger: ledger.inbox.abandoned("second", NOON + LEASE, NOON + 2 * LEASE)
    )
    assert (before, after) == ([], ["rest:demo:u1"])


def test_a_message_that_was_being_sent_when_its_process_died_is_not_sent_again(
    database: Database,
) -> None:
    """It may have arrived: that is told, not repeated."""
    write(database, inbound())
    row = Outbound(
        conversation_id=CONVERSATION,
        contact_id="rest:demo:u1",
        kind="reply",
        request={},
        state="sending",
        created_at=NOON,
    )
    run(database, lambda ledger: ledger.outbox.add([row], "dead", NOON))
    run(database, lambda ledger: ledger.outbox.abandoned("next", NOON, NOON + LEASE))
    assert run(database, lambda ledger: ledger.outbox.pending("rest:demo:u1")) == []
    states = database.read_now(lambda one: one.execute(sa.select(outbound.c.state)).scalars().all())
    assert states == ["unknown"]


def test_the_database_refuses_a_second_permit_for_a_cycle(database: Database) -> None:
    """The rule of last resort: at most one follow-up until the person writes again."""
    write_often(database)
    rows = {"conversation_id": CONVERSATION, "cycle": 5, "kind": "follow_up", "issued_at": NOON}
    database.write_now(lambda one: one.execute(sa.insert(permit), rows))
    with pytest.raises(sa.exc.IntegrityError):
        database.write_now(lambda one: one.execute(sa.insert(permit), rows))


def test_the_database_refuses_a_follow_up_without_a_permit(database: Database) -> None:
    """Nobody is written to first without a permit, whatever the code does."""
    write_often(database)
    row = Outbound(
        conversation_id=CONVERSATION,
        contact_id="rest:demo:u1",
        kind="follow_up",
        request={},
        created_at=NOON,
    )
    with pytest.raises(sa.exc.IntegrityError):
        run(database, lambda ledger: ledger.outbox.add([row], "w", NOON))


def test_a_due_plan_is_claimed_by_one_dispatcher(open_database: Callable[[], Database]) -> None:
    """Two processes that ask at once never get the same plan."""
    first, second = open_database(), open_database()
    for number in range(20):
        write_often(first, conversation_id=f"rest:demo:p{number}:maestro")
    got: list[str] = []

    def work(database: Database, owner: str) -> None:
        while tickets := claim(database, LATER, owner, limit=3).tickets:
            got.extend(ticket.conversation_id for ticket in tickets)

    threads = [threading.Thread(target=work, args=pair) for pair in ((first, "a"), (second, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted({f"rest:demo:p{number}:maestro" for number in range(20)})


def test_a_claim_comes_back_after_its_lease(database: Database) -> None:
    """A dispatcher that died loses its claims, not the people their follow-up."""
    write_often(database)
    assert len(claim(database, LATER).tickets) == 1
    assert claim(database, LATER + LEASE / 2).due == 0
    assert len(claim(database, LATER + LEASE).tickets) == 1


def test_a_permit_is_spent_once(database: Database) -> None:
    """Two turns of one ticket send one message."""
    write_often(database)
    claim(database, LATER)
    first, second = spend(database, LATER), spend(database, LATER)
    assert isinstance(first, Spent)
    assert second == Refused(conversation_id=CONVERSATION, reasons=("unanswered",))


def test_a_permit_is_spent_once_by_processes_that_race(
    open_database: Callable[[], Database],
) -> None:
    """The lock of the conversation decides, on both databases."""
    databases = [open_database() for _ in range(4)]
    write_often(databases[0])
    claim(databases[0], LATER)
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda one=one: answers.append(spend(one, LATER)))
        for one in databases
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, Spent) for answer in answers) == 1
    assert len(answers) == 4


def test_a_message_between_claim_and_sending_withholds(database: Database) -> None:
    """What arrives at an instant counts before what is sent at that instant."""
    write_often(database)
    claim(database, LATER)
    run(database, lambda ledger: ledger.inbox.add([inbound(at=LATER)], "w", LATER + LEASE))
    answer = spend(database, LATER)
    assert answer == Refused(conversation_id=CONVERSATION, reasons=("pending_inbound",))


def test_an_opt_out_between_claim_and_sending_withholds(database: Database) -> None:
    """The gate is asked again in the transaction that spends the permit."""
    write_often(database)
    claim(database, LATER)
    run(
        database,
        lambda ledger: ledger.people.save_contact("rest:demo:u1", LATER, opted_out_at=LATER),
    )
    assert spend(database, LATER).reasons == ("opted_out",)


def test_the_next_due_time_is_told(database: Database) -> None:
    """A dispatcher sleeps until then."""
    last = write_often(database)
    due = run(database, lambda ledger: ledger.plans.next_due())
    assert due == last + timedelta(hours=20) + timedelta(minutes=56)  # 09:00 ends the quiet hours


def test_forgetting_deletes_and_superseding_keeps(database: Database) -> None:
    """A replaced memory is history; a forgotten one is gone."""
    write(database, inbound())
    fact = FactRow(
        conversation_id=CONVERSATION,
        kind="name",
        value="Sam",
        source_message_id="m1",
        quote="I'm Sam",
        said_at=NOON,
    )
    first, second = run(database, lambda ledger: ledger.memory.add([fact, fact]))
    run(database, lambda ledger: ledger.memory.supersede([first], second, NOON))
    assert [one.id for one in run(database, lambda lg: lg.memory.current(CONVERSATION))] == [second]
    assert len(run(database, lambda ledger: ledger.memory.history(CONVERSATION))) == 2
    assert run(database, lambda ledger: ledger.memory.delete(CONVERSATION)) == 2


def test_the_history_is_appended_and_can_be_rewound(database: Database) -> None:
    """A turn that was cut off is taken back before it runs again."""
    events = [
        {"event": "session_started", "timestamp": 1.0},
        {"event": "user", "timestamp": 2.0, "message_id": "m1", "text": "hi"},
        {"event": "bot", "timestamp": 3.0, "text": "hello", "metadata": {"line": "greet.1"}},
        {"event": "user", "timestamp": 4.0, "message_id": "m2", "text": "and?"},
        {"event": "bot", "timestamp": 5.0, "text": "so"},
    ]
    run(database, lambda ledger: ledger.tracker.append("s", events))
    assert run(database, lambda ledger: ledger.tracker.lines_said("s")) == ["greet.1"]
    assert run(database, lambda ledger: ledger.tracker.rewind("s", "m2")) == 2
    assert run(database, lambda lg: lg.tracker.load("s", session_only=True)) == events[:3]


def test_erasing_leaves_nothing_of_a_person(database: Database) -> None:
    """Every table that names the person is empty of them; others stay."""
    write_often(database)
    write_often(database, conversation_id="rest:demo:u2:maestro")
    claim(database, LATER)
    spend(database, LATER)
    run(database, lambda ledger: ledger.people.erase("rest:demo:u1"))
    left = database.read_now(_rows_about_u1)
    assert left == {}
    assert run(database, lambda ledger: ledger.people.contact("rest:demo:u2")) is not None


def _rows_about_u1(connection: Any) -> dict[str, int]:
    from overture.store.schema import metadata

    found = {}
    for table in metadata.sorted_tables:
        text = connection.execute(sa.select(table)).all()
        rows = [row for row in text if "demo:u1" in str(row) or "'u1'" in str(row)]
        if rows:
            found[table.name] = len(rows)
    return found


def test_a_naive_time_never_reaches_the_database(database: Database) -> None:
    """An instant without a zone is a mistake, told where it is made."""
    naive = NOON.replace(tzinfo=None)
    plan = PlanRow(
        conversation_id=CONVERSATION, cycle=1, kind="follow_up", due_at=naive, planned_at=naive
    )
    write(database, inbound())
    with pytest.raises((ValueError, StoreUnavailable, sa.exc.StatementError)):
        run(database, lambda ledger: ledger.plans.put(plan))


def test_a_failing_write_does_not_harm_its_neighbours(database: Database) -> None:
    """Writes share a commit; one that fails is told alone."""

    def fail(_: Any) -> None:
        raise RuntimeError("mine alone")

    results = [database.submit(work) for work in (lambda one: 1, fail, lambda one: 3)]
    assert results[0].result(10) == 1
    with pytest.raises(RuntimeError, match="mine alone"):
        results[1].result(10)
    assert results[2].result(10) == 3


def test_rows_of_a_list_are_looked_up_by_their_key(database: Database) -> None:
    """A condition that SQLite takes for a value would make it read whole tables."""
    condition = str(among(permit.c.id, "p_ids").self_group().compile(database.engine))
    assert condition.endswith(")")
    statement = sa.update(permit).where(among(permit.c.id, "p_ids")).values(spent_at=NOON)
    assert str(statement.compile(database.engine)).endswith(condition)


def test_what_a_human_typed_waits_for_any_sender_and_counts_once(database: Database) -> None:
    """A form sent twice is one answer; whoever takes it up first has it."""
    write(database, inbound())
    row = Outbound(
        conversation_id=CONVERSATION,
        contact_id="rest:demo:u1",
        kind="person",
        text="hello",
        request={},
        created_at=NOON,
    )
    added = [run(database, lambda ledger: ledger.typed.add([row, row], "a"))]
    added.append(run(database, lambda ledger: ledger.typed.add([row], "a")))
    assert added == [True, False]
    assert run(database, lambda ledger: ledger.typed.waits())
    taken = [
        run(database, lambda ledger, who=who: ledger.typed.take(who, NOON + LEASE))
        for who in ("first", "second")
    ]
    assert taken == [["rest:demo:u1"], []]
    assert not run(database, lambda ledger: ledger.typed.waits())
    assert run(database, lambda ledger: ledger.outbox.owners()) == {"first"}


def test_the_database_refuses_a_second_answer_of_one_form(database: Database) -> None:
    """The rule of last resort, should two presses of one button ever meet."""
    write(database, inbound())
    row = Outbound(
        conversation_id=CONVERSATION,
        contact_id="rest:demo:u1",
        kind="person",
        request={},
        created_at=NOON,
    )
    numbers = run(database, lambda ledger: ledger.outbox.add([row, row], "", NOON))
    run(database, lambda ledger: ledger.outbox.update(numbers[0], form_key="a"))
    with pytest.raises(sa.exc.IntegrityError):
        run(database, lambda ledger: ledger.outbox.update(numbers[1], form_key="a"))


def test_what_is_to_be_told_is_claimed_by_one_and_comes_again_after_its_lease(
    database: Database,
) -> None:
    """Two servers tell it once; one that died leaves it to the other."""
    news = Alert(
        event="crisis_hold", because="crisis", since=NOON, channel="rest", account_id="demo"
    )
    run(database, lambda ledger: ledger.alerts.add(news))
    claims = [
        run(database, lambda ledger, at=at: ledger.alerts.claim(at, at + LEASE, 9))
        for at in (NOON, NOON, NOON + LEASE)
    ]
    assert [[one.attempts for one in claim] for claim in claims] == [[0], [], [1]]
    number = claims[0][0].id
    run(database, lambda ledger: ledger.alerts.put_off(number, LATER))
    assert not run(database, lambda ledger: ledger.alerts.waits(NOON + 9 * LEASE))
    assert run(database, lambda ledger: ledger.alerts.waits(LATER))
    run(database, lambda ledger: ledger.alerts.drop(number))
    assert not run(database, lambda ledger: ledger.alerts.waits(LATER))
    run(database, lambda ledger: ledger.alerts.add(news))
    assert run(database, lambda ledger: ledger.alerts.claim(NOON, NOON, 9))[0].id > number
