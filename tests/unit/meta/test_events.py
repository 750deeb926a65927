"""Records refuse what cannot be."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from overture.meta.events import KINDS, TAPPED, InboundMessage, Parsed, ReadMark

GOOD = {
    "channel": "messenger",
    "account_id": "1",
    "user_id": "2",
    "message_id": "m",
    "kind": "text",
}


def test_a_message_with_all_its_ids_is_accepted():
    assert InboundMessage(**GOOD, occurred_at=datetime.now(timezone.utc)).text is None


@pytest.mark.parametrize("field", ["channel", "account_id", "user_id", "message_id"])
def test_a_message_without_one_of_its_ids_is_refused(field):
    with pytest.raises(ValueError, match="needs all its ids"):
        InboundMessage(**{**GOOD, field: ""})


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="unknown kind 'hologram'"):
        InboundMessage(**{**GOOD, "kind": "hologram"})


def test_a_time_without_zone_is_refused():
    naive = datetime(2026, 6, 15)  # noqa: DTZ001 - the naive time is what is refused
    with pytest.raises(ValueError, match="naive datetime"):
        InboundMessage(**GOOD, occurred_at=naive)
    with pytest.raises(ValueError, match="naive datetime"):
        ReadMark(channel="messenger", account_id="1", occurred_at=naive)


def test_what_is_tapped_is_a_kind_of_message():
    assert TAPPED < KINDS


def test_ignored_is_the_sum_of_what_was_skipped():
    assert Parsed(skipped={"echo": 2, "status": 3}).ignored == 5
    assert Parsed().ignored == 0
