"""The limits of contact an operator sets, checked against bounds that nobody can pass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from overture.policy.keys import KEYS, PolicyError
from overture.policy.quiet import QuietHours

_SECTION = "follow_up"
_NIGHT = QuietHours(start=22 * 60, end=9 * 60)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The limits of contact; the defaults are those of a missing `policy.yml`.

    Raises:
        PolicyError: A value is beyond its bound.
    """

    #: How long after its first message a window stays open; its last instant is inside.
    window: timedelta = timedelta(days=14)
    #: Distinct messages of the person a window needs before anything is sent.
    min_user_messages: int = 5
    #: Preferred delay after the last message.
    after: timedelta = timedelta(hours=20)
    #: How long before a platform's window closes the last message may go out.
    channel_margin: timedelta = timedelta(minutes=30)
    #: Local time of the person in which nothing is sent; None switches it off.
    quiet_hours: QuietHours | None = _NIGHT
    #: Time between two follow-ups.
    min_gap: timedelta = timedelta(hours=24)
    #: Most follow-ups in one window; None: no cap.
    max_per_window: int | None = None
    #: False stops everything that is not an answer.
    enabled: bool = True

    def __post_init__(self) -> None:
        for name, key in KEYS.items():
            if not key.holds(getattr(self, name)):
                raise PolicyError("policy", f"{_SECTION}.{name}", getattr(self, name), key.allowed)

    def __hash__(self) -> int:
        return hash(self.version)  # computed once: answers are kept by policy

    @classmethod
    def from_mapping(cls, mapping: object, source: str = "policy.yml") -> Policy:
        """Read what a policy file holds; missing keys take their defaults.

        Args:
            mapping: The parsed file: a mapping with the one key `follow_up`, or None when empty.
            source: Name of the file, for the error.

        Raises:
            PolicyError: A key is unknown, or a value is of the wrong type or beyond its bound.
        """
        return cls(**_read_section(mapping, source))

    def tightened(self, override: object, source: str = "override") -> Policy:
        """Return this policy with the override's limits in place of its own.

        The override has the form of a policy file. `after` is a wish and may change freely.

        Raises:
            PolicyError: The override would loosen a limit, or is not a valid policy.
        """
        values = _read_section(override, source)
        for name, value in values.items():
            own, key = getattr(self, name), KEYS[name]
            if not key.as_tight(value, own):
                allowed = f"an override may only tighten {key.write(own)!r} of the general policy"
                raise PolicyError(source, f"{_SECTION}.{name}", key.write(value), allowed)
        return replace(self, **values)

    def to_mapping(self) -> dict[str, dict[str, Any]]:
        """Return the policy in the form of a policy file: every key, with values as text."""
        return {_SECTION: {name: key.write(getattr(self, name)) for name, key in KEYS.items()}}

    @cached_property
    def version(self) -> str:
        """Name this policy by its content: equal limits have equal versions."""
        canonical = json.dumps(self.to_mapping(), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _read_section(mapping: object, source: str) -> dict[str, Any]:
    """Return the values given under `follow_up`, each parsed and within its bounds."""
    if mapping is None:
        return {}
    if not isinstance(mapping, Mapping):
        raise PolicyError(source, "(file)", mapping, f"a mapping with the key {_SECTION}")
    for key, value in mapping.items():
        if key != _SECTION:
            raise PolicyError(source, str(key), value, f"the only key here is {_SECTION}")
    section = mapping.get(_SECTION)
    if section is not None and not isinstance(section, Mapping):
        raise PolicyError(source, _SECTION, section, f"a mapping of {', '.join(KEYS)}")
    return {name: _read_value(name, value, source) for name, value in (section or {}).items()}


def _read_value(name: object, value: object, source: str) -> Any:
    """Parse one value under `follow_up`."""
    where = f"{_SECTION}.{name}"
    key = KEYS.get(name) if isinstance(name, str) else None
    if key is None:
        raise PolicyError(source, where, value, f"the keys here are {', '.join(KEYS)}")
    try:
        parsed = key.parse(value)
    except (ValueError, TypeError) as exc:
        raise PolicyError(source, where, value, key.allowed) from exc
    if not key.holds(parsed):
        raise PolicyError(source, where, value, key.allowed)
    return parsed
