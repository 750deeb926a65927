"""``overture persona``: list, show, lint, import, export and share personas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from overture.errors import ConfigurationError, InvalidCard
from overture.personas import Card, Registry
from overture.personas.sharing import CHANNELS, Account, links, profile

_FORMATS = click.Choice(["json", "png"])
_SPECS = click.Choice(["v1", "v2", "v3", "1", "2", "3"], case_sensitive=False)


@click.group(name="persona")
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path),
    envvar="OVERTURE_PERSONAS",
    default=Path("personas"),
    show_default=True,
    help="Folder of personas.",
)
@click.pass_context
def command(context: click.Context, directory: Path) -> None:
    """List, show, lint, import, export and share personas."""
    context.obj = directory


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.pass_obj
def list_(directory: Path, as_json: bool) -> None:
    """List the personas with name, audience and tagline."""
    registry = Registry.load(directory)
    for persona_id in registry.ids():
        card = registry.get(persona_id)
        if as_json:
            click.echo(json.dumps(_summary(card), ensure_ascii=False))
        else:
            click.echo(
                f"{card.id:<16} {card.audience:<8} {card.status:<9} {card.name}: {card.tagline}"
            )


@command.command()
@click.argument("persona_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def show(directory: Path, persona_id: str, as_json: bool) -> None:
    """Show one persona."""
    registry = Registry.load(directory)
    card = registry.get(persona_id)
    known = registry.knowledge(persona_id).catalogue
    held = {**_summary(card), "works": len(known.works), "people": len(known.people)}
    if as_json:
        click.echo(json.dumps(held, ensure_ascii=False, indent=2))
        return
    for key, value in held.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{key + ':':<14} {shown}")


@command.command()
@click.argument("what", metavar="[ID|FILE]...", nargs=-1)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--quiet", is_flag=True, help="Leave out warnings.")
@click.pass_obj
def lint(directory: Path, what: tuple[str, ...], strict: bool, quiet: bool) -> int:
    """Check personas, all of them or those named; exit 1 when there is an error."""
    from overture.personas.lint import ERROR

    failed = 0
    for name, severity, text in _findings(directory, what):
        wrong = severity == ERROR or strict
        failed += wrong
        if wrong or not quiet:
            click.echo(f"{name}: {text}" if name else text)
    click.echo(f"{failed} error{'' if failed == 1 else 's'}", err=True)
    return 1 if failed else 0


@command.command("import")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--id", "persona_id", help="Id of the persona; made of its name otherwise.")
@click.option("--replace", is_flag=True, help="Overwrite a persona of that id.")
@click.pass_obj
def import_(
    directory: Path, files: tuple[Path, ...], persona_id: str | None, replace: bool
) -> None:
    """Make personas of character cards (V1, V2, V3; JSON or PNG), as private drafts."""
    from overture.personas.tavern import import_character

    if persona_id and len(files) > 1:
        raise click.UsageError("--id goes with one file")
    for file in files:
        made = import_character(file, directory, persona_id, replace=replace)
        click.echo(f"{made.persona_id}\t{made.path}\tfrom a card V{made.version}")


@command.command()
@click.argument("persona_id", metavar="ID")
@click.argument("target", metavar="[OUTPUT]", required=False)
@click.option("-o", "--output", help="File to write; standard output without one.")
@click.option("--format", "form", type=_FORMATS, help="By default what the file's name ends in.")
@click.option("--spec", type=_SPECS, help="Version; by default as imported, else v3.")
@click.pass_obj
def export(
    directory: Path,
    persona_id: str,
    target: str | None,
    output: str | None,
    form: str | None,
    spec: str | None,
) -> None:
    """Write a persona as a character card."""
    from overture.personas.tavern import export_character

    file = output or target
    wanted = form or ("png" if file and file.lower().endswith(".png") else "json")
    version = int(spec.lower().removeprefix("v")) if spec else None
    content = export_character(Registry.load(directory), persona_id, wanted, version)
    _write(file, content)


@command.command()
@click.argument("persona_id", metavar="ID")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    required=True,
    metavar="CHANNEL:HANDLE",
    help="messenger:PAGE, instagram:USERNAME or whatsapp:NUMBER; may be repeated.",
)
@click.option("--ref", help="Code the links bring along; the persona's id otherwise.")
@click.option("--new-code", is_flag=True, help="Make a code that opens a private persona.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for codes and stories.")
@click.pass_obj
def share(
    directory: Path,
    persona_id: str,
    accounts: tuple[str, ...],
    ref: str | None,
    new_code: bool,
    out: Path | None,
) -> None:
    """Print links and a profile text; with --out also write codes (PNG, SVG) and stories."""
    card = Registry.load(directory).get(persona_id)
    if new_code:
        ref = _new_code(card, ref)
    found = links(card, [_account(text) for text in accounts], ref)
    for name, link in found.items():
        click.echo(f"{name}\t{link}")
        if out:
            _draw(card, name, link, out)
    click.echo(f"profile\t{profile(card)}")


def _new_code(card: Card, wanted: str | None) -> str:
    """Keep a code that opens a persona in the database, and return it."""
    import os
    import secrets

    from overture.bootstrap import open_database
    from overture.clock import SystemClock
    from overture.settings import Settings
    from overture.store.sql import SqlLedger

    code, now = wanted or secrets.token_urlsafe(9), SystemClock().now()
    database = open_database(Settings.read(os.environ))
    try:
        database.write_now(lambda connection: SqlLedger(connection).sharing.add(code, card.id, now))
    finally:
        database.close()
    return code


def _account(text: str) -> Account:
    channel, _, handle = text.partition(":")
    if channel not in CHANNELS or not handle:
        raise click.UsageError(
            f"--account {text!r}: CHANNEL:HANDLE with one of {', '.join(CHANNELS)}"
        )
    return Account(channel=channel, handle=handle)


def _draw(card: Card, name: str, link: str, out: Path) -> None:
    from overture.personas.story import qr, story

    out.mkdir(parents=True, exist_ok=True)
    stem = f"{card.id}-{name.partition(':')[0]}"
    (out / f"{stem}-story.png").write_bytes(story(card.name, card.tagline, link))
    for form in ("png", "svg"):
        (out / f"{stem}-code.{form}").write_bytes(qr(link, form))


def _write(file: str | None, content: bytes) -> None:
    if file and file != "-":
        Path(file).write_bytes(content)
        click.echo(file)
    else:
        click.get_binary_stream("stdout").write(content)


def _summary(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "name": card.name,
        "tagline": card.tagline,
        "description": card.description,
        "greeting": card.greeting,
        "starters": list(card.starters),
        "topics": list(card.topics),
        "audience": card.audience,
        "remixable": card.remixable,
        "age_rating": card.age_rating,
        "status": card.status,
        "version": card.version,
        "change_note": card.change_note,
        "author": card.author,
        "lines": sum(len(lines) for lines in card.lines.values()),
        "follow_ups": len(card.follow_ups),
    }


def _findings(directory: Path, what: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    from overture.personas.lint import ERROR
    from overture.personas.lint import lint as findings

    for name in what or Registry.load(directory).ids():
        try:
            card = _card(directory, name)
        except (ConfigurationError, InvalidCard) as error:
            yield "", ERROR, str(error)
            continue
        for finding in findings(card):
            yield "", finding.severity, str(finding)


def _card(directory: Path, name: str) -> Card:
    """Read a persona by id, or from a file or folder."""
    from overture.personas.schema import load_card

    path = Path(name)
    if path.suffix.lower() in {".json", ".png"}:
        return _character(path)
    if path.is_dir() and (path / "card.yaml").is_file():
        return load_card(path / "card.yaml", path.resolve().name)
    if path.suffix in {".yaml", ".yml"}:
        return load_card(path, path.resolve().parent.name if path.stem == "card" else path.stem)
    return Registry.load(directory).get(name)


def _character(path: Path) -> Card:
    from overture.personas.schema import card_from
    from overture.personas.source import Section, Source
    from overture.personas.tavern import read_character
    from overture.personas.tavern.document import document_of, persona_id_of

    if not path.is_file():
        raise InvalidCard(f"{path}: no such file")
    found = read_character(path.read_bytes())
    document = document_of(found, path.stem)
    return card_from(Section(Source(str(path), ""), document), persona_id_of(found, path.stem))
