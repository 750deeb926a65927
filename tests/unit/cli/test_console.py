"""``overture console``."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from overture.cli import main
from overture.cli.console import command


def test_it_refuses_to_be_open_to_others_without_a_token(capsys, monkeypatch):
    monkeypatch.delenv("OVERTURE_CONSOLE_TOKEN", raising=False)
    monkeypatch.setenv("OVERTURE_HOST", "0.0.0.0")
    with pytest.raises(SystemExit) as stop:
        main(["console"])
    assert stop.value.code == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "OVERTURE_CONSOLE_TOKEN" in told
    assert "OVERTURE_HOST" in told


def test_a_host_given_by_hand_is_judged_alike(monkeypatch):
    monkeypatch.delenv("OVERTURE_CONSOLE_TOKEN", raising=False)
    result = CliRunner().invoke(command, ["--host", "192.168.1.4"])
    assert result.exit_code == 1
    assert "OVERTURE_CONSOLE_TOKEN" in str(result.exception)


def test_help_is_answered_without_loading_what_it_would_start():
    code = (
        "import sys; from overture.cli.console import command; "
        "command(['--help'], standalone_mode=False); "
        "sys.exit(any(name in sys.modules for name in ('sanic', 'sqlalchemy', 'jinja2')))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert run.returncode == 0, run.stderr
    assert b"OVERTURE_CONSOLE_TOKEN" in run.stdout
