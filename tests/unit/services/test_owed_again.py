"""Whatever stands in the way of a follow-up: when it ends, those still owed one are written to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from overture.policy import Policy, QuietHours
from overture.services import accounts, consent, follow_up, planning
from overture.services.catching_up import left_out
from overture.services.deployment import Deployment, PersonaStanding
from overture.services.follow_up import Claims, Spending, Spent
from overture.store.database import Database
from overture.store.migrations import migrate
from overture.store.sql import SqlLedger
from tests.factories import LEASE, NOON, inbound, write

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHERE = "rest:demo:u1:maestro"
PERSON = "rest:demo:u1"
OPEN = Policy(quiet_hours=None, min_gap=timedelta(0))
PLAIN = Deployment(policy=OPEN)
DUE = NOON + 20 * HOUR
LATER = DUE + DAY
NEVER = NOON + 400 * DAY


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What stands in the way, and what takes it away: facts of the ledger, or of the deployment."""

    reason: str
    begin: Callable[[SqlLedger], Any] = lambda ledger: None
    end: Callable[[SqlLedger], Any] = lambda ledger: None
    #: What is in force meanwhile.
    meanwhile: Deployment = field(default=PLAIN)


def _contact(**changes: Any) -> Callable[[SqlLedger], Any]:
    return lambda lg: consent.change(lg, PERSON, DUE, PLAIN, **changes)


def _switch(value: str) -> Callable[[SqlLedger], Any]:
    return lambda lg: lg.set_switch("kill_switch", value, DUE)


def _account(until: datetime | None) -> Callable[[SqlLedger], Any]:
    return lambda lg: lg.pause_account("rest", "demo", until, "a test")


def _limits(**limits: Any) -> Deployment:
    return Deployment(policy=Policy(**{"quiet_hours": None, "min_gap": timedelta(0), **limits}))


def _persona(**standing: bool) -> Deployment:
    return Deployment(policy=OPEN, persona=lambda *_: PersonaStanding(**standing))


TROUBLES: Mapping[str, Trouble] = {
    "a stop, until they allow it again": Trouble(
        reason="opted_out",
        begin=lambda lg: consent.opt_out(lg, PERSON, DUE, PLAIN, by="m"),
        end=lambda lg: consent.opt_in(lg, PERSON, LATER, PLAIN),
    ),
    "a crisis, until it is released": Trouble(
        reason="crisis_hold",
        begin=lambda lg: consent.hold_for_crisis(lg, PERSON, DUE, PLAIN),
        end=lambda lg: consent.release_hold(lg, PERSON, LATER, PLAIN),
    ),
    "a long pause, until it is taken back": Trouble(
        reason="paused",
        begin=lambda lg: consent.pause(lg, WHERE, DUE, PLAIN, until=NEVER),
        end=lambda lg: consent.pause(lg, WHERE, LATER, PLAIN, until=None),
    ),
    "a pause, until it ends by itself": Trouble(
        reason="paused",
        begin=lambda lg: consent.pause(lg, WHERE, DUE, PLAIN, until=LATER),
    ),
    "a takeover, until it is handed back": Trouble(
        reason="takeover",
        begin=lambda lg: consent.take_over(lg, WHERE, DUE, PLAIN),
        end=lambda lg: consent.hand_back(lg, WHERE, LATER, PLAIN),
    ),
    "a takeover, until it ends by itself": Trouble(
        reason="takeover",
        begin=lambda lg: consent.take_over(lg, WHERE, DUE, PLAIN, until=LATER),
    ),
    "a wish for a human, until somebody has looked after it": Trouble(
        reason="takeover",
        begin=lambda lg: consent.ask_for_human(lg, WHERE, DUE, PLAIN),
        end=lambda lg: consent.settle(lg, WHERE, LATER, PLAIN),
    ),
    "a wish for a human, until one had the conversation for a while": Trouble(
        reason="takeover",
        begin=lambda lg: (
            consent.ask_for_human(lg, WHERE, DUE, PLAIN),
            consent.take_over(lg, WHERE, DUE, PLAIN, until=LATER),
        ),
    ),
    "an age, until it is put right": Trouble(
        reason="minor",
        begin=_contact(birth_year=2012),
        end=lambda lg: consent.change(lg, PERSON, LATER, PLAIN, birth_year=1990),
    ),
    "a mere word of being young, until it is put right": Trouble(
        reason="minor",
        begin=_contact(declared_minor=True),
        end=lambda lg: consent.change(lg, PERSON, LATER, PLAIN, declared_minor=False),
    ),
    "a law, until the person has moved and is of age": Trouble(
        reason="law",
        begin=_contact(birth_year=2012, region="US-TN"),
        end=lambda lg: consent.change(lg, PERSON, LATER, PLAIN, birth_year=1990, region="DE"),
    ),
    "the kill switch": Trouble(reason="disabled", begin=_switch("on"), end=_switch("off")),
    "the policy's own switch": Trouble(reason="disabled", meanwhile=_limits(enabled=False)),
    "an account at rest, until it works": Trouble(
        reason="disabled",
        begin=_account(NEVER),
        end=lambda lg: accounts.works(lg, "rest", "demo"),
    ),
    "an account at rest, until that ends by itself": Trouble(
        reason="disabled", begin=_account(LATER)
    ),
    "a person out of reach for a time": Trouble(
        reason="disabled", begin=_contact(unreachable_until=LATER)
    ),
    "a persona that is taken back": Trouble(
        reason="persona_not_released", meanwhile=_persona(released=False)
    ),
    "a persona that is hidden": Trouble(
        reason="persona_not_released", meanwhile=_persona(visible=False)
    ),
    "a persona that is hidden, until it is shared": Trouble(
        reason="persona_not_released",
        end=lambda lg: lg.people.save_contact(PERSON, LATER, shared=["maestro"]),
        meanwhile=_persona(visible=False),
    ),
    "more messages than there are": Trouble(
        reason="too_few_messages", meanwhile=_limits(min_user_messages=9)
    ),
    "a shorter window": Trouble(reason="window_closed", meanwhile=_limits(window=HOUR)),
    "almost a whole day of quiet": Trouble(
        reason="quiet_hours", meanwhile=_limits(quiet_hours=QuietHours.parse("00:00-23:59"))
    ),
}


@pytest.fixture
def database() -> Iterator[Database]:
    """Return an empty ledger in memory."""
    database = Database("sqlite://")
    migrate(database.engine)
    yield database
    database.close()


def run(database: Database, work: Callable[[SqlLedger], Any]) -> Any:
    """Run one transaction."""
    return database.write_now(lambda connection: work(SqlLedger(connection)))


def claim(ledger: SqlLedger, now: datetime, deployment: Deployment) -> Claims:
    """Claim what is due."""
    return follow_up.claim_due(ledger, now, deployment, limit=9, owner="one", lease=LEASE)


def look(
    ledger: SqlLedger, now: datetime, deployment: Deployment, *, planned_too: bool = False
) -> None:
    """Look for people who were left out, as the dispatcher does every few minutes."""
    found = left_out(ledger, now, behind="", limit=9, planned_too=planned_too)
    planning.replan_all(ledger, found, now, deployment, asked=True)


def send(ledger: SqlLedger, now: datetime, deployment: Deployment) -> Any:
    """Claim what is due and spend its permit."""
    assert [one.conversation_id for one in claim(ledger, now, deployment).tickets] == [WHERE]
    request = Spending(conversation_id=WHERE, now=now, text="hello again")
    return follow_up.spend(ledger, [request], deployment, owner="one", lease_until=now + LEASE)[0]


@pytest.mark.parametrize("name", TROUBLES)
def test_who_is_still_owed_a_follow_up_gets_it_when_the_trouble_ends(
    database: Database, name: str
) -> None:
    """Nothing while it lasts, however often the dispatcher looks; one message after it."""
    trouble = TROUBLES[name]
    for _ in range(5):
        write(database, inbound(at=NOON), PLAIN)
    run(database, trouble.begin)
    for now in (DUE, DUE + HOUR, LATER - HOUR):
        assert run(database, lambda lg, at=now: claim(lg, at, trouble.meanwhile)).tickets == ()
        run(database, lambda lg, at=now: look(lg, at, trouble.meanwhile))
    answers = run(database, lambda lg: lg.plans.decisions(WHERE, 100))
    withheld = any(trouble.reason in one.reasons for one in answers)
    moved = run(database, lambda lg: lg.plans.next_due()) == LATER
    assert withheld or moved
    run(database, trouble.end)
    limits_change = trouble.meanwhile is not PLAIN
    run(database, lambda lg: look(lg, LATER, PLAIN, planned_too=limits_change))
    assert run(database, lambda lg: lg.plans.next_due()) <= LATER
    assert isinstance(run(database, lambda lg: send(lg, LATER, PLAIN)), Spent)
    run(database, lambda lg: look(lg, LATER + DAY, PLAIN))
    assert run(database, lambda lg: lg.plans.next_due()) is None  # one, and no more
