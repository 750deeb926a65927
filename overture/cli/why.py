"""``overture why``: the facts and the latest decisions of a conversation."""

from __future__ import annotations

import json

import click

from overture.identity import Conversation


@click.command()
@click.argument("conversation", metavar="CONVERSATION")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def command(conversation: str, as_json: bool) -> None:
    """Tell why CONVERSATION (channel:account_id:user_id:persona_id) was or was not written to."""
    from sqlalchemy.engine import Connection

    from overture.bootstrap import runtime
    from overture.clock import DemoClock
    from overture.errors import InvalidIdentity
    from overture.services.explaining import Explanation, explanation
    from overture.store.sql import SqlLedger

    try:
        Conversation.parse(conversation)
    except InvalidIdentity as error:
        raise click.UsageError(str(error)) from error
    parts = runtime()

    def explained(connection: Connection) -> Explanation | None:
        ledger = SqlLedger(connection)
        demo = ledger.switch("demo") == "on"
        clock = DemoClock(parts.settings.demo_clock) if demo else parts.clock
        return explanation(ledger, conversation, clock.now(), parts.deployment)

    found = parts.database.read_now(explained)
    parts.database.close()
    if found is None:
        raise click.ClickException(f"no conversation {conversation}")
    click.echo(json.dumps(found.to_json(), indent=2) if as_json else found.in_words())
