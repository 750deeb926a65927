"""What is wrong with the lines a persona would open with."""

from __future__ import annotations

from overture.console.linting import findings
from overture.personas import Registry
from tests.unit.console.house import PERSONAS

_CARD = """
name: Pushy
follow_ups:
  - needs: [likes]
    text: "I feel so lonely without you, {value} or not. Please answer me."
"""


def test_the_maestro_opens_without_findings():
    assert findings(Registry.load(PERSONAS), "maestro") == []


def test_an_opener_that_presses_is_found_and_named(tmp_path):
    (tmp_path / "pushy.yaml").write_text(_CARD)
    found = findings(Registry.load(tmp_path), "pushy")
    assert found
    assert all(": " in one for one in found)


def test_a_card_that_cannot_be_read_is_not_linted(tmp_path):
    (tmp_path / "broken.yaml").write_text("name: [")
    assert findings(Registry.load(tmp_path), "broken") is None
    assert findings(Registry.load(tmp_path), "nobody") is None
