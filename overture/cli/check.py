"""``overture check``: is this deployment in order?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from overture.settings import Settings


@click.command()
def command() -> int:
    """Validate configuration, policy, personas, database and every class the YAML files name."""
    from overture.checking import check

    worst = 0
    for finding in check(Settings.read(os.environ), Path.cwd()):
        click.echo(str(finding))
        if finding.level == "error":
            worst = 1
    return worst
