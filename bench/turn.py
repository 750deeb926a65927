"""Turns over REST with a durable tracker and an action server; what they cost as talk grows."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import partial
from statistics import median

import requests

from bench.bodies import TALK, talks
from bench.load import Answers, Load, send
from bench.machine import cpu_seconds, resident_mb
from bench.results import Counted, Curve, Finding, Goal, Measured, Row, at_least, at_most, ratio
from bench.running import Contender, Run
from bench.turning import house
from tests.integration.house import House

_OURS = "Overture"
_STOCK = "same bot, Rasa's SQL tracker store"


@dataclass(frozen=True, kw_only=True)
class Started:
    """Hold a deployment that runs."""

    house: House
    #: From the start of ``rasa run`` to the first answer.
    start_s: float
    answers: list[Answers] = field(default_factory=list)
    #: Milliseconds of a core each turn took, of Rasa and of the action server.
    cpu_ms: dict[str, list[float]] = field(default_factory=lambda: {"rasa": [], "actions": []})

    def cpu(self) -> dict[str, float]:
        """Return the time both processes have had on a core."""
        return {name: cpu_seconds(self.house._processes[name].pid) for name in self.cpu_ms}


def run(run: Run) -> list[Finding]:
    """Start both, load both in turn, then talk long in one conversation of each."""
    lanes, seconds = run.size(4, 16), run.size(3.0, 12.0)
    marks = run.size([2, 4], [10, 100, 1_000])
    with run.task("start", 2) as step:
        step(_OURS)
        with house() as ours:
            mine = _start(ours)
            step(_STOCK)
            with house(stock=True) as stock:
                servers = {_OURS: mine, _STOCK: _start(stock)}
                rows = run.interleave(
                    f"{lanes} conversations at once",
                    [
                        Contender(
                            name=name,
                            role="ours" if name == _OURS else "peer",
                            measure=partial(_rate, one, lanes, seconds),
                        )
                        for name, one in servers.items()
                    ],
                )
                large = resident_mb(ours._processes["rasa"].pid)
                grown = {name: long_talk(one.house, marks, run) for name, one in servers.items()}
    return [_rates(rows, lanes), _waits(servers), _start_up(servers, large), *_growth(grown)]


def _start(one: House) -> Started:
    begun = time.perf_counter()
    one.start_rasa()
    answer = requests.post(
        f"{one.rasa_url}/webhooks/rest/webhook",
        json={"sender": "first", "message": "hello"},
        timeout=60,
    )
    seconds = time.perf_counter() - begun
    if not answer.json():
        raise RuntimeError("the bot said nothing: " + one.log("rasa")[-500:])
    return Started(house=one, start_s=seconds)


def _rate(server: Started, lanes: int, seconds: float) -> float:
    load = Load(
        port=server.house.rasa_port,
        lanes=talks(lanes, conversations=max(2, int(seconds * 5))),
        connections=lanes,
        seconds=seconds,
    )
    before = server.cpu()
    answers = send(load, keep_bodies=True)
    silent = sum(not json.loads(body) for body in answers.bodies)
    if answers.errors or silent:
        raise RuntimeError(f"{answers.statuses}, {silent} turns without an answer")
    server.answers.append(answers)
    for process, seconds_after in server.cpu().items():
        spent = seconds_after - before[process]
        server.cpu_ms[process].append(spent / answers.count * 1e3)
    return answers.rate


def long_talk(one: House, marks: list[int], run: Run, patience: float = 60) -> dict[int, float]:
    """Return the milliseconds of a turn after so many earlier messages of one conversation.

    Args:
        patience: seconds after which a conversation is not made longer.
    """
    taken: list[float] = []
    found: dict[int, float] = {}
    begun = time.perf_counter()
    with requests.Session() as session, run.task("a long talk", marks[-1]) as step:
        for number in range(marks[-1] + 10):
            step(str(number))
            if time.perf_counter() - begun > patience:
                break
            taken.append(_turn(session, one, TALK[number % len(TALK)]))
            for mark in marks:
                if len(taken) == mark + 10:
                    found[mark] = median(taken[-10:]) * 1e3
    return found


def _turn(session: requests.Session, one: House, text: str) -> float:
    begun = time.perf_counter()
    session.post(
        f"{one.rasa_url}/webhooks/rest/webhook",
        json={"sender": "long", "message": text},
        timeout=60,
    ).raise_for_status()
    return time.perf_counter() - begun


def _rates(rows: list[Row], lanes: int) -> Measured:
    ours = rows[0].median
    return Measured(
        title=f"Turns over REST, {lanes} conversations at once, one Rasa process",
        unit="messages a second",
        rows=rows,
        goals=[
            at_least("at least 100/s", ours, 100, "/s"),
            at_least("aim: 150/s", ours, 150, "/s"),
        ],
        how="Durable tracker and action server on SQLite; conversations of seven messages.",
    )


def _waits(servers: dict[str, Started]) -> Measured:
    rows = [
        Row(
            name=name,
            role="ours" if name == _OURS else "peer",
            values=tuple(answers.p99_ms for answers in one.answers),
        )
        for name, one in servers.items()
    ]
    return Measured(
        title="The slowest answer of a hundred",
        unit="ms",
        rows=rows,
        more_is_better=False,
        goals=[at_most("p99 under 400 ms", rows[0].median, 400, "ms")],
    )


def _start_up(servers: dict[str, Started], large: float) -> Counted:
    rows = {
        name: (one.start_s, median(one.cpu_ms["rasa"]), median(one.cpu_ms["actions"]))
        for name, one in servers.items()
    }
    return Counted(
        title="The first answer, and what each costs",
        columns=["s to the first answer", "ms CPU a turn, Rasa", "ms CPU a turn, actions"],
        rows=rows,
        goals=[
            at_most("first answer after rasa run under 10 s", servers[_OURS].start_s, 10, "s"),
            at_most("Rasa process under 650 MB", large, 650, "MB"),
        ],
    )


def _growth(grown: dict[str, dict[int, float]]) -> list[Finding]:
    ours = grown[_OURS]
    marks = sorted({mark for found in grown.values() for mark in found})
    table = Counted(
        title="A turn after so many earlier messages of the conversation (ms)",
        columns=[f"{mark:,}" for mark in marks],
        rows={
            name: [found.get(mark, "not reached") for mark in marks]
            for name, found in grown.items()
        },
        goals=[_flat(ours)],
        how="Median of ten turns; a conversation is not made longer after a minute.",
    )
    curve = Curve(
        title="What a turn costs as the conversation grows",
        x="earlier messages",
        y="ms a turn",
        lines={name: list(found.items()) for name, found in grown.items() if found},
    )
    return [table, curve]


def _flat(ours: dict[int, float]) -> Goal:
    first, last = (ours[min(ours)], ours[max(ours)]) if ours else (None, None)
    return at_most("the same within 1.3 times", ratio(last, first), 1.3, "x")
