"""What the action server finds, against what the domain names."""

from __future__ import annotations

from pathlib import Path

import yaml
from rasa_sdk.executor import ActionExecutor

from overture.rasa_ext.acting import PersonaAction

ROOT = Path(__file__).resolve().parents[3]


def test_the_action_server_offers_exactly_the_actions_of_the_domain():
    executor = ActionExecutor()
    executor.register_package("actions")
    ours = {one for one in PersonaAction.__subclasses__() if one.__module__.startswith("actions.")}
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(one().name() for one in ours) == domain["actions"]
    assert set(domain["actions"]) <= set(executor.actions)
