"""What outlives the erasure of a person, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from overture.policy.limits import Policy
from overture.services import consent, erasing
from overture.services.deployment import Deployment
from overture.store.database import Database
from overture.store.records import ContactState
from overture.store.schema import tombstone
from overture.store.sql import SqlLedger
from tests.factories import NOON, write_often

WHO = "rest:demo:u1"
RULES = Deployment(policy=Policy())


def run(database: Database, work: Callable[[SqlLedger], Any]) -> Any:
    return database.write_now(lambda connection: work(SqlLedger(connection)))


def erase(database: Database) -> None:
    assert run(database, lambda ledger: erasing.erase(ledger, WHO, NOON))
    assert run(database, lambda ledger: ledger.people.contact(WHO)) is None


def returned(database: Database) -> ContactState:
    """Have the person write again; return what is known of them."""
    write_often(database)
    found = run(database, lambda ledger: ledger.people.contact(WHO))
    assert isinstance(found, ContactState)
    return found


def tombstones(database: Database) -> list[Any]:
    return database.read_now(lambda connection: list(connection.execute(sa.select(tombstone))))


def test_an_opt_out_outlives_erasure(database: Database) -> None:
    """Who asked not to be written to has not asked for the opposite by being forgotten."""
    write_often(database)
    run(database, lambda ledger: consent.opt_out(ledger, WHO, NOON, RULES, by="m1"))
    erase(database)
    assert returned(database).opted_out_at == NOON
    assert tombstones(database) == []


def test_that_somebody_is_a_minor_outlives_erasure(database: Database) -> None:
    """Or a minor could be written to by having themselves forgotten; the birth date is gone."""
    write_often(database)
    run(database, lambda ledger: ledger.people.save_contact(WHO, NOON, birth_year=NOON.year - 12))
    erase(database)
    again = returned(database)
    assert (again.declared_minor, again.birth_year, again.opted_out_at) == (True, None, None)


def test_a_tombstone_does_not_tell_who_it_is_of(database: Database) -> None:
    write_often(database)
    run(database, lambda ledger: consent.opt_out(ledger, WHO, NOON, RULES, by="m1"))
    erase(database)
    (row,) = tombstones(database)
    assert "u1" not in row.digest
    assert (row.opted_out, row.minor) == (True, False)


def test_of_anybody_else_nothing_is_left(database: Database) -> None:
    write_often(database)
    erase(database)
    assert tombstones(database) == []


def test_an_opt_in_takes_back_what_outlived_erasure_for_good(database: Database) -> None:
    """Also through a second erasure."""
    write_often(database)
    run(database, lambda ledger: consent.opt_out(ledger, WHO, NOON, RULES, by="m1"))
    erase(database)
    returned(database)
    run(database, lambda ledger: consent.opt_in(ledger, WHO, NOON, RULES))
    erase(database)
    assert returned(database).opted_out_at is None


def test_a_person_is_known_again_by_another_id(database: Database) -> None:
    """A number and a business-scoped id are one person."""
    write_often(database)
    run(database, lambda ledger: ledger.people.alias(WHO, ["15550001"]))
    run(database, lambda ledger: consent.opt_out(ledger, WHO, NOON, RULES, by="m1"))
    erase(database)
    other = "rest:demo:15550001"
    run(database, lambda ledger: ledger.people.save_contact(other, NOON))
    assert run(database, lambda ledger: ledger.people.contact(other)).opted_out_at == NOON
    run(database, lambda ledger: ledger.people.save_contact("rest:demo:u9", NOON))
    run(database, lambda ledger: ledger.people.alias("rest:demo:u9", ["u1"]))
    assert run(database, lambda ledger: ledger.people.contact("rest:demo:u9")).opted_out_at == NOON


def test_an_operator_can_take_back_that_somebody_is_a_minor(database: Database) -> None:
    """It is on record when; who says so again is a minor again."""
    write_often(database)
    run(database, lambda lg: consent.change(lg, WHO, NOON, RULES, declared_minor=True))
    later = NOON + timedelta(hours=1)
    run(database, lambda ledger: consent.lift_minor(ledger, WHO, later, RULES))
    person = run(database, lambda ledger: ledger.people.contact(WHO))
    assert (person.declared_minor, person.minor_lifted_at) == (False, later)
