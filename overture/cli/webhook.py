"""``overture webhook``: show what Overture reads in one webhook body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from overture.meta import wire
from overture.meta.events import InboundMessage
from overture.meta.inbound import CHANNELS, parse

_FIELDS = ("channel", "account_id", "user_id", "message_id", "kind", "text", "payload")


class Refused(click.ClickException):
    """The call or the body cannot be used; one line on standard error, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Write the reason as one line."""
        click.echo(f"overture webhook: {' '.join(self.message.split())}", err=True, file=file)


def lines(channel: str, raw: bytes) -> Iterator[str]:
    """Yield one JSON line for each message from a person, then how much was ignored.

    Raises:
        Refused: When the channel is unknown or the body is not a JSON object.
    """
    if channel not in CHANNELS:
        raise Refused(f"unknown channel {channel!r}; one of {', '.join(CHANNELS)}")
    try:
        body = wire.decode(raw)
    except wire.Unreadable as exc:
        raise Refused(f"the body is not JSON: {exc}") from exc
    if not isinstance(body, dict):
        raise Refused(f"the body is not a JSON object but {type(body).__name__}")
    parsed = parse(channel, body)
    yield from map(_line, parsed.messages)
    yield json.dumps({"ignored": parsed.ignored})


def _line(message: InboundMessage) -> str:
    return json.dumps({name: getattr(message, name) for name in _FIELDS})


@click.command(name="webhook")
@click.argument("channel", metavar="CHANNEL")
@click.argument("file", metavar="[FILE]", default="-")
def command(channel: str, file: str) -> None:
    """Parse one webhook body of CHANNEL from FILE or standard input.

    CHANNEL is messenger, instagram or whatsapp. Prints one JSON line for each message from a
    person, then how many other things were in the body.
    """
    for line in list(lines(channel, _bytes_of(file))):
        click.echo(line)


def _bytes_of(file: str) -> bytes:
    if file == "-":
        return click.get_binary_stream("stdin").read()
    try:
        return Path(file).read_bytes()
    except OSError as exc:
        raise Refused(f"cannot read {file}: {exc.strerror}") from exc
