"""PNG files chunk by chunk: text chunks out and in, every length and checksum verified.

The picture itself is never decoded, so that no picture can cost memory or time.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping

from overture.errors import InvalidCard

SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: A larger file is refused before it is read.
FILE_LIMIT = 24 * 1024 * 1024
#: More chunks than any honest picture has.
CHUNK_LIMIT = 20_000
_HEAD = struct.Struct(">I4s")
_CRC = struct.Struct(">I")


def is_png(data: bytes) -> bool:
    """Say whether the bytes begin as a PNG."""
    return data.startswith(SIGNATURE)


def texts(data: bytes) -> dict[str, bytes]:
    """Return the text chunks (``tEXt``) by keyword; the last one of a keyword counts.

    Raises:
        InvalidCard: the file is broken, cut short, too large or has too many chunks.
    """
    found: dict[str, bytes] = {}
    for kind, body in _chunks(data):
        if kind == b"tEXt":
            keyword, separator, text = body.partition(b"\0")
            if separator:
                found[keyword.decode("latin-1")] = text
    return found


def with_texts(data: bytes, written: Mapping[str, bytes], without: frozenset[str]) -> bytes:
    """Return the file with text chunks added before its end and old ones of a name left out.

    Args:
        data: a PNG.
        written: keyword to text.
        without: keywords whose chunks are dropped; all others stay as they are.
    """
    parts = [SIGNATURE]
    for kind, body in _chunks(data):
        if kind == b"IEND":
            parts += [
                _chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + text)
                for keyword, text in written.items()
            ]
        keyword = body.partition(b"\0")[0].decode("latin-1") if kind == b"tEXt" else ""
        if keyword not in without or kind != b"tEXt":
            parts.append(_chunk(kind, body))
    return b"".join(parts)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not is_png(data):
        raise InvalidCard("not a PNG file")
    if len(data) > FILE_LIMIT:
        raise InvalidCard(f"the PNG has {len(data)} bytes; at most {FILE_LIMIT} are read")
    at, count, kind = len(SIGNATURE), 0, b""
    while kind != b"IEND":
        count += 1
        kind, body, at = _chunk_at(data, at)
        if count > CHUNK_LIMIT or (count == 1) != (kind == b"IHDR"):
            raise InvalidCard(f"the PNG is broken: chunk {count} is {kind!r}")
        yield kind, body


def _chunk_at(data: bytes, at: int) -> tuple[bytes, bytes, int]:
    body_at = at + _HEAD.size
    if body_at > len(data):
        raise InvalidCard("the PNG is cut short")
    length, kind = _HEAD.unpack_from(data, at)
    end = body_at + length
    if end + _CRC.size > len(data):
        raise InvalidCard(f"the PNG is cut short: chunk {kind!r} claims {length} bytes")
    if zlib.crc32(data[at + 4 : end]) != _CRC.unpack_from(data, end)[0]:
        raise InvalidCard(f"the PNG is broken: checksum of chunk {kind!r}")
    return kind, data[body_at:end], end + _CRC.size


def _chunk(kind: bytes, body: bytes) -> bytes:
    return _HEAD.pack(len(body), kind) + body + _CRC.pack(zlib.crc32(kind + body))
