"""Learn the weights of ``weighing`` from the examples: ``python -m overture.safety.training``.

A tool for maintainers; nothing imports it. Texts of Rasa's training data that have other
intents serve as examples of what is meant by none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from overture.safety import normalise
from overture.safety.rules import DATA
from overture.safety.weighing import THRESHOLDS, features

#: Intents of the dialogue whose training texts carry a label, or may carry one.
_LABELLED = {
    "bot_challenge": "asks_if_bot",
    "ask_human": "asks_human",
    "memory_question": "memory_question",
    "why_question": "why_question",
}
_UNSURE = frozenset(
    (
        "opt_out",
        "opt_in",
        "pause_contact",
        "crisis",
        "minor",
        "rude",
        "goodbye",
        "erase_request",
        "export_request",
        "memory_source",
        "forget_that",
        "remember_this",
        "stop_remembering",
        "ask_why",
        "who_are_you",
    )
)
_SMALL = 0.03


def main() -> None:
    """Fit one linear model a label and write the weights that matter."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    examples = [*_examples(), *_dialogue(Path("data/nlu"))]
    counter = CountVectorizer(analyzer=_features_of, binary=True)
    counts = counter.fit_transform([text for text, _ in examples])
    names = counter.get_feature_names_out()
    weights: dict[str, dict[str, float]] = {}
    for label in THRESHOLDS:
        meant = np.array([label in labels for _, labels in examples])
        model = LogisticRegression(C=3, max_iter=1000, class_weight="balanced")
        model.fit(counts, meant)
        kept = zip(names, model.coef_[0], strict=True)
        weights[label] = {str(n): round(float(w), 3) for n, w in kept if abs(w) >= _SMALL}
        weights[label][""] = round(float(model.intercept_[0]), 3)
    text = json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True)
    (DATA / "weights.json").write_text(text + "\n", encoding="utf-8")


def _features_of(text: str) -> Iterable[str]:
    for sentence in normalise.sentences(text):
        yield from features([word for word in sentence.split(" ") if word != ","])


def _examples() -> Iterator[tuple[str, frozenset[str]]]:
    for line in (DATA / "examples.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["text"], frozenset(row["labels"])


def _dialogue(folder: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield training messages of the dialogue with the label that their intent has, or none."""
    import yaml  # type: ignore[import-untyped]

    for file in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", []):
            intent = entry.get("intent", "opt_out")
            if intent not in _UNSURE:
                labels = frozenset((_LABELLED[intent],) if intent in _LABELLED else ())
                for line in re.findall(r"^- (.*)$", entry.get("examples", ""), re.MULTILINE):
                    yield re.sub(r"\[(.*?)\](?:\(.*?\)|\{.*?\})", r"\1", line), labels


if __name__ == "__main__":
    main()
