"""The ``overture`` command. Each subcommand is imported when it is called, and only then."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from overture import __version__

#: Subcommand to the module that holds its ``command``, and the line in the listing.
COMMANDS = {
    "check": "validate configuration, policy, personas, database and the YAML files",
    "console": "start the review console",
    "dispatch": "start a dispatcher alone",
    "erase": "remove everything held about a contact",
    "export": "print everything held about a contact as JSON",
    "facts": "show what memory would keep of texts",
    "migrate": "bring the database to the newest schema",
    "persona": "list, show, lint, import, export and share personas",
    "replay": "run a history through the gate on a simulated clock",
    "sandbox": "start the local stand-in for the three apps",
    "screen": "show how texts from people are labelled",
    "up": "start all processes",
    "webhook": "show what is read in one webhook body",
    "why": "tell why a conversation was written to, or was not",
}


#: Advice for maintainers of Rasa's libraries, which hides the lines a command prints.
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


class Overture(click.Group):
    """Know the names of all subcommands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the subcommands in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import one subcommand."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"overture.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands with what they do, still without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=Overture)
@click.version_option(__version__)
def overture() -> None:
    """Persona chatbots that may write first, under limits they can prove."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command; usage errors exit 2 with one line, other failures exit 1."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        result: Any = overture.main(arguments, prog_name="overture", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.UsageError as error:
        click.echo(f"overture: {' '.join(error.format_message().split())}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        if not _expected(error):
            raise
        click.echo(f"overture: {error}", err=True)
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)


def _expected(error: Exception) -> bool:
    from overture.errors import OvertureError

    return isinstance(error, (OvertureError, ValueError))
