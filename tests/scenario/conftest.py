"""How long the scenarios run, and which databases they run on."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

#: `OVERTURE_SCENARIOS` times the usual number of lives: 1 in CI, 100 for a night.
TIMES = float(os.environ.get("OVERTURE_SCENARIOS", "1"))

settings.register_profile(
    "scenario",
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
