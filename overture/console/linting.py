"""What is wrong with the lines a persona would open with, for the list of personas."""

from __future__ import annotations

from collections.abc import Sequence

from overture.errors import ConfigurationError, InvalidCard
from overture.personas import Registry
from overture.safety import lint_outbound


def findings(registry: Registry, persona_id: str) -> Sequence[str] | None:
    """Return what the linter says about a persona's openers; None if its card cannot be read."""
    try:
        card = registry.get(persona_id)
    except (InvalidCard, ConfigurationError):
        return None
    return [
        f"{opener.id}: {finding.rule.replace('_', ' ')} ({finding.words})"
        for opener in card.follow_ups
        for finding in lint_outbound(opener.text, opener.needs)
    ]
