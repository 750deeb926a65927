"""``overture sandbox``: start the local stand-in for the Meta platform and its page."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from overture.errors import ConfigurationError, OvertureError, UnreadableFile
from overture.settings import Settings

if TYPE_CHECKING:
    from overture.sandbox.config import PersonaEntry
    from overture.sandbox.exchange import Why, WindableClock


@click.command("sandbox")
@click.option(
    "--credentials",
    type=click.Path(dir_okay=False, path_type=Path),
    help="credentials.yml whose accounts the sandbox plays. Without it, accounts of its own.",
)
@click.option("--rasa", "rasa_url", help="Address of the Rasa server that gets the webhooks.")
@click.option("--host", help="Address to listen on.  [default: OVERTURE_HOST]")
@click.option("--port", type=click.IntRange(0, 65535), help="[default: OVERTURE_SANDBOX_PORT]")
@click.option("--echoes/--no-echoes", default=True, help="Send echoes of the bot's own messages.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file that keeps the chats over a restart.",
)
def command(
    credentials: Path | None,
    rasa_url: str | None,
    host: str | None,
    port: int | None,
    echoes: bool,
    state: Path | None,
) -> None:
    """Play Messenger, Instagram and WhatsApp on this machine: phones, webhooks, Graph API.

    The clock can be wound forward only where OVERTURE_DEMO is 1.
    """
    from overture.sandbox.app import create_app, serve
    from overture.sandbox.config import (
        SandboxConfig,
        accounts_from_credentials,
        standalone_accounts,
    )

    try:
        settings = Settings.read(os.environ)
        accounts = standalone_accounts()
        if credentials is not None:
            accounts = accounts_from_credentials(_yaml(credentials), source=str(credentials))
        config = SandboxConfig(
            accounts=accounts,
            personas=_personas(settings.personas),
            rasa_url=(rasa_url or settings.rasa_url).rstrip("/"),
            host=host or settings.host,
            port=settings.sandbox_port if port is None else port,
            demo=settings.demo,
            echoes=echoes,
            state_file=state,
        )
        app = create_app(config, _clock(settings), why=_why(settings))
    except OvertureError as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"sandbox: http://{config.host}:{config.port}")
    serve(app, config)


def _yaml(path: Path) -> Mapping[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        text = os.path.expandvars(path.read_text(encoding="utf-8"))
        loaded = YAML(typ="safe", pure=True).load(text)
    except (OSError, YAMLError) as problem:
        raise UnreadableFile(str(path), "(file)", str(problem), "readable YAML") from problem
    if not isinstance(loaded, Mapping):
        raise ConfigurationError(str(path), "file", loaded, "a mapping of channels")
    return loaded


def _personas(folder: Path) -> tuple[PersonaEntry, ...]:
    """List the personas anybody may open; a card that cannot be read is left to the check."""
    from overture.personas.registry import Registry
    from overture.sandbox.config import PersonaEntry

    if not folder.is_dir():
        return ()
    registry, listed = Registry.load(folder), []
    for persona_id in registry.ids():
        try:
            card = registry.get(persona_id)
        except OvertureError:
            continue
        if card.status == "released" and card.audience == "public":
            listed.append(
                PersonaEntry(id=card.id, name=card.name, tagline=card.tagline, ref=card.id)
            )
    return tuple(listed)


def _clock(settings: Settings) -> WindableClock:
    from overture.clock import DemoClock, SystemClock

    return DemoClock(settings.demo_clock) if settings.demo else SystemClock()


def _why(settings: Settings) -> Why:
    """Answer from the ledger of this deployment, which is opened when somebody first asks."""
    opened: list[Any] = []

    async def why(conversation: str) -> Mapping[str, Any] | None:
        from overture.bootstrap import Runtime

        if not opened:
            opened.append(await asyncio.to_thread(Runtime, settings))
        explained = await opened[0].explain(conversation)
        return {"text": explained.in_words(), **explained.to_json()} if explained else None

    return why
