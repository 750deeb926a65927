"""The policy needs nothing but the standard library, and a decision is quick."""

from __future__ import annotations

import ast
import subprocess
import sys
import timeit
from datetime import timedelta
from pathlib import Path

import overture.policy
from overture.policy import Policy, decide
from tests.unit.policy.factories import HOUR, NOON, make_facts

ROOT = Path(overture.policy.__file__).parents[2]


def test_it_imports_without_any_site_packages() -> None:
    code = f"import sys; sys.path.append({str(ROOT)!r}); import overture.policy"
    command = [sys.executable, "-S", "-I", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_never_reads_a_clock_a_file_or_chance() -> None:
    banned = {"now", "utcnow", "today", "open", "time", "random", "environ", "getenv"}
    for path in (ROOT / "overture" / "policy").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                assert name not in banned, f"{path.name}:{node.lineno} calls {name}"


def test_a_decision_takes_microseconds() -> None:
    """The aim is 30 microseconds; the bar here leaves room for a busy machine."""
    facts = make_facts(channel="messenger", timezone="Europe/Berlin", birth_year=1990)
    policy, now = Policy(channel_margin=timedelta(0)), NOON + HOUR
    best = min(timeit.repeat(lambda: decide(facts, policy, now), number=500, repeat=5))
    assert best / 500 < 150e-6
