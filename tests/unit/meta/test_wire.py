"""Tolerant reading of JSON."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.meta import wire

MOMENT = datetime(2026, 6, 15, 9, 0, tzinfo=timezone.utc)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(blacklist_categories=()), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


def test_the_last_of_repeated_members_counts():
    assert wire.decode(b'{"a":1,"a":2}') == {"a": 2}


def test_invalid_utf8_becomes_the_replacement_character():
    assert wire.decode(b'{"a":"x\xff\xfey"}') == {"a": "x\ufffd\ufffdy"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_are_recognised(encoding):
    assert wire.decode('{"a":"ä"}'.encode(encoding)) == {"a": "ä"}


def test_an_integer_of_ten_thousand_digits_is_nothing_and_costs_no_neighbour():
    body = b'{"a":' + b"9" * 10_000 + b',"b":7}'
    assert wire.decode(body) == {"a": None, "b": 7}


def test_constants_that_are_not_json_cost_no_neighbour():
    body = wire.decode(b'{"a":NaN,"b":Infinity,"c":-Infinity,"d":1e999,"e":5}')
    assert [wire.number(body[key]) for key in "abcde"] == [None, None, None, None, 5.0]


def test_what_is_nested_absurdly_deep_is_cut_out_and_costs_no_neighbour():
    deep = b"[" * 100_000 + b"]" * 100_000
    assert wire.decode(b'{"good":1,"bad":' + deep + b',"after":"]["}')["after"] == "]["


def test_deep_objects_with_brackets_in_their_texts_are_cut_out():
    deep = b'{"k":"}]\\"","d":' * 30_000 + b"1" + b"}" * 30_000
    assert wire.decode(b'[{"good":1},' + deep + b',{"after":2}]')[2] == {"after": 2}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b"{]",
        b"nope",
        b'{"a":1} x',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"]" * 100_000,
        b'{"a":"\n"}',
        b'"unclosed',
    ],
)
def test_what_is_not_json_is_unreadable(body):
    with pytest.raises(wire.Unreadable):
        wire.decode(body)


@given(st.binary(max_size=60))
def test_decoding_any_bytes_answers_or_says_unreadable(body):
    with suppress(wire.Unreadable):
        wire.decode(body)


@given(ANYTHING)
def test_decoding_gives_back_what_json_wrote(value):
    written = json.dumps(value).encode()
    assert json.dumps(wire.decode(written)) == json.dumps(json.loads(written))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1781514000, MOMENT),  # seconds
        ("1781514000", MOMENT),  # seconds as text, as WhatsApp writes them
        (1781514000000, MOMENT),  # milliseconds
        ("1781514000000", MOMENT),
        (1781514000000000, MOMENT),  # microseconds
        (1781514000.0, MOMENT),
        ("1781514000.0", MOMENT),
        ("2026-06-15T09:00:00+0000", MOMENT),
        ("2026-06-15T11:00:00+02:00", MOMENT),
        ("2026-06-15T09:00:00Z", MOMENT),
        ("2026-06-15", None),
        ("2026-06-15T09:00:00", None),  # no zone: nobody knows when
        (0, None),
        (-5, None),
        (True, None),
        (None, None),
        ("soon", None),
        ("", None),
        (math.nan, None),
        (math.inf, None),
        (1e300, None),
        (10**400, None),
        ("9" * 400, None),
        ([1781514000], None),
        ({}, None),
    ],
)
def test_instants_come_in_every_unit(value, expected):
    assert wire.instant(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("24000000000000001", "24000000000000001"),
        (24000000000000001, "24000000000000001"),  # never through a float
        (123.0, "123"),
        (24000000000000001.0, None),  # a float has lost digits here
        (1.5, None),
        (" 7 ", "7"),
        ("", None),
        ("  ", None),
        ("a\nb", None),
        ("a\x00b", None),
        ("\ud800", None),
        ("x" * 1001, None),
        ("字" * 333, "字" * 333),
        ("字" * 334, None),  # bytes count
        (":" * 334, None),  # each is stored as three
        (10**200, None),
        (True, None),
        (None, None),
        ([1], None),
        ({"id": 1}, None),
        (math.nan, None),
    ],
)
def test_ids_are_opaque_text(value, expected):
    assert wire.identifier(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("hi", "hi"),
        (" hi ", " hi "),
        ("", None),
        (5, "5"),
        (5.0, "5"),
        (False, None),
        (None, None),
        (["hi"], None),
        ("a\x00b", "a\ufffdb"),
        ("a\ud83db", "a\ufffdb"),
        ("\ud83c\udfbb", "\U0001f3bb"),  # a pair that was not joined is
    ],
)
def test_text_can_be_stored_anywhere(value, expected):
    assert wire.text(value) == expected


def test_payloads_that_are_objects_become_compact_json():
    assert wire.opaque({"a": [1, 2]}) == '{"a":[1,2]}'
    assert wire.opaque("/affirm") == "/affirm"
    assert wire.opaque(None) is None


@given(ANYTHING)
def test_readers_take_any_value(value):
    for read in (wire.text, wire.opaque, wire.identifier, wire.instant, wire.number, wire.integer):
        read(value)
    assert wire.flag(value) in (True, False)
    assert isinstance(wire.items(value), list)
    assert isinstance(wire.mapping(value), dict)
    found = wire.text(value)
    assert found is None or found.encode("utf-8")


@pytest.mark.parametrize("value", [True, 1, "1", "true", "True", 1.0])
def test_yes_is_said_in_several_ways(value):
    assert wire.flag(value)


@pytest.mark.parametrize("value", [False, 0, "", "false", "no", None, [], {}, [1], "0"])
def test_anything_else_is_no(value):
    assert not wire.flag(value)


def test_made_up_ids_depend_on_every_part():
    ids = {
        wire.synthetic_id("a", "b"),
        wire.synthetic_id("ab"),
        wire.synthetic_id("a", None, "b"),
        wire.synthetic_id("b", "a"),
    }
    assert len(ids) == 4
    assert wire.synthetic_id("a", "b") in ids


def test_garbage_is_refused_quickly():
    for garbage in (b'{"' + b'\\"' * 500_000, b'"' * 500_001, b"[" * 10 + b'"\\' * 300_000):
        with pytest.raises(wire.Unreadable):
            wire.decode(garbage)


def test_constants_in_a_body_that_needs_patience_are_nothing():
    assert wire.decode(b'{"a":NaN,"b":' + b"9" * 5000 + b"}") == {"a": None, "b": None}


def test_a_payload_too_deep_to_write_is_nothing():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert wire.opaque(deep) is None
