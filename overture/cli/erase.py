"""``overture erase``: remove everything held about a contact."""

from __future__ import annotations

import click

from overture.identity import Contact


@click.command()
@click.argument("contact", metavar="CONTACT")
def command(contact: str) -> None:
    """Remove everything held about CONTACT (channel:account_id:user_id), Rasa's tracker too."""
    from overture.bootstrap import runtime
    from overture.errors import InvalidIdentity
    from overture.services.erasing import erase
    from overture.store.sql import SqlLedger

    try:
        Contact.parse(contact)
    except InvalidIdentity as error:
        raise click.UsageError(str(error)) from error
    parts = runtime()
    found = parts.database.write_now(
        lambda connection: erase(SqlLedger(connection), contact, parts.clock.now())
    )
    parts.database.close()
    if not found:
        raise click.ClickException(f"nothing is held about {contact}")
    click.echo(f"erased {contact}; an opt-out, and that somebody is a minor, stay in force")
