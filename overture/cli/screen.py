"""``overture screen``: print the labels of texts, one a line; no database, no Rasa."""

from __future__ import annotations

import json
from typing import TextIO

import click

from overture.safety import LABELS, screen


@click.command("screen", short_help="Screen texts, one per line.")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
def command(file: TextIO) -> None:
    """Screen the texts of FILE (or standard input), one per line.

    Prints one JSON line each, {"labels": [...]}, also for an empty line.
    """
    for line in file:
        found = screen(line.rstrip("\r\n"))
        click.echo(json.dumps({"labels": [label for label in LABELS if label in found]}))
