"""``overture console``: start the web application in which people review conversations."""

from __future__ import annotations

import os
from pathlib import Path

import click

from overture.settings import Settings


@click.command("console")
@click.option("--host", help="Address to listen on.  [default: OVERTURE_HOST]")
@click.option("--port", type=click.IntRange(1, 65535), help="[default: OVERTURE_CONSOLE_PORT]")
def command(host: str | None, port: int | None) -> None:
    """Show conversations, follow-ups and why, and let people act on them.

    It listens on this machine only. Elsewhere OVERTURE_CONSOLE_TOKEN must be set.
    """
    from overture.console.access import Access

    settings = Settings.read(os.environ)
    access = Access(
        host=host or settings.host,
        port=port or settings.console_port,
        token=settings.console_token,
    )
    from overture.bootstrap import runtime
    from overture.console.app import create_app, serve
    from overture.console.domain import intents
    from overture.console.linting import findings

    parts = runtime()
    app = create_app(
        parts,
        access,
        lint=lambda persona_id: findings(parts.registry, persona_id),
        intents=intents(Path("domain.yml")),
    )
    click.echo(f"console: http://{access.host}:{access.port}")
    serve(app, access)
