"""The input of a replay: JSON lines, each checked completely before any is acted on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any, BinaryIO
from zoneinfo import available_timezones

from overture.errors import InvalidIdentity, OvertureError
from overture.identity import Conversation
from overture.meta import wire

#: Longer lines are refused, so that memory stays flat whatever the input is.
LONGEST_LINE = 1_000_000
LONGEST_ID = 1_000

_FIRST_YEAR, _LAST_YEAR = 1970, 9900
_OLDEST_BIRTH_YEAR = 1900
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class InvalidHistory(OvertureError):
    """A line of a history cannot be used; the message names it and says what is wrong."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {' '.join(problem.split())}")
        self.line = line


class _Wrong(ValueError):
    """What is wrong with a line, before its number is known."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a history that has been found valid."""

    #: When it happened, in UTC.
    at: datetime
    type: str
    #: None for `end` only.
    conversation: str | None = None
    #: Of a `user_message`.
    id: str | None = None
    text: str | None = None
    #: Of a `pause`.
    until: datetime | None = None
    #: Of a `profile`: what is told of the person.
    profile: Mapping[str, Any] = field(default_factory=dict)


def read_history(stream: BinaryIO) -> Iterator[tuple[Event, int]]:
    """Yield each event with the number of bytes its line takes.

    Raises:
        InvalidHistory: A line is not valid, or is earlier than the one before.
    """
    number, blank, before = 0, 0, None
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if not raw.strip():
            blank = blank or number
            continue
        if blank:
            raise InvalidHistory(blank, "empty")
        try:
            event = _event(raw, before)
        except _Wrong as exc:
            raise InvalidHistory(number, str(exc)) from exc
        before = event
        yield event, len(raw)


def _event(raw: bytes, before: Event | None) -> Event:
    """Read one line and set it against the one before."""
    if len(raw) > LONGEST_LINE:
        raise _Wrong(f"longer than {LONGEST_LINE} bytes")
    members = _members(raw)
    at = _instant("at", _required(members, "at"))
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise _Wrong(f"at must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}: {members['at']!r}")
    if before is not None and at < before.at:
        raise _Wrong(f"time runs backwards: {members['at']!r} is earlier than the line before")
    if before is not None and before.type == "end":
        raise _Wrong("nothing may follow the end")
    kind = _required(members, "type")
    read = _TYPES.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise _Wrong(f"unknown type {kind!r}; one of {', '.join(_TYPES)}")
    return Event(at=at, type=kind, **_details(members, kind, at))


def _members(raw: bytes) -> dict[str, Any]:
    """Return the object on a line.

    Raises:
        _Wrong: It is not UTF-8, not JSON, not an object, or has a member twice.
    """
    try:
        found = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
    except _Wrong:
        raise
    except UnicodeDecodeError as exc:
        raise _Wrong("not UTF-8") from exc
    except json.JSONDecodeError as exc:
        raise _Wrong(f"not JSON: {exc.msg} at column {exc.colno}") from exc
    except (ValueError, RecursionError) as exc:
        raise _Wrong("not JSON that can be read: a number too long or nested too deep") from exc
    if not isinstance(found, dict):
        raise _Wrong("not a JSON object")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Wrong(f"member {twice!r} is repeated")
    return found


def _refuse_constant(name: str) -> None:
    raise _Wrong(f"not JSON: {name} is no JSON value")


def _details(members: dict[str, Any], kind: str, at: datetime) -> dict[str, Any]:
    """Read the members a type of line has besides `at` and `type`."""
    needed, allowed = _TYPES[kind]
    for name in members:
        if name not in ("at", "type", *needed, *allowed):
            raise _Wrong(f"unknown member {name!r} in a line of type {kind}")
    details = {name: _READERS[name](name, _required(members, name)) for name in needed}
    given = {name: _READERS[name](name, members[name]) for name in allowed if name in members}
    if kind != "profile":
        return details | given
    if given.get("birth_year", 0) > at.year:
        raise _Wrong(f"birth_year lies in the future: {given['birth_year']}")
    return details | {"profile": given}


def _required(members: Mapping[str, Any], name: str) -> Any:
    if name not in members:
        raise _Wrong(f"{name} is missing")
    return members[name]


def _instant(name: str, value: object) -> datetime:
    """Read a date and time of RFC 3339, which always has an offset."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        form = "a time of RFC 3339 with offset, such as 2026-03-01T10:00:00Z"
        raise _Wrong(f"{name} must be {form}: {_shown(value)}")
    day, clock, fraction, offset = match.groups()
    offset = "+00:00" if offset in "Zz" else offset
    text = f"{day}T{clock}{(fraction or '.0')[:7]:0<7}{offset}"
    try:
        return datetime.fromisoformat(text).astimezone(timezone.utc)
    except (ValueError, OverflowError) as exc:
        raise _Wrong(f"{name} is no time of the calendar: {_shown(value)}") from exc


def _conversation(name: str, value: object) -> str:
    if not isinstance(value, str) or not _is_plain(value):
        raise _Wrong(f"{name} must be channel:account:user:persona: {_shown(value)}")
    return _known_conversation(value)


@lru_cache(maxsize=8192)
def _known_conversation(text: str) -> str:
    try:
        return str(Conversation.parse(text))
    except InvalidIdentity as exc:
        raise _Wrong(f"conversation must be channel:account:user:persona: {_shown(text)}") from exc


def _identifier(name: str, value: object) -> str:
    if not isinstance(value, str) or not value or not _is_plain(value):
        raise _Wrong(f"{name} must be a text that is not empty: {_shown(value)}")
    return value


def _is_plain(text: str) -> bool:
    """Tell whether a text can serve as an id: not too long, without halves of characters."""
    return len(text) <= LONGEST_ID and text.isprintable()


def _text(name: str, value: object) -> str | None:
    if not isinstance(value, str):
        raise _Wrong(f"{name} must be a text: {_shown(value)}")
    return wire.text(value)


def _zone(name: str, value: object) -> str:
    if not isinstance(value, str) or value not in _zones():
        raise _Wrong(f"unknown time zone: {_shown(value)}")
    return value


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _birth_year(name: str, value: object) -> int:
    if type(value) is not int or not _OLDEST_BIRTH_YEAR <= value <= _LAST_YEAR:
        raise _Wrong(f"{name} must be a year from {_OLDEST_BIRTH_YEAR} on: {_shown(value)}")
    return value


def _region(name: str, value: object) -> str:
    if not isinstance(value, str) or not _REGION.fullmatch(value):
        raise _Wrong(f"{name} must be a code of ISO 3166 such as DE or US-TN: {_shown(value)}")
    return value


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}..."


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "conversation": _conversation,
    "id": _identifier,
    "text": _text,
    "until": _instant,
    "timezone": _zone,
    "birth_year": _birth_year,
    "region": _region,
}

#: Each type of line: the members it must have and those it may have.
_TYPES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "user_message": (("conversation", "id"), ("text",)),
    "profile": (("conversation",), ("timezone", "birth_year", "region")),
    "opt_out": (("conversation",), ()),
    "opt_in": (("conversation",), ()),
    "pause": (("conversation", "until"), ()),
    "crisis_hold": (("conversation",), ()),
    "release_hold": (("conversation",), ()),
    "takeover": (("conversation",), ()),
    "hand_back": (("conversation",), ()),
    "end": ((), ()),
}
