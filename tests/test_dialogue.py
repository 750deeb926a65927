"""The conversation tests of ``tests/test_stories.yml``, run as ``rasa test core`` runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.nlu.evaluation import MODEL, ROOT

STORIES = ROOT / "tests" / "test_stories.yml"


def load(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def intents(steps: list[dict]) -> set[str]:
    return {step["intent"] for step in steps if "intent" in step}


def test_every_rule_has_a_conversation_test():
    told = set().union(*(intents(story["steps"]) for story in load(STORIES)["stories"]))
    rules = load(ROOT / "data" / "rules" / "answers.yml")["rules"]
    assert set().union(*(intents(rule["steps"]) for rule in rules)) <= told


def test_every_intent_is_answered_by_a_rule():
    rules = load(ROOT / "data" / "rules" / "answers.yml")["rules"]
    ruled = [rule["steps"][0]["intent"] for rule in rules]
    assert len(ruled) == len(set(ruled))
    assert set(load(ROOT / "domain.yml")["intents"]) | {"nlu_fallback"} == set(ruled)


@pytest.mark.skipif(not MODEL.exists(), reason="no model: make train")
async def test_conversations_go_as_they_should(tmp_path):
    from rasa.core.agent import load_agent
    from rasa.core.test import test as run_stories

    agent = await load_agent(model_path=str(MODEL))
    found = await run_stories(
        str(STORIES),
        agent,
        e2e=True,
        out_directory=str(tmp_path),
        errors=True,
        disable_plotting=True,
    )
    failed = tmp_path / "failed_test_stories.yml"
    assert found["report"]["conversation_accuracy"]["accuracy"] == 1.0, failed.read_text(
        encoding="utf-8"
    )
