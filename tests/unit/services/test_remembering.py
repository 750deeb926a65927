"""Whose words may be remembered, and what a correction can be about."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any, cast

import pytest

from overture.replay.ledger import ReplayLedger
from overture.replay.words import extract
from overture.services.deployment import Deployment
from overture.services.planning import wish_for
from overture.services.remembering import _may_remember, remember
from overture.store.ports import Ledger
from overture.store.records import ContactState, FactRow, Inbound

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("known", "may"),
    [
        ({}, True),
        ({"memory_off_at": NOW}, False),
        ({"region": "US-PR", "declared_minor": True}, False),
        ({"region": "PR", "declared_minor": True}, False),
        ({"region": "PR", "birth_year": 2008}, False),  # a minor through the end of 2026
        ({"region": "PR", "birth_year": 2007}, True),
        ({"region": "PR", "birth_date": "2008-03-02"}, True),  # eighteen since this morning
        ({"region": "PR", "birth_date": "2008-03-03"}, False),
        ({"region": "US-TN", "birth_year": 2015}, True),  # no follow-ups there, but memory
        ({"region": "PR"}, True),
    ],
)
def test_minors_in_puerto_rico_are_not_profiled(known: dict[str, Any], may: bool) -> None:
    """However their age is known."""
    person = ContactState(id="a:b:c", channel="a", account_id="b", user_id="c", **known)
    assert _may_remember(person, NOW) == may


def told(ledger: Ledger, text: str, at: datetime) -> list[FactRow]:
    """Return what is kept of a message of somebody known."""
    message = Inbound(
        channel="messenger",
        account_id="1",
        user_id="2",
        message_id=f"m{at:%d}",
        kind="text",
        text=text,
        conversation_id="messenger:1:2:maestro",
        occurred_at=at,
        received_at=at,
    )
    ledger.people.save_contact("messenger:1:2", at)
    return remember(ledger, message, at, Deployment(extract=extract))


@pytest.mark.parametrize(
    ("later", "value"),
    [(timedelta(days=2), "movie night"), (timedelta(days=30), "Saturday")],
)
def test_a_correction_is_about_what_still_holds(later: timedelta, value: str) -> None:
    """A film night of last month is not moved to this Saturday; nor is it kept for a replay."""
    ledger = cast("Ledger", ReplayLedger())
    told(ledger, "we have a movie night on Friday", NOW)
    (new,) = told(ledger, "I meant Saturday", NOW + later)
    assert new.value == value
    assert ledger.memory.current(new.conversation_id) == [new]


def test_an_exam_next_week_is_over_when_that_week_is() -> None:
    """Nobody is asked on Tuesday how it went: it may be on Friday."""
    exam, film = (
        told(cast("Ledger", ReplayLedger()), f"I have {what}", NOW)[0]
        for what in ("an exam next week", "a movie night on Friday")
    )
    assert (exam.when, exam.until, film.until) == ("2026-03-09", "2026-03-15", None)
    morning = datetime(2026, 3, 16, 10, 30, tzinfo=timezone.utc)
    assert wish_for([exam], NOW, timezone.utc) == morning
