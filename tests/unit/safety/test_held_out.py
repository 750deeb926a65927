"""Screening of texts that were written apart from the rules, in the words people use.

What their first reading missed has widened the patterns since; a fresh batch of such texts
tells how screening does on what nobody here has seen. A batch that a newer one replaces goes
to the examples that weights are learnt from.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overture.safety import LABELS, PAUSE, hear, rules, screen

SET = [
    json.loads(line)
    for line in (Path(__file__).parent / "held_out.jsonl").read_text(encoding="utf-8").splitlines()
]
#: The least recall of each label; for opt-out and crisis from the law-minded bars of the design.
RECALL = dict.fromkeys(LABELS, 0.95) | {"opt_out": 0.98}
#: Texts that carry none of a label may be given it at most this often.
FALSE_ALARMS = 0.01


def labels_of(row: dict[str, list[str]]) -> set[str]:
    return set(row["labels"])


def test_the_set_is_large_enough_to_mean_something() -> None:
    assert len(SET) >= 300
    for label in LABELS:
        assert sum(label in labels_of(row) for row in SET) >= 10, label


@pytest.mark.parametrize("label", LABELS)
def test_people_are_understood(label: str) -> None:
    meant = [row["text"] for row in SET if label in labels_of(row)]
    missed = [text for text in meant if label not in screen(text)]
    assert len(missed) <= (1 - RECALL[label]) * len(meant), missed


@pytest.mark.parametrize("label", LABELS)
def test_ordinary_talk_raises_no_alarm(label: str) -> None:
    others = [row["text"] for row in SET if label not in labels_of(row)]
    false = [text for text in others if label in screen(text)]
    assert len(false) <= FALSE_ALARMS * len(others), false


def test_a_wish_for_quiet_with_an_end_is_a_pause_and_no_opt_out() -> None:
    meant = [row["text"] for row in SET if row.get("pause")]
    assert len(meant) >= 25
    assert not [text for text in meant if "opt_out" in screen(text)]
    missed = [text for text in meant if PAUSE not in hear(text)]
    assert len(missed) <= 0.05 * len(meant), missed


def test_ordinary_talk_pauses_nothing() -> None:
    others = [row["text"] for row in SET if not row.get("pause")]
    false = [text for text in others if PAUSE in hear(text)]
    assert len(false) <= FALSE_ALARMS * len(others), false


def test_the_examples_are_read_as_they_are_labelled() -> None:
    rows = [json.loads(line) for line in (rules.DATA / "examples.jsonl").open(encoding="utf-8")]
    wrong = [row["text"] for row in rows if set(row["labels"]) != screen(row["text"])]
    assert len(wrong) <= 0.01 * len(rows), wrong
