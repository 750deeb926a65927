"""``overture screen`` and ``overture facts``: one JSON line a text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from overture.cli import facts, screen


def test_screen_answers_every_line_also_an_empty_one() -> None:
    done = CliRunner().invoke(screen.command, input="stop\n\nhello\n")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"labels": ["opt_out"]},
        {"labels": []},
        {"labels": []},
    ]


def test_facts_answers_every_line_with_the_span_in_it() -> None:
    done = CliRunner().invoke(
        facts.command, ["--now", "2026-03-04T18:00:00+01:00"], input="\nmy name is ravi\n"
    )
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert first == {"facts": []}
    assert second == {
        "facts": [
            {
                "kind": "name",
                "value": "Ravi",
                "topic": None,
                "when": None,
                "sensitive": False,
                "span": [11, 15],
            }
        ]
    }


@pytest.mark.parametrize("arguments", [[], ["--now", "soon"], ["--now", "2026-03-04T18:00:00"]])
def test_facts_wants_a_moment_with_its_offset(arguments: list[str]) -> None:
    assert CliRunner().invoke(facts.command, arguments, input="hi\n").exit_code == 2
