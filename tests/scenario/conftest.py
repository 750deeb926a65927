"""How long the scenarios run, and which databases they run on."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

#: `OVERTURE_SCENARIOS` times the usual number of lives: 1 in CI, 100 for a night.
TIMES = float(os.environ.get("OVERTURE_SCENARIOS", "1"))

#: Where CI begins to draw. A change is judged by what it changes, not by what luck draws: runs on
#: a desk and at night draw anew each time.
_CI_SEED = 20261122


def first_seed() -> int:
    """Return where a run begins to draw: as told, the same in CI, else anywhere."""
    told = os.environ.get("OVERTURE_SEED") or (_CI_SEED if os.environ.get("CI") else None)
    return int(told) if told else int.from_bytes(os.urandom(4), "big")


settings.register_profile(
    "scenario",
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
