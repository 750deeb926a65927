"""Requests whose length is none are refused before anything of their body is read.

Sanic 21.12, which Rasa 3.6 needs, reads a body of less than nothing for ever, and serves nobody
else meanwhile: anybody could stop a server with one request.
"""

from __future__ import annotations

from typing import Any

from sanic.compat import Header
from sanic.exceptions import InvalidUsage
from sanic.request import Request

#: Digits of the longest body that is talked about at all.
_DIGITS = 15


class SoundRequest(Request):
    """Hold a request; for ``Sanic.request_class``."""

    __slots__ = ()

    def __init__(self, url_bytes: bytes, headers: Header, *others: Any, **named: Any) -> None:
        """Refuse a length that is no number of bytes.

        Raises:
            InvalidUsage: Sanic answers 400 and closes the connection.
        """
        length = headers.getone("content-length", "0")
        if not (length.isascii() and length.isdigit() and len(length) <= _DIGITS):
            raise InvalidUsage("Content-Length is no number of bytes")
        super().__init__(url_bytes, headers, *others, **named)
