"""``overture export``: everything held about a contact, as JSON."""

from __future__ import annotations

import json

import click

from overture.identity import Contact


@click.command()
@click.argument("contact", metavar="CONTACT")
def command(contact: str) -> None:
    """Print everything held about CONTACT (channel:account_id:user_id) as JSON."""
    from overture.bootstrap import runtime
    from overture.errors import InvalidIdentity
    from overture.services.erasing import export
    from overture.store.sql import SqlLedger

    try:
        Contact.parse(contact)
    except InvalidIdentity as error:
        raise click.UsageError(str(error)) from error
    parts = runtime()
    held = parts.database.read_now(lambda connection: export(SqlLedger(connection), contact))
    parts.database.close()
    if held is None:
        raise click.ClickException(f"nothing is held about {contact}")
    click.echo(json.dumps(held, indent=2, ensure_ascii=False))
