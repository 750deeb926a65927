"""JSON of the ledger: whatever is written is read back as it was."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.policy.quiet import QuietHours
from overture.policy.records import write
from overture.store.encoding import from_json, to_json

_ANY_TEXT = st.text(st.characters(exclude_categories=()))  # halves of emoji too
_FLOATS = st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | _FLOATS | _ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(_ANY_TEXT, inner),
)


@given(_VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    assert from_json(to_json(value)) == value


@given(_VALUES)
def test_any_other_reader_reads_it_too(value: object) -> None:
    assert json.loads(to_json(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([], "[]"),
        ({}, "{}"),
        ((), "[]"),
        ({"a": [1, "b"]}, '{"a":[1,"b"]}'),
        (None, "null"),
        (12, "12"),
        (2**64, "18446744073709551616"),
        ("\ud83d", r'"\ud83d"'),
        ({1: "one"}, '{"1":"one"}'),
        (float("nan"), "null"),  # PostgreSQL knows no other way to say it
    ],
)
def test_it_holds_no_blanks(value: object, text: str) -> None:
    assert to_json(value) == text


@given(st.datetimes(timezones=st.just(timezone.utc)), st.timedeltas(), st.dates())
def test_what_the_gate_keeps_is_written_as_its_records_have_it(
    instant: datetime, duration: timedelta, day: date
) -> None:
    kept = {"at": instant, "long": duration, "on": day, "quiet": QuietHours(start=0, end=60)}
    assert json.loads(to_json(kept)) == write(kept)
    odd = kept | {"number": 2**70}
    assert json.loads(to_json(odd)) == write(odd)


def test_what_is_neither_json_nor_the_gates_is_refused() -> None:
    with pytest.raises(TypeError, match="no JSON can hold a set"):
        to_json({"a": {1, 2}})


def test_one_text_holds_one_value() -> None:
    with pytest.raises(ValueError, match="more than one value"):
        from_json("[1][2]")
