"""Whose words may be remembered."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from overture.services.remembering import _may_remember
from overture.store.records import ContactState

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
