"""Headers in which the platform says how much of an allowance is used, and how long to wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from overture.meta import wire

_USAGE = ("x-app-usage", "x-page-usage", "x-business-use-case-usage")
_SHARES = ("call_count", "total_time", "total_cputime")
_WAIT_MINUTES = "estimated_time_to_regain_access"
#: Seconds no wait is longer than; a number of any size may stand in an answer.
_LONGEST = 7 * 24 * 3600.0


def usage_percent(headers: Mapping[str, str]) -> float | None:
    """Return the highest share of any allowance that is used, in percent; None if unsaid."""
    shares = [
        share
        for usage in _usages(_lowered(headers))
        for share in (wire.number(usage.get(name)) for name in _SHARES)
        if share is not None
    ]
    return max(shares, default=None)


def wait_named_in(
    headers: Mapping[str, str], error: Mapping[str, Any] | None = None
) -> float | None:
    """Return the seconds the platform asks us to wait, in headers or an error, or None."""
    lowered = _lowered(headers)
    minutes = (wire.number(usage.get(_WAIT_MINUTES)) for usage in _usages(lowered))
    waits = [minute * 60 for minute in minutes if minute]
    waits += filter(None, [_retry_after(lowered), wire.number((error or {}).get("retry_after"))])
    return max((min(wait, _LONGEST) for wait in waits if wait > 0), default=None)


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the wait in seconds; a date is read against the answer's own date."""
    value = headers.get("retry-after")
    seconds = wire.number(value)
    if seconds is not None or value is None:
        return seconds
    try:
        until = parsedate_to_datetime(value)
        return (until - parsedate_to_datetime(headers["date"])).total_seconds()
    except (KeyError, TypeError, ValueError):
        return None


def _usages(headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every usage record; business use cases come in lists by account."""
    for name in _USAGE:
        try:
            found = wire.mapping(wire.decode(headers.get(name, "{}").encode("utf-8", "replace")))
        except wire.Unreadable:
            continue
        yield found
        for records in found.values():
            yield from (record for record in wire.items(records) if isinstance(record, dict))
