"""Reading a request's body: no more of it than is allowed, and quickly."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import orjson
from sanic.request import Request

from overture.meta import wire

#: orjson would round a number beyond 64 bits, which may be an id.
_LONG_NUMBER = re.compile(rb"[0-9]{18}")


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body of a request to a streaming route.

    Args:
        limit: in bytes; a larger body is refused before the rest of it is read.

    Raises:
        PayloadTooLarge: Sanic answers 413.
    """
    assert request.stream is not None
    request.stream.request_max_size = limit
    await request.receive_body()  # type: ignore[no-untyped-call]
    return bytes(request.body)


def decode(raw: bytes) -> Any:
    """Decode a JSON body as ``wire.decode`` does, more quickly if nothing is odd in it.

    Raises:
        Unreadable: When the body is not JSON.
    """
    if not _LONG_NUMBER.search(raw):
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(raw)
    return wire.decode(raw)
