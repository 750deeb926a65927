"""What the ledger keeps as JSON: written quickly, whatever a platform sent."""

from __future__ import annotations

import json
from typing import Any

import orjson

from overture.policy.records import write


def _written(value: Any) -> Any:
    """Write what JSON has no form for as the gate's records have it."""
    written = write(value)
    if written is value:
        raise TypeError(f"no JSON can hold a {type(value).__name__}")
    return written


# Without blanks: a fifth of a decision's record is blanks otherwise.
_encode = json.JSONEncoder(separators=(",", ":"), default=_written).encode
# orjson writes instants itself, as ``write`` would.
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_PASSTHROUGH_DATACLASS
# ``loads`` looks for blanks around a text and for a mark at its start: twice the time.
_decode = json.JSONDecoder().raw_decode


def to_json(value: Any) -> str:
    """Write a value as JSON without blanks, what the gate keeps by ``write`` of its records.

    Half of an emoji, an integer beyond 64 bits or a key that is no text, which orjson refuses,
    are written by the standard library.
    """
    if not value and isinstance(value, (list, dict)):  # as most of the ledger's are
        return "{}" if isinstance(value, dict) else "[]"
    try:
        return orjson.dumps(value, _written, _OPTIONS).decode()
    except TypeError:
        return _encode(value)


def from_json(text: str) -> Any:
    """Read what ``to_json`` wrote; orjson would round integers beyond 64 bits."""
    if text in ("[]", "{}"):
        return [] if text == "[]" else {}
    value, end = _decode(text)
    if end != len(text):
        raise ValueError(f"more than one value: {len(text) - end} characters too many")
    return value
