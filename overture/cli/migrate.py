"""``overture migrate``: bring the database to the newest schema."""

from __future__ import annotations

import os

import click

from overture.settings import Settings


@click.command()
def command() -> None:
    """Bring the database to the newest schema."""
    from overture.bootstrap import open_database
    from overture.store.migrations import state

    database = open_database(Settings.read(os.environ))
    version, _ = database.read_now(state)
    database.close()
    click.echo(f"database is at schema {version}")
