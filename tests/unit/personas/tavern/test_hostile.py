"""A hostile file gets an error, never memory or time."""

from __future__ import annotations

import base64
import json
import struct
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overture.errors import InvalidCard
from overture.personas.story import avatar
from overture.personas.tavern import png, read_character
from overture.personas.tavern.reading import DEPTH_LIMIT, JSON_LIMIT
from tests.unit.personas.factories import character


def chunk(kind: bytes, body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return struct.pack(">I", size) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


IHDR = chunk(b"IHDR", bytes(13))
WHOLE = png.with_texts(
    avatar("A"), {"chara": base64.b64encode(json.dumps(character()).encode())}, frozenset()
)


def carrying(text: bytes) -> bytes:
    return png.with_texts(avatar("A"), {"chara": text}, frozenset())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"null",
        b"[]",
        b"{}",
        b'{"name": "x"}',
        b'{"spec": "chara_card_v2"}',
        b'{"spec": "chara_card_v2", "data": []}',
        b'{"name": NaN, "description": ""}',
        b'{"name": ' + b"9" * 100_000 + b"}",
        b"[" * 1_000_000,
        b'{"a":' * 100_000,
        json.dumps({"name": "", "description": "", "x": [0] * 300_000}).encode(),
        b'"' + b"x" * (JSON_LIMIT + 1),
        png.SIGNATURE,
        png.SIGNATURE + IHDR,  # no end
        png.SIGNATURE + chunk(b"IEND", b""),  # no beginning
        png.SIGNATURE + IHDR + chunk(b"tEXt", b"chara\0x", length=0xFFFFFFFF),
        png.SIGNATURE + IHDR + chunk(b"tEXt", b"") * 30_000 + chunk(b"IEND", b""),
        WHOLE[:-20],
        WHOLE[:60] + b"\xff" + WHOLE[61:],  # a checksum that is wrong
        avatar("A"),  # no card inside
        carrying(b"!!!! no base64 !!!!"),
        carrying(base64.b64encode(b"\xff\xfe")),
        carrying(base64.b64encode(b"[" * 500_000)),
    ],
)
def test_a_broken_file_is_refused_at_once(content: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(InvalidCard):
        read_character(content)
    assert time.perf_counter() - started < 1


def test_depth_is_limited_exactly() -> None:
    def nested(levels: int) -> bytes:
        inner = "[" * levels + "]" * levels
        return f'{{"name": "", "description": "", "x": {inner}}}'.encode()

    read_character(nested(DEPTH_LIMIT - 1))
    with pytest.raises(InvalidCard, match="deeper"):
        read_character(nested(DEPTH_LIMIT))


def test_a_chunk_that_claims_gigabytes_takes_no_memory() -> None:
    content = png.SIGNATURE + IHDR + chunk(b"tEXt", b"chara\0", length=0x7FFFFFFF)
    tracemalloc.start()
    with pytest.raises(InvalidCard):
        read_character(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_base64_with_line_breaks_and_without_padding_is_read() -> None:
    packed = base64.b64encode(json.dumps(character()).encode()).rstrip(b"=")
    broken = b"\n".join(packed[at : at + 76] for at in range(0, len(packed), 76))
    assert read_character(carrying(broken)).raw == character()


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert read_character(b"\xef\xbb\xbf" + json.dumps(character()).encode()).version == 2


@given(st.binary(max_size=300), st.integers(min_value=0, max_value=len(WHOLE)))
def test_any_bytes_are_a_card_or_an_error(noise: bytes, at: int) -> None:
    for content in (noise, WHOLE[:at] + noise + WHOLE[at:], png.SIGNATURE + noise):
        try:
            read_character(content)
        except InvalidCard:
            continue


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(sorted(character()["data"])), JSON))
def test_any_values_in_the_fields_are_read_or_refused(data: dict[str, object]) -> None:
    from overture.personas.tavern.document import document_of

    content = json.dumps({"spec": "chara_card_v2", "data": data}).encode()
    try:
        found = read_character(content)
        document = document_of(found)
    except InvalidCard:
        return
    assert found.raw["data"] == data
    assert document["status"] == "draft"
