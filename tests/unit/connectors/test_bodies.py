"""Bodies are read quickly, and as tolerantly as the slow way reads them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.bodies import decode
from overture.meta import wire

_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)  # halves of emoji too
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES, st.booleans())
def test_both_ways_read_the_same(value: object, escaped: bool) -> None:
    body = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    assert repr(decode(body)) == repr(wire.decode(body))


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":123456789012345678901234567890}',
        b'{"id":18446744073709551616}',
        b'{"id":-9223372036854775809}',
        b'{"a":1,"a":2}',
        b'{"a":NaN,"b":Infinity,"c":5}',
        b'{"a":"\\ud83d","b":1}',
        b'{"a":"x\xff","b":1}',
        '\ufeff{"a":"\u00e4"}'.encode(),
        '{"a":"\u00e4"}'.encode("utf-16"),
        b'{"a":1e999,"b":-0}',
        b"[" * 5_000 + b"]" * 5_000,
    ],
)
def test_what_is_odd_is_read_as_before(body: bytes) -> None:
    assert repr(decode(body)) == repr(wire.decode(body))


@pytest.mark.parametrize("body", [b"", b"{", b"not json", b'{"a":1}x', b"\x00"])
def test_what_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(wire.Unreadable):
        decode(body)
