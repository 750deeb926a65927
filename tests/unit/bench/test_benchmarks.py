"""Every benchmark runs in its smallest size."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from bench.__main__ import BENCHMARKS, measure
from bench.connector import Tally
from bench.databases import fresh_ledger
from bench.dispatching import dispatch_all
from bench.killing import Work, killed, lines, undisturbed
from bench.load import Load, send
from bench.replay import replay, write_history
from bench.results import Counted, Measured
from bench.running import Run
from bench.seeding import conversation_of, fill
from bench.servers import started

QUICK = Run(quick=True, repeats=1)
#: Benchmarks that start no Rasa server.
LIGHT = ("decide", "growth", "connector", "extraction", "replay")


def test_every_benchmark_can_be_run_by_its_name() -> None:
    """What the command lists is there."""
    for name in BENCHMARKS:
        assert callable(import_module(f"bench.{name}").run)


def test_dispatching_sends_to_everybody_who_was_put_in_once() -> None:
    """The benchmark measures work that is really done."""
    sent: list[str] = []

    async def note(conversation_id: str) -> None:
        sent.append(conversation_id)

    with fresh_ledger("SQLite") as database:
        fill(database, 30)
        assert asyncio.run(dispatch_all(database, note)) == 30
    assert sorted(sent) == sorted(conversation_of(number) for number in range(30))


def test_messages_are_matched_one_to_one() -> None:
    """Two of three are understood; one came of nothing; one came again."""
    tally = Tally()
    hello, films, poster = ("text", "hello", None), ("text", "films", None), ("sticker", None, None)
    tally.add([hello, films, ("text", "echo", None)], [hello], [hello, films, poster])
    assert (tally.understood, tally.lost, tally.false, tally.doubled) == (2, 1, 1, 1)
    assert tally.right == 0


def test_a_killed_process_is_followed_by_another_and_every_job_is_counted(tmp_path: Path) -> None:
    """The first stops for ever after two jobs; the second repeats one and does the next."""
    path = tmp_path / "ran"
    script = (
        "import sys, time; name, text, seconds = sys.argv[1:]\n"
        "open(name, 'a').write(text); time.sleep(float(seconds))"
    )
    first = ["python3", "-c", script, str(path), "1\n2\n", "60"]
    again = ["python3", "-c", script, str(path), "2\n3\n", "0"]
    fate = killed(Work(first=first, again=again, path=path, jobs=5), limit=20)
    assert (fate.ran, fate.never, fate.twice, lines(path)) == (3, 2, 1, 4)


def test_work_that_nobody_disturbs_is_waited_for(tmp_path: Path) -> None:
    """The end of the process is the end of the work."""
    path = tmp_path / "ran"
    command = ["python3", "-c", f"open({str(path)!r}, 'w').write('1\\n2\\n')"]
    fate = undisturbed(Work(first=command, again=[], path=path, jobs=2), limit=20)
    assert (fate.ran, fate.never, fate.twice) == (2, 0, 0)


@pytest.mark.slow
def test_the_load_counts_every_answer_by_its_status() -> None:
    """Unsigned requests are answered 403, and that is told."""
    request = b"POST /webhooks/messenger/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    with started("bare") as port:
        load = Load(port=port, lanes=[[request] * 40], connections=4, seconds=10)
        answers = send(load)
    assert (answers.count, answers.errors, answers.statuses) == (40, 40, {403: 40})
    assert 0 < answers.p50_ms <= answers.p99_ms <= answers.longest_ms


@pytest.mark.slow
def test_a_replay_tells_its_memory_and_what_it_sent(tmp_path: Path) -> None:
    """People of the history come back after days, so that some are written to."""
    found = replay(write_history(tmp_path / "history.jsonl", 300))
    assert found.resident_mb > 20
    assert found.sent > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", LIGHT)
def test_a_light_benchmark_finds_something(name: str) -> None:
    """Each says something, and its rows have values."""
    report = measure(name, QUICK)
    assert report.findings
    for finding in report.findings:
        if isinstance(finding, Measured):
            assert all(row.values or row.note for row in finding.rows)
        elif isinstance(finding, Counted):
            assert finding.rows


@pytest.mark.slow
def test_more_repeats_are_more_values() -> None:
    """Repeats are kept, not averaged away."""
    found = import_module("bench.decide").run(replace(QUICK, repeats=2))
    assert {len(row.values) for row in found[0].rows} == {2}
