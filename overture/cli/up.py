"""``overture up``: all processes of a deployment, or of a demo with phones to try it on."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

from overture.errors import ConfigurationError
from overture.settings import Settings


@click.command()
@click.option("--demo", is_flag=True, help="Add the sandbox, its accounts and a clock to wind.")
def command(demo: bool) -> None:
    """Start Rasa, the action server with its dispatcher, and the console; Ctrl-C stops all."""
    from overture.deploying import Deploy
    from overture.supervisor import Supervisor

    if demo:
        _prepare_demo()
    settings = Settings.read(os.environ)
    deploy = Deploy(settings, sys.executable)
    if not deploy.has_model():
        raise click.ClickException("there is no trained model: run `make train` first")
    _refuse_taken_ports(settings)
    _prepare_database(settings)
    programs = deploy.programs()
    click.echo("starting: " + ", ".join(program.name for program in programs))
    supervisor = Supervisor(programs, settings.var / "log", click.echo)
    supervisor.run(lambda: _announce(deploy, settings))


def _prepare_demo() -> None:
    """Let the clock be wound, and be seen to work at any hour of the day."""
    var = Path(os.environ.get("OVERTURE_VAR") or "var").resolve()
    (var / "demo").mkdir(parents=True, exist_ok=True)
    os.environ["OVERTURE_DEMO"] = "1"
    os.environ["OVERTURE_VAR"] = str(var)
    if not os.environ.get("OVERTURE_POLICY"):
        policy = var / "demo" / "policy.yml"
        policy.write_text(
            "# Limits of the demo: the defaults, but at any hour, and soon again after an answer.\n"
            "follow_up:\n  quiet_hours: null\n  min_gap: 1h\n"
        )
        os.environ["OVERTURE_POLICY"] = str(policy)


def _prepare_database(settings: Settings) -> None:
    """Migrate, and keep demos and real conversations apart: a demo's clock was wound.

    Raises:
        ConfigurationError: the database is of the other kind.
    """
    from overture.bootstrap import open_database
    from overture.clock import SystemClock
    from overture.store.sql import SqlLedger

    database = open_database(settings)
    try:
        demo, used = database.read_now(lambda connection: SqlLedger(connection).demo_and_used())
        if settings.demo and used and not demo:
            raise _other_kind("it holds conversations that are no demo's")
        if demo and not settings.demo:
            raise _other_kind("it belongs to a demo, whose clock was wound")
        if settings.demo:
            now = SystemClock().now()
            database.write_now(
                lambda connection: SqlLedger(connection).set_switch("demo", "on", now)
            )
    finally:
        database.close()


def _refuse_taken_ports(settings: Settings) -> None:
    """Say which port is taken before a process that was there answers in our place.

    Raises:
        ConfigurationError: names the port's setting.
    """
    names = ["rasa", "actions", "console"] + (["sandbox"] if settings.demo else [])
    for name in names:
        port = getattr(settings, f"{name}_port")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                key = f"OVERTURE_{name.upper()}_PORT"
                raise ConfigurationError("environment", key, port, "it is taken; name another")


def _other_kind(why: str) -> ConfigurationError:
    return ConfigurationError(
        "environment",
        "OVERTURE_DATABASE_URL",
        os.environ.get("OVERTURE_DATABASE_URL"),
        f"{why}: name another database",
    )


def _announce(deploy: object, settings: Settings) -> None:
    from overture.deploying import Deploy

    assert isinstance(deploy, Deploy)
    click.echo("")
    for program in deploy.programs():
        if program.address:
            click.echo(f"  {program.name:<9} {program.address}")
    click.echo(f"\n  logs in {settings.var / 'log'}; Ctrl-C stops everything\n")
