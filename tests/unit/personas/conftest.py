"""The personas that come with the project, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from overture.personas import Knowledge, Registry

PERSONAS = Path(__file__).parents[3] / "personas"


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.load(PERSONAS)


@pytest.fixture(scope="session")
def films(registry: Registry) -> Knowledge:
    return registry.knowledge("maestro")
