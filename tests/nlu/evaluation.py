"""What ``rasa test nlu`` finds on the held-out messages, for tests and for the report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "overture.tar.gz"
MESSAGES = ROOT / "tests" / "nlu" / "messages.yml"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Hold how well intents were heard."""

    #: Rasa's report: precision, recall, F1 and support of each intent, and their averages.
    report: dict[str, Any]
    #: What was expected and heard for each message, with the confidence.
    predictions: tuple[dict[str, Any], ...]

    @property
    def f1(self) -> float:
        """Return F1 over all messages, each intent weighted by its messages."""
        return float(self.report["weighted avg"]["f1-score"])

    def recall(self, intent: str) -> float:
        """Return which part of an intent's messages was heard as such."""
        return float(self.report[intent]["recall"])

    def missed(self) -> list[str]:
        """Return the messages heard as something else, in words."""
        return [
            f"{one['text']!r} is {one['intent']}, heard as {one['predicted']}"
            f" ({one['confidence']:.2f})"
            for one in self.predictions
            if one["intent"] != one["predicted"]
        ]


async def evaluate(output: Path, *, pictures: bool = False) -> Outcome:
    """Run ``rasa test nlu`` on the held-out messages.

    Args:
        output: folder for what Rasa writes.
        pictures: whether Rasa draws its confusion matrix and histogram.
    """
    from rasa.core.agent import load_agent
    from rasa.nlu.test import run_evaluation

    agent = await load_agent(model_path=str(MODEL))
    found = await run_evaluation(
        str(MESSAGES),
        agent.processor,
        output_directory=str(output),
        disable_plotting=not pictures,
        report_as_dict=True,
    )
    intents = found["intent_evaluation"]
    return Outcome(report=intents["report"], predictions=tuple(intents["predictions"]))
