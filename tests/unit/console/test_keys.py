"""Where a list goes on."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from overture.console import keys
from overture.store.reviewing import Mark, Place, Refusal

AT = datetime(2026, 3, 2, 12, 0, 5, 123456, tzinfo=timezone.utc)


def test_what_is_written_is_read_again_to_the_microsecond():
    place = Place(at=AT, conversation_id="messenger:607:a~b:maestro")
    assert keys.read_place(keys.write_place(place)) == place
    mark = Mark(heard=12, said=0)
    assert keys.read_mark(keys.write_mark(mark)) == mark
    refusal = Refusal(number=7, at=AT, conversation_id="", reasons=())
    assert keys.read_refusal(keys.write_refusal(refusal)) == refusal


@pytest.mark.parametrize(
    "text", ["", "~", "x~y", "-1~a", "1e9~a", "9" * 30 + "~1", "9" * 18 + "~1", "٣~٣"]
)
def test_what_cannot_be_read_starts_at_the_beginning(text):
    assert keys.read_place(text) is None
    assert keys.read_refusal(text) is None
    if text != "9" * 18 + "~1":  # a number of a row may be as large
        assert keys.read_mark(text) is None
