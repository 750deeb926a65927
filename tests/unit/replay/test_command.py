"""`overture replay` prints JSON lines, and one line on standard error when it cannot."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from overture.cli import replay
from tests.unit.replay.histories import DAY, HOUR, ME, START, encode, end, messages, stamp

ROOT = Path(__file__).parents[3]
HISTORY = encode([*messages(5), end(START + 9 * DAY)])
LAST = START + timedelta(minutes=4)


@pytest.fixture
def limits(tmp_path: Path) -> str:
    """Return a policy file without quiet hours."""
    path = tmp_path / "limits.yml"
    path.write_text("follow_up:\n  quiet_hours: null\n")
    return str(path)


def call(*args: str, history: bytes = b"") -> Result:
    return CliRunner(mix_stderr=False).invoke(replay.command, list(args), input=history)


def test_a_history_from_standard_input_gives_json_lines(limits: str) -> None:
    result = call("--policy", limits, history=HISTORY)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [json.loads(one) for one in result.stdout.splitlines()] == [
        {
            "at": stamp(LAST + 20 * HOUR),
            "type": "follow_up_sent",
            "conversation": ME,
            "cycle": 5,
        }
    ]


def test_a_file_and_a_dash_are_read_alike(tmp_path: Path, limits: str) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(HISTORY)
    from_file = call(str(path), "--policy", limits)
    assert from_file.stdout == call("-", "--policy", limits, history=HISTORY).stdout != ""


def test_the_policy_comes_from_the_environment_when_none_is_named(
    limits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERTURE_POLICY", limits)
    assert json.loads(call(history=HISTORY).stdout)["at"] == stamp(LAST + 20 * HOUR)
    monkeypatch.setenv("OVERTURE_POLICY", str(ROOT / "policy.yml"))
    assert json.loads(call(history=HISTORY).stdout)["at"] == "2026-03-02T09:00:00Z"


def test_a_line_that_is_not_valid_stops_the_run_before_anything_is_decided(limits: str) -> None:
    result = call("--policy", limits, history=HISTORY + b"{}\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "line 7: at is missing\n"


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["absent.jsonl"], 2, "cannot read absent.jsonl: No such file or directory"),
        (["."], 2, "cannot read .: Is a directory"),
        (["--policy", "absent.yml"], 2, "no such policy file: absent.yml"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    args: list[str], code: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERTURE_POLICY", str(ROOT / "policy.yml"))
    result = call(*args)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", told + "\n")


def test_a_policy_beyond_its_bounds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loose.yml"
    path.write_text("follow_up:\n  min_user_messages: 4\n")
    result = call("--policy", str(path), history=HISTORY)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{path}: follow_up.min_user_messages: 4 is not allowed")
    assert result.stderr.count("\n") == 1


def test_limits_of_one_persona_and_of_one_account_hold(tmp_path: Path) -> None:
    path = tmp_path / "limits.yml"
    path.write_text(
        "follow_up: {quiet_hours: null}\n"
        "personas: {chef: {follow_up: {min_user_messages: 6}}}\n"
        'accounts: {"rest:other": {follow_up: {enabled: false}}}\n'
    )
    everybody = [ME, "rest:demo:u1:chef", "rest:other:u1:maestro"]
    talks = [
        one for n in range(5) for where in everybody for one in messages(5, START, where)[n : n + 1]
    ]
    result = call("--policy", str(path), history=encode([*talks, end(START + 9 * DAY)]))
    found = [json.loads(one) for one in result.stdout.splitlines()]
    assert [one["conversation"] for one in found if one["type"] == "follow_up_sent"] == [ME]
    withheld = [(one["conversation"], one["reasons"]) for one in found if "reasons" in one]
    assert withheld == [(everybody[2], ["disabled"])]


def test_an_unknown_option_is_a_usage_error() -> None:
    assert call("--fast").exit_code == 2


def test_it_explains_itself() -> None:
    result = call("--help")
    assert result.exit_code == 0
    assert "JSON Lines" in result.stdout


def test_it_stops_quietly_when_nobody_reads_on(limits: str) -> None:
    people = [f"rest:demo:u{n}:maestro" for n in range(2000)]
    history = encode([one for who in people for one in messages(5, START, who)])
    lines = sorted(history.splitlines(keepends=True))
    command = f"{sys.executable} -m overture replay --policy {limits} | head -n 1"
    done = subprocess.run(
        command,
        shell=True,
        input=b"".join([*lines, *encode([end(START + 9 * DAY)]).splitlines(keepends=True)]),
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


class Terminal(io.StringIO):
    """Pretend to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_progress_bar_and_a_pipe_gets_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with replay._progress("replaying", 5000) as advance:
            for _ in range(5000):
                advance(1)
        assert ("100%" in stream.getvalue()) is shown


def test_memory_stays_flat_however_long_the_history_is(limits: str) -> None:
    """A process that replays ten times as many messages of the same people needs no more."""
    few, many = (_peak_kilobytes(count, limits) for count in (300, 3000))
    assert many < few * 1.25


def _peak_kilobytes(count: int, limits: str) -> int:
    lines: list[dict[str, Any]] = []
    for n in range(count // 5):
        lines += messages(5, START + n * DAY / 10)
    code = (
        "import resource, sys; from overture.cli.replay import command;"
        f"command(['--policy', {limits!r}], standalone_mode=False);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=encode(lines), capture_output=True, check=True, cwd=ROOT
    )
    return int(done.stderr)
