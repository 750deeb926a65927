"""`overture replay`: run a history through the real intake, planner, gate and dispatcher."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from overture.errors import ConfigurationError

if TYPE_CHECKING:
    from overture.policy.overrides import Limits
    from overture.store.ports import Ledger

#: How often, in lines, the progress bar moves.
_STEP = 500

Advance = Callable[[int], None]


class Refused(click.ClickException):
    """The call or the history cannot be used; one line on standard error, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Write the reason as one line."""
        click.echo(" ".join(self.message.split()), err=True, file=file)


class Failed(Refused):
    """The policy cannot be used; one line on standard error, exit code 1."""

    exit_code = 1


@click.command(name="replay")
@click.argument("file", metavar="[FILE]", default="-")
@click.option("--policy", type=Path, help="Limits of contact.  [default: OVERTURE_POLICY]")
def command(file: str, policy: Path | None) -> None:
    """Run the history in FILE, or standard input, on a simulated clock.

    The history is JSON Lines in order of time. Prints each follow-up that is sent or withheld
    as one JSON line. A line that is not valid stops the run before anything is decided.
    """
    from overture.replay.history import InvalidHistory

    limits = _limits(policy)
    with _copied(file) as history:
        size = history.seek(0, os.SEEK_END)
        history.seek(0)
        try:
            with _progress("checking", size) as advance:
                _check(history, advance)
        except InvalidHistory as exc:
            raise Refused(str(exc)) from exc
        history.seek(0)
        with _progress("replaying", size) as advance, _until_closed():
            for line in _run(history, size, limits, advance):
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _check(history: BinaryIO, advance: Advance) -> None:
    """Read the whole history, so that nothing is decided before all of it is known to be valid."""
    from overture.replay.history import read_history

    for _, length in read_history(history):
        advance(length)


def _run(
    history: BinaryIO, size: int, limits: Limits, advance: Advance
) -> Iterator[dict[str, Any]]:
    """Replay with every persona released and visible."""
    from overture.replay.ahead import reading
    from overture.replay.engine import Replay
    from overture.replay.history import read_history
    from overture.replay.ledger import ReplayLedger
    from overture.services.deployment import Deployment
    from overture.workers import settle_down

    start = datetime.fromtimestamp(0, timezone.utc)
    settle_down()
    with reading(size) as ahead:
        deployment = Deployment(
            policy=limits.general,
            policy_of=limits.of,
            screen=ahead.screen,
            extract=ahead.extract,
        )
        replay = Replay(cast("Ledger", ReplayLedger()), deployment, start)
        for event, length in ahead.events(read_history(history)):
            yield from replay.apply(event)
            advance(length)
        yield from replay.finish()


def _limits(policy: Path | None) -> Limits:
    """Return the limits of contact."""
    from overture.policy_file import load_limits
    from overture.settings import Settings

    if policy is not None and not policy.is_file():
        raise Refused(f"no such policy file: {policy}")
    try:
        return load_limits(policy or Settings.read(os.environ).policy)
    except ConfigurationError as exc:
        raise Failed(str(exc)) from exc


@contextmanager
def _until_closed() -> Iterator[None]:
    """Flush standard output at the end, and stop quietly when nobody reads it any more."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


@contextmanager
def _copied(file: str) -> Iterator[BinaryIO]:
    """Open a private copy of the input: it is read twice, and must not change in between."""
    with tempfile.TemporaryFile() as copy:
        try:
            if file == "-":
                shutil.copyfileobj(click.get_binary_stream("stdin"), copy)
            else:
                with Path(file).open("rb") as source:
                    shutil.copyfileobj(source, copy)
        except OSError as exc:
            raise Refused(f"cannot read {file}: {exc.strerror}") from exc
        copy.seek(0)
        yield cast("BinaryIO", copy)


@contextmanager
def _progress(label: str, size: int) -> Iterator[Advance]:
    """Show a bar on standard error while it is a terminal; yield what moves it by some bytes."""
    if not sys.stderr.isatty() or not size:
        yield lambda length: None
        return
    bar: Any  # click 8.1 names its type in a private module only
    with click.progressbar(length=size, label=label, file=sys.stderr) as bar:
        done = [0, 0]

        def advance(length: int) -> None:
            done[0] += length
            done[1] += 1
            if done[1] % _STEP == 0:
                bar.update(done[0])
                done[0] = 0

        yield advance
        bar.update(done[0])
