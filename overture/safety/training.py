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
#: Intents of the dialogue whose training texts may well carry these labels: no example either way.
_UNSURE = {
    **dict.fromkeys(
        ("opt_out", "pause_contact", "rude", "goodbye", "erase_request", "crisis"),
        frozenset(("opt_out", "crisis")),
    ),
    "memory_source": frozenset(("memory_question",)),
    "export_request": frozenset(("memory_question",)),
    "ask_why": frozenset(("why_question",)),
    "who_are_you": frozenset(("asks_if_bot",)),
}
_SMALL = 0.03


def main() -> None:
    """Fit one linear model a label and write the weights that matter."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    examples = [*_examples(), *_dialogue(Path("data/nlu"))]
    counter = CountVectorizer(analyzer=_features_of, binary=True)
    counts = counter.fit_transform([text for text, _, _ in examples])
    names = counter.get_feature_names_out()
    weights: dict[str, dict[str, float]] = {}
    for label in THRESHOLDS:
        meant = np.array([label in labels for _, labels, _ in examples])
        sure = np.array([label not in unsure for _, _, unsure in examples])
        model = LogisticRegression(C=3, max_iter=1000, class_weight="balanced")
        model.fit(counts[sure], meant[sure])
        kept = zip(names, model.coef_[0], strict=True)
        weights[label] = {str(n): round(float(w), 3) for n, w in kept if abs(w) >= _SMALL}
        weights[label][""] = round(float(model.intercept_[0]), 3)
    text = json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True)
    (DATA / "weights.json").write_text(text + "\n", encoding="utf-8")


def _features_of(text: str) -> Iterable[str]:
    for sentence in normalise.sentences(text):
        yield from features([word for word in sentence.split(" ") if word != ","])


#: A text, the labels it carries, and those of which nothing is known.
_Example = tuple[str, frozenset[str], frozenset[str]]


def _examples() -> Iterator[_Example]:
    for line in (DATA / "examples.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["text"], frozenset(row["labels"]), frozenset()


def _dialogue(folder: Path) -> Iterator[_Example]:
    """Yield training messages of the dialogue with the label that their intent has, or none."""
    import yaml  # type: ignore[import-untyped]

    for file in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", []):
            intent = entry.get("intent", "opt_out")
            labels = frozenset((_LABELLED[intent],) if intent in _LABELLED else ())
            for line in re.findall(r"^- (.*)$", entry.get("examples", ""), re.MULTILINE):
                text = re.sub(r"\[(.*?)\](?:\(.*?\)|\{.*?\})", r"\1", line)
                yield text, labels, _UNSURE.get(intent, frozenset())


if __name__ == "__main__":
    main()
