#!/usr/bin/env python
"""Draw how well intents are heard: ``.venv/bin/python scripts/nlu_report.py``.

Runs ``rasa test nlu`` on ``tests/nlu/messages.yml``, prints what was missed, and writes two
pictures into ``docs/``: the confusion matrix of intents and the histogram of confidences.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
#: What Rasa calls its pictures, and what they are called here.
PICTURES = {
    "intent_confusion_matrix.png": "nlu-confusion.png",
    "intent_histogram.png": "nlu-confidence.png",
}
_DOTS = 60  # per inch: every intent can be read, the file stays small


def main() -> None:
    """Measure, draw and report."""
    sys.path.insert(0, str(ROOT))
    from tests.nlu.evaluation import evaluate

    _quieten()
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(evaluate(Path(folder), pictures=True))
        for drawn, name in PICTURES.items():
            shutil.copyfile(Path(folder) / drawn, ROOT / "docs" / name)
    click.echo(f"{len(outcome.predictions)} messages, weighted F1 {outcome.f1:.3f}")
    for line in outcome.missed():
        click.echo(f"  {line}")


def _quieten() -> None:
    """Leave out Rasa's line for each message; draw no more dots than are needed."""
    import logging

    import matplotlib as mpl
    import structlog

    mpl.use("Agg")
    mpl.rcParams["savefig.dpi"] = _DOTS
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


if __name__ == "__main__":
    main()
