"""What to do about an answer of the Graph API that is not a success."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from overture.meta import wire
from overture.meta.error_table import DIRECT_ROWS, WHATSAPP_ROWS, Row
from overture.meta.usage import wait_named_in

_Key = tuple[int, int | None]

_TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = 500
_UNAUTHORISED = (401, 403)

#: The longest a growing wait becomes, in seconds.
MAX_WAIT = 3600.0


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A refused or failed send, and what follows from it.

    Attributes:
        code: Meta's code; None when the answer had none.
        subcode: Meta's subcode; WhatsApp no longer has them.
        trace_id: ``fbtrace_id``, to be quoted to Meta's support.
        action: One of :data:`overture.meta.error_table.ACTIONS`.
        meaning: The row's words; safe to log, unlike Meta's own message.
        retry_after: Seconds to wait at least before the next try; None where there is none.
        tries: How often to send again at most.
        named: Seconds the answer itself asked to wait, if it did; part of ``retry_after``.
        until: For ``stop_person``: until they ``write`` or ``resume`` marketing; None means
            ``retry_after`` says when.
    """

    code: int | None
    subcode: int | None
    trace_id: str | None
    action: str
    meaning: str
    retry_after: float | None = None
    tries: int = 0
    grows: int = 1
    until: str | None = None
    named: float | None = None

    @property
    def again(self) -> bool:
        """Whether the same message may be sent again later."""
        return self.action in ("retry", "wait")

    def delay(self, attempt: int) -> float | None:
        """Return the seconds to wait before a try, or None when there is to be none.

        Args:
            attempt: 1 for the first repetition.
        """
        if not self.again or attempt > self.tries:
            return None
        wait = self.retry_after or 0.0
        grown = wait * float(self.grows) ** (attempt - 1)
        return min(grown, max(MAX_WAIT, wait))


def classify(
    channel: str, http_status: int, body: Any, headers: Mapping[str, str] | None = None
) -> Failure:
    """Classify an error answer of the Graph API.

    Args:
        channel: ``messenger``, ``instagram`` or ``whatsapp``.
        http_status: The status of the answer.
        body: The decoded answer, its text or bytes; anything, also None.
        headers: The answer's headers; ``Retry-After`` and the usage headers lengthen the wait, as
            does ``retry_after`` in the error itself.
    """
    error = wire.mapping(wire.mapping(_decoded(body)).get("error"))
    code, subcode = wire.integer(error.get("code")), wire.integer(error.get("error_subcode"))
    row = _row(channel, code, subcode) or _row_of_status(http_status, error)
    named = wait_named_in(headers or {}, error)
    return _failure(row, code, subcode, wire.text(error.get("fbtrace_id")), named)


def classify_code(channel: str, code: int | None, subcode: int | None = None) -> Failure:
    """Classify a code that came without an answer, as in a WhatsApp status webhook."""
    row = _row(channel, code, subcode) or Row(code or -1, "give_up", "unknown code")
    return _failure(row, code, subcode, None, None)


def _failure(
    row: Row, code: int | None, subcode: int | None, trace_id: str | None, named: float | None
) -> Failure:
    waits = [float(wait) for wait in (row.wait, named) if wait is not None]
    waiting = row.action in ("retry", "wait", "pause_account")
    return Failure(
        code=code,
        subcode=subcode,
        trace_id=trace_id,
        action=row.action,
        meaning=row.meaning,
        retry_after=max(waits) if waits and (waiting or row.wait) else None,
        tries=row.tries,
        grows=row.grows,
        until=row.until,
        named=named,
    )


def _row(channel: str, code: int | None, subcode: int | None) -> Row | None:
    if code is None:
        return None
    table = _TABLES[channel]
    if channel != "whatsapp" and (code, subcode) in table:
        return table[(code, subcode)]
    if channel != "whatsapp" and subcode in _BY_SUBCODE:
        return _BY_SUBCODE[subcode]
    return table.get((code, None))


def _row_of_status(http_status: int, error: Mapping[str, Any]) -> Row:
    """Judge by the status alone when the code is unknown or missing."""
    if http_status == _TOO_MANY_REQUESTS:
        return Row(-1, "wait", "too many requests", wait=60, tries=5, grows=2)
    if http_status >= _SERVER_ERRORS or wire.flag(error.get("is_transient")):
        return Row(-1, "retry", "platform fault", wait=2, tries=3, grows=2)
    if http_status in _UNAUTHORISED:
        return Row(-1, "alarm", "access refused")
    return Row(-1, "give_up", "unknown error")


def _decoded(body: Any) -> Any:
    if isinstance(body, str):
        body = body.encode("utf-8", "replace")
    if not isinstance(body, bytes):
        return body
    try:
        return wire.decode(body)
    except wire.Unreadable:
        return None


def _indexed(rows: Sequence[Row]) -> Mapping[_Key, Row]:
    return MappingProxyType({(row.code, row.subcode): row for row in rows})


_DIRECT = _indexed(DIRECT_ROWS)
#: Subcodes of messaging mean the same under whatever code they come.
_BY_SUBCODE: Mapping[int | None, Row] = MappingProxyType(
    {
        one: row
        for row in reversed(DIRECT_ROWS)
        for one in (row.subcode, row.code)
        if (one or 0) > 1e6
    }
)
_TABLES: Mapping[str, Mapping[_Key, Row]] = MappingProxyType(
    {"messenger": _DIRECT, "instagram": _DIRECT, "whatsapp": _indexed(WHATSAPP_ROWS)}
)
