"""Settings of all unit tests."""

from __future__ import annotations

import contextlib
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from sanic.touchup import TouchUp

# No deadline: how long one example takes says more about the machine than about the code.
settings.register_profile("overture", deadline=None, print_blob=True)
# CI draws the same each time: a change is judged by what it changes, not by luck.
settings.register_profile(
    "ci", settings.get_profile("overture"), max_examples=150, derandomize=True
)
# For mutation tests: whether a test fails matters, not the smallest example, and always the same;
# a busy machine must not look like a fault.
settings.register_profile(
    "mutation",
    settings.get_profile("overture"),
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("ci" if os.environ.get("CI") else "overture")


@pytest.fixture(autouse=True)
def several_apps_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Sanic rewrite its own methods once: a second time in a process it cannot find them."""
    rewrite = TouchUp.run

    def once(app: Any) -> None:
        with contextlib.suppress(KeyError, OSError):
            rewrite(app)

    monkeypatch.setattr(TouchUp, "run", once)
