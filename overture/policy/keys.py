"""Each key of the policy as data: how its value is read and written, and its bounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from overture.policy.durations import format_duration, parse_duration
from overture.policy.quiet import QuietHours

#: Nobody can set a longer window.
WINDOW_CEILING = timedelta(days=14)
#: Nobody can ask for fewer messages.
MESSAGES_FLOOR = 5

_ZERO = timedelta(0)
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=3650)
_SHOWN = 80


class PolicyError(ValueError):
    """Say which file and key hold a value that is not allowed, and what is."""

    def __init__(self, file: str, key: str, value: object, allowed: str) -> None:
        shown = repr(value)
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
        super().__init__(f"{file}: {key}: {shown} is not allowed; {allowed}")
        self.file = file
        self.key = key
        self.value = value
        self.allowed = allowed


@dataclass(frozen=True, kw_only=True)
class Key:
    """How one key of the policy behaves."""

    #: The permitted range in words.
    allowed: str
    #: Turns what a file holds into a value; raises ValueError or TypeError.
    parse: Callable[[object], Any]
    #: Whether a value has the right type and is within its bounds.
    holds: Callable[[Any], bool]
    #: Whether the first value is at least as tight as the second.
    as_tight: Callable[[Any, Any], bool]
    #: Turns a value into what a file would hold.
    write: Callable[[Any], Any]


def _duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise TypeError("a duration is a text")
    return parse_duration(value)


def _as_is(value: object) -> object:
    return value


def _quiet(value: object) -> QuietHours | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError("quiet hours are a text")
    return QuietHours.parse(value)


def _quiet_as_tight(new: QuietHours | None, old: QuietHours | None) -> bool:
    return old is None or (new is not None and new.covers(old))


def _cap_as_tight(new: int | None, old: int | None) -> bool:
    return old is None or (new is not None and new <= old)


def _is_count(value: object, least: int) -> bool:
    return type(value) is int and value >= least  # a bool is an int and no count


def _is_between(value: object, least: timedelta, most: timedelta) -> bool:
    return isinstance(value, timedelta) and least <= value <= most


_TICK = timedelta(microseconds=1)

#: The keys of `follow_up`, in the order of the documentation.
KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "window": Key(
            allowed="a duration such as 14d, more than 0s and at most 14d",
            parse=_duration,
            holds=lambda value: _is_between(value, _TICK, WINDOW_CEILING),
            as_tight=lambda new, old: new <= old,
            write=format_duration,
        ),
        "min_user_messages": Key(
            allowed="a whole number, 5 or more",
            parse=_as_is,
            holds=lambda value: _is_count(value, MESSAGES_FLOOR),
            as_tight=lambda new, old: new >= old,
            write=_as_is,
        ),
        "after": Key(
            allowed="a duration such as 20h, more than 0s and at most 3650d",
            parse=_duration,
            holds=lambda value: _is_between(value, _TICK, _LONGEST),
            as_tight=lambda new, old: True,
            write=format_duration,
        ),
        "channel_margin": Key(
            allowed="a duration such as 30m, at least 0s and less than 24h",
            parse=_duration,
            holds=lambda value: _is_between(value, _ZERO, _DAY - _TICK),
            as_tight=lambda new, old: new >= old,
            write=format_duration,
        ),
        "quiet_hours": Key(
            allowed='"HH:MM-HH:MM" from 00:00 to 23:59 with start and end different, or null',
            parse=_quiet,
            holds=lambda value: value is None or isinstance(value, QuietHours),
            as_tight=_quiet_as_tight,
            write=lambda value: None if value is None else str(value),
        ),
        "min_gap": Key(
            allowed="a duration such as 24h, at least 0s and at most 3650d",
            parse=_duration,
            holds=lambda value: _is_between(value, _ZERO, _LONGEST),
            as_tight=lambda new, old: new >= old,
            write=format_duration,
        ),
        "max_per_window": Key(
            allowed="a whole number, 1 or more, or null",
            parse=_as_is,
            holds=lambda value: value is None or _is_count(value, 1),
            as_tight=_cap_as_tight,
            write=_as_is,
        ),
        "enabled": Key(
            allowed="true or false",
            parse=_as_is,
            holds=lambda value: isinstance(value, bool),
            as_tight=lambda new, old: old or not new,
            write=_as_is,
        ),
    }
)
