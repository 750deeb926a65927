"""Limits of one persona or of one account: parts of the policy file that may only tighten it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from overture.policy.keys import KEYS, PolicyError
from overture.policy.limits import Policy

_SECTIONS = ("personas", "accounts")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The general policy, and what some personas and accounts have instead of parts of it."""

    general: Policy = field(default_factory=Policy)
    #: Persona id to its policy.
    personas: Mapping[str, Policy] = field(default_factory=dict)
    #: `channel:account` to its policy.
    accounts: Mapping[str, Policy] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, mapping: object, source: str = "policy.yml") -> Limits:
        """Read what a policy file holds.

        Raises:
            PolicyError: A key is unknown, a value is wrong, an override would loosen a limit, or
                one of a persona and one of an account do not go together.
        """
        parts = dict(mapping) if isinstance(mapping, Mapping) else {}
        sections = [parts.pop(name, None) for name in _SECTIONS]
        general = Policy.from_mapping(parts if isinstance(mapping, Mapping) else mapping, source)
        personas, accounts = (
            _overrides(general, name, found, source)
            for name, found in zip(_SECTIONS, sections, strict=True)
        )
        for account, limits in accounts.items():
            for persona in personas.values():
                both(persona, limits, f"{source}: accounts.{account}")
        return cls(general=general, personas=personas, accounts=accounts)

    def of(self, persona: str, channel: str, account: str) -> Policy:
        """Return the limits of one persona on one account: of both overrides the tighter."""
        own = self.personas.get(persona, self.general)
        theirs = self.accounts.get(f"{channel}:{account}")
        return own if theirs is None else both(own, theirs)

    @property
    def version(self) -> str:
        """Name all the limits by their content."""
        overrides = (*sorted(self.personas.items()), *sorted(self.accounts.items()))
        named = [f"{name}={policy.version}" for name, policy in overrides]
        return " ".join([self.general.version, *named])


def _overrides(general: Policy, section: str, found: object, source: str) -> dict[str, Policy]:
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise PolicyError(source, section, found, "a mapping of names to overrides")
    policies: dict[str, Policy] = {}
    for name, override in found.items():
        where = f"{source}: {section}.{name}"
        if not isinstance(name, str) or (section == "accounts") != (":" in name):
            form = "channel:account" if section == "accounts" else "the id of a persona"
            raise PolicyError(
                source, f"{section}.{name}", override, f"the name is {form}, in quotes"
            )
        policies[name] = general.tightened(override, where)
    return policies


@lru_cache(maxsize=1024)
def both(one: Policy, other: Policy, source: str = "override") -> Policy:
    """Return, limit by limit, the tighter of two policies; `after`, a wish, is the second's.

    Raises:
        PolicyError: Their quiet hours overlap without one covering the other.
    """
    values: dict[str, Any] = {}
    for name, key in KEYS.items():
        mine, theirs = getattr(one, name), getattr(other, name)
        if key.as_tight(theirs, mine):
            values[name] = theirs
        elif key.as_tight(mine, theirs):
            values[name] = mine
        else:
            allowed = (
                f"quiet hours that cover those of a persona, {key.write(mine)!r}, or the reverse"
            )
            raise PolicyError(source, f"follow_up.{name}", key.write(theirs), allowed)
    return Policy(**values)
