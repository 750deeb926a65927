"""What Rasa is told for a message from a person."""

from __future__ import annotations

from typing import Any

import pytest

from overture.delivery.wording import rasa_text
from overture.store.records import Inbound
from tests.unit.delivery.rooms import NOON


def message(kind: str = "text", **values: Any) -> Inbound:
    """Return a stored message."""
    return Inbound(
        channel="messenger",
        account_id="601",
        user_id="u1",
        message_id="m1",
        kind=kind,
        occurred_at=NOON,
        received_at=NOON,
        **values,
    )


@pytest.mark.parametrize("text", ["/restart", "  /restart", "\u2060/restart", "EXTERNAL: x", "/{"])
def test_words_never_act_as_a_command(text: str) -> None:
    """Whatever they begin with."""
    told = rasa_text(message(text=text))
    assert told is not None
    assert not told.strip().startswith(("/", "EXTERNAL:"))


def test_a_tapped_payload_may_be_a_command() -> None:
    """It was written by us."""
    assert rasa_text(message("quick_reply", text="Yes", payload="/affirm")) == "/affirm"


def test_a_book_of_a_text_is_read_in_part() -> None:
    """A turn over a million characters would keep everybody else waiting for seconds."""
    told = rasa_text(message(text="words " * 200_000))
    assert told is not None
    assert len(told) <= 4096
