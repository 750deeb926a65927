"""Tolerant readers of JSON that others wrote; what has the wrong shape reads as absent.

Only :func:`decode` raises, and only :class:`Unreadable`. The other functions take any value that
JSON can hold (and what Python's decoder makes of ``NaN`` or of a lone surrogate) and answer None or
an empty container when the value is not what was asked for.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

#: Bytes of an id as it is stored; longer ones are refused: two of them make an entry of an index,
#: which holds 2,700, and Meta's have a few hundred characters at most.
MAX_ID = 1000
#: Containers nested deeper than this are cut out when the decoder cannot take the whole body.
MAX_DEPTH = 64

_MILLISECONDS_FROM = 1e11  # as seconds this would be the year 5138
_MICROSECONDS_FROM = 1e14
_EXACT_FLOAT = 2.0**53
#: ``Z`` and ``+0000``, which the standard library learns to read in Python 3.11 only.
_ZULU, _SHORT_OFFSET = re.compile(r"Z$"), re.compile(r"([+-]\d\d)(\d\d)$")
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class Unreadable(ValueError):
    """The body is not JSON."""


def decode(body: bytes) -> Any:
    """Decode a JSON body, reading on over what strict decoders stumble.

    Invalid UTF-8 becomes U+FFFD; of a repeated member the last one counts; ``NaN``, infinities and
    integers of thousands of digits become None; what is nested absurdly deep is cut out.

    Raises:
        Unreadable: When the body is not JSON.
    """
    text = body.decode(json.detect_encoding(body), "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _decode_patiently(text)


def _decode_patiently(text: str) -> Any:
    try:
        return json.loads("".join(_shallow(text)), parse_int=_integer, parse_constant=_nothing)
    except (ValueError, RecursionError) as exc:
        raise Unreadable(str(exc)) from exc


def _shallow(text: str) -> Iterator[str]:
    """Yield the text with every container below ``MAX_DEPTH`` replaced by null."""
    depth = start = 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == MAX_DEPTH + 1:
                yield text[start : token.start()] + "null"
        elif token[0] in "]}":
            if depth == MAX_DEPTH + 1:
                start = token.end()
            depth -= 1
    if depth <= MAX_DEPTH:
        yield text[start:]


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= 100 else None


def _nothing(_: str) -> None:
    return None


def items(value: Any) -> list[Any]:
    """Return the value as a list: a lone object is a list of one, null is empty."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def mapping(value: Any) -> dict[str, Any]:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str | None:
    """Return text that can be stored anywhere, or None when there is none.

    Numbers are written out; lone surrogates and NUL become U+FFFD; an empty text is None.
    """
    if isinstance(value, str):
        return _storable(value) or None
    return None if value is None else _number_text(value)


def opaque(value: Any) -> str | None:
    """Return a payload as text: text as it is, objects and arrays as compact JSON."""
    if isinstance(value, (dict, list)):
        try:
            return text(json.dumps(value, separators=(",", ":")))
        except (ValueError, RecursionError):
            return None
    return text(value)


def identifier(value: Any) -> str | None:
    """Return an id as text, or None.

    Whole numbers are accepted (never through a float that lost digits); blank, unprintable and
    overlong values are not ids.
    """
    if value is None:
        return None
    found = value.strip() if isinstance(value, str) else _number_text(value)
    if not found or not found.isprintable():
        return None
    surely = len(found) <= MAX_ID // 4  # whatever characters they are
    return found if surely or _stored_length(found) <= MAX_ID else None


def flag(value: Any) -> bool:
    """Return whether the value says yes."""
    if value is None:
        return False
    return (
        value is True or value in (1, "1") or (isinstance(value, str) and value.lower() == "true")
    )


def integer(value: Any) -> int | None:
    """Return a whole number given as number or digits, or None."""
    found = number(value)
    return int(found) if found is not None and found.is_integer() else None


def number(value: Any) -> float | None:
    """Return a finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def instant(value: Any) -> datetime | None:
    """Return a point in time in UTC, or None.

    Meta writes seconds, milliseconds or (rarely) ISO 8601, as number or text; the unit is taken
    from the size, since samples and real deliveries disagree about it.
    """
    stamp = value if type(value) is int and value < _MICROSECONDS_FROM else number(value)
    if stamp is None:
        return _iso(value)
    if stamp <= 0:
        return None
    if stamp >= _MICROSECONDS_FROM:
        stamp /= 1000
    if stamp >= _MILLISECONDS_FROM:
        stamp /= 1000
    try:
        return datetime.fromtimestamp(stamp, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None


def synthetic_id(*parts: str | None) -> str:
    """Return a stable id for an event that came without one, so that its redelivery is known."""
    joined = "\x1f".join(part or "" for part in parts)
    digest = hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()
    return f"synthetic-{digest[:40]}"


def _stored_length(found: str) -> int:
    """Return how many bytes an id takes; its colons are quoted, since they part the ids we make."""
    return (len(found) if found.isascii() else len(found.encode())) + 2 * found.count(":")


def _storable(value: str) -> str:
    if not value.isascii():
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value.replace("\x00", "\ufffd")


def _number_text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_FLOAT:
        return str(int(value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, int):
        return str(value) if value.bit_length() < 400 else None
    return None


def _iso(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        written = _SHORT_OFFSET.sub(r"\1:\2", _ZULU.sub("+00:00", value.strip()))
        found = datetime.fromisoformat(written)
        return found.astimezone(timezone.utc) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
