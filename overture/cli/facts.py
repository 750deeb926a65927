"""``overture facts``: print what memory would keep of texts, one a line; no database."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, TextIO

import click

from overture.memory import ExtractedFact, extract


class Moment(click.ParamType):
    """Read an RFC 3339 time with its offset."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return an aware time, or fail with one line."""
        try:
            moment = datetime.fromisoformat(str(value).upper().replace("Z", "+00:00"))
        except ValueError:
            self.fail(f"{value!r} is not an RFC 3339 time like 2026-03-01T10:00:00Z", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no offset; write 2026-03-01T10:00:00Z", param, ctx)
        return moment


@click.command("facts", short_help="What memory would keep of texts, one per line.")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option("--now", type=Moment(), required=True, help="When the texts were written, RFC 3339.")
def command(file: TextIO, now: datetime) -> None:
    """Extract facts from the texts of FILE (or standard input), one per line.

    Prints one JSON line each, {"facts": [...]}, also for an empty line. A span is
    [first, past the last] character of the value in its line.
    """
    for line in file:
        facts = [_printed(fact) for fact in extract(line.rstrip("\r\n"), now)]
        click.echo(json.dumps({"facts": facts}, ensure_ascii=False))


def _printed(fact: ExtractedFact) -> dict[str, Any]:
    return {
        "kind": fact.kind,
        "value": fact.value,
        "topic": fact.topic,
        "when": fact.when,
        "sensitive": fact.sensitive,
        "span": list(fact.span),
    }
