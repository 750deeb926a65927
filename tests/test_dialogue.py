"""The conversation tests of ``tests/test_stories.yml``, run as ``rasa test core`` runs them."""

from __future__ import annotations

from pathlib import Path
from random import Random

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


def turns(steps: list[dict]) -> list[tuple[str, str]]:
    kept = (("intent" if "intent" in step else "action", step) for step in steps)
    return [(kind, step[kind]) for kind, step in kept]


def test_every_story_has_a_conversation_test():
    tested = [turns(story["steps"]) for story in load(STORIES)["stories"]]
    for path in (ROOT / "data" / "stories").glob("*.yml"):
        for story in load(path)["stories"]:
            told = turns(story["steps"])
            at = range(len(told))
            runs = (one[n : n + len(at)] for one in tested for n in range(len(one)))
            assert told in runs, f"{story['story']} is told in no conversation test"


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


@pytest.mark.skipif(not MODEL.exists(), reason="no model: make train")
async def test_a_long_talk_is_answered_as_if_nothing_had_left_its_tracker():
    """The trained policies see a trimmed tracker and a whole one alike."""
    from rasa.core.agent import load_agent
    from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from overture.rasa_ext.live import FULL, LiveTracker

    agent = await load_agent(model_path=str(MODEL))
    story = ["greet", "tell_like", "ask_recommendation", "ask_about", "thank", "goodbye"]
    rng, known = Random(7), [*agent.domain.intents, *story * 6]
    whole = DialogueStateTracker("rest:local:u:maestro", agent.domain.slots)
    live = LiveTracker("rest:local:u:maestro", agent.domain.slots)
    for number in range(90):
        intent = story[number % 6] if number % 30 < 12 else rng.choice(known)
        heard = UserUttered(f"m{number}", {"name": intent, "confidence": 0.9})
        whole.update(heard)
        live.update(heard)
        for _ in range(6):
            one, other = (agent.processor._predict_next_with_tracker(t) for t in (whole, live))
            assert one.probabilities == other.probabilities, (number, intent)
            assert one.policy_name == other.policy_name
            assert one.hide_rule_turn == other.hide_rule_turn
            name = agent.domain.action_names_or_texts[one.max_confidence_index]
            for event in (
                *one.events,
                ActionExecuted(name, one.policy_name, 1.0, hide_rule_turn=one.hide_rule_turn),
                *([] if name == "action_listen" else [BotUttered("so")]),
            ):
                whole.update(event)
                live.update(event)
            if name == "action_listen":
                break
        live.trim()
    assert len(whole.events) > 3 * FULL / 2
    assert len(live.events) <= FULL
