"""Records made quickly are those their own init makes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from datetime import datetime, timezone
from typing import Any

import pytest

from overture.making import made
from overture.meta import inbound
from overture.meta.events import InboundMessage
from overture.services.acceptance import inbound_of
from overture.store.records import Inbound

AT = datetime(2026, 3, 1, tzinfo=timezone.utc)
BODY = {
    "object": "page",
    "entry": [
        {
            "id": "1",
            "messaging": [
                {
                    "sender": {"id": "2"},
                    "recipient": {"id": "1"},
                    "timestamp": 1_772_323_200_000,
                    "message": {"mid": "m", "text": "hello", "reply_to": {"mid": "m0"}},
                }
            ],
        }
    ],
}


def heard() -> InboundMessage:
    (message,) = inbound.parse("messenger", BODY).messages
    return message


@pytest.mark.parametrize("record", [heard(), inbound_of(heard(), AT)])
def test_what_a_webhook_makes_has_the_fields_of_its_class_and_no_others(record: Any) -> None:
    names = {field.name for field in fields(record)}
    assert vars(record).keys() <= names
    own = type(record)(**{name: getattr(record, name) for name in names})
    assert record == own
    assert repr(record) == repr(own)
    assert replace(record, text="other").text == "other"
    with pytest.raises(FrozenInstanceError):
        record.text = "changed"


def test_it_is_checked_as_it_checks_itself() -> None:
    values = {"channel": "messenger", "account_id": "1", "user_id": "2", "message_id": "m"}
    with pytest.raises(ValueError, match="unknown kind"):
        made(InboundMessage, {**values, "kind": "hologram"})
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="occurred_at needs a time zone"):
        made(Inbound, {**values, "kind": "text", "occurred_at": naive, "received_at": AT})
