"""A million decisions beside a naive reading of the same rules, on every core there is."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter
from random import Random

import pytest

from overture.policy import Cease, Policy, Send, Wait, decide
from tests.scenario import lives
from tests.scenario.conftest import TIMES, first_seed
from tests.unit.policy.naive import refusals

#: Instants of one life, and lives for each set of limits.
INSTANTS = 25
LIVES = 40
MILLION = 1_000_000


def disagreements(job: tuple[int, int]) -> tuple[Counter[str], list[str]]:
    """Decide so many times; return what was decided how often, and where the readings differ."""
    number, count = job
    rng, decided, found = Random(number), Counter[str](), list[str]()
    while sum(decided.values()) < count:
        policy = lives.limits(rng)
        for _ in range(LIVES):
            decided += _of_one_life(rng, policy, found)
    return decided, found[:5]


def _of_one_life(rng: Random, policy: Policy, found: list[str]) -> Counter[str]:
    facts, decided = lives.facts(rng), Counter[str]()
    for now in lives.instants(rng, facts, policy, INSTANTS):
        decision, reasons = decide(facts, policy, now), refusals(facts, policy, now)
        decided[decision.word] += 1
        agrees = {
            Send: not reasons,
            Wait: bool(reasons) and set(decision.reasons) == reasons,
            Cease: bool(reasons) and bool(decision.reasons),
        }
        if not agrees[type(decision)]:
            found.append(
                f"{decision.word} {decision.reasons} but {reasons}: {now} {facts} {policy}"
            )
        elif isinstance(decision, Wait) and refusals(facts, policy, decision.until):
            found.append(f"wait until {decision.until} is no answer: {now} {facts} {policy}")
    return decided


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_million_decisions_are_those_of_the_naive_reading(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = first_seed()
    total, parts = int(MILLION * TIMES), 20
    jobs = [(first + part, -(-total // parts)) for part in range(parts)]
    began = time.perf_counter()
    with multiprocessing.get_context("fork").Pool() as pool:
        results = pool.map(disagreements, jobs, chunksize=1)
    decided = sum((one for one, _ in results), Counter[str]())
    seconds = time.perf_counter() - began
    with capsys.disabled():
        words = ", ".join(f"{count:,} {word}" for word, count in sorted(decided.items()))
        count = f"{sum(decided.values()):,} decisions"
        sys.stdout.write(f"\n{count} ({words}) in {seconds:.0f} s, seed {first}\n")
    assert [one for _, found in results for one in found] == []
    assert sum(decided.values()) >= total
    assert min(decided[word] for word in ("send", "wait", "cease")) >= total // 100
