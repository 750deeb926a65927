"""Reading a request's body, and no more of it than is allowed."""

from __future__ import annotations

from sanic.request import Request


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
