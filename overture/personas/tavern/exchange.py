"""Persona folders and character-card files: bring one in, write one out."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from overture.errors import InvalidCard
from overture.personas.identifiers import PERSONA_ID
from overture.personas.registry import CARD_FILE, Registry
from overture.personas.source import Source
from overture.personas.story import avatar
from overture.personas.tavern import png
from overture.personas.tavern.document import ORIGINAL, document_of, persona_id_of
from overture.personas.tavern.reading import Character, character, read_character
from overture.personas.tavern.writing import as_copy, as_json, as_png, character_of

#: The picture of a persona, beside its card.
AVATAR = "avatar.png"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """Say what an import made."""

    persona_id: str
    #: Version of the character card: 1, 2 or 3.
    version: int
    path: Path


def import_character(
    file: Path, directory: Path, persona_id: str | None = None, *, replace: bool = False
) -> Imported:
    """Make a persona folder of a character-card file.

    Args:
        file: JSON or PNG.
        directory: the folder of personas.
        persona_id: its id; when not given, made of the card's name and numbered if taken.
        replace: whether a persona of that id may be overwritten.

    Raises:
        InvalidCard: the file is no card, beyond a limit, or the id is taken or not allowed.
    """
    found = read_character(_bytes(file))
    wanted = persona_id or persona_id_of(found, file.stem)
    if not PERSONA_ID.fullmatch(wanted):
        raise InvalidCard(f"persona id {wanted!r} is not allowed; a-z, 0-9, - and _")
    if persona_id and not replace and _taken(directory, persona_id):
        raise InvalidCard(f"persona {persona_id!r} exists already in {directory}")
    chosen = wanted if replace else _free(directory, wanted)
    document = document_of(found, file.stem)
    folder = directory / chosen
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ORIGINAL).write_bytes(as_json(found.raw))
    if found.image is not None:
        (folder / AVATAR).write_bytes(found.image)
    (folder / CARD_FILE).write_text(as_yaml(document), encoding="utf-8")
    return Imported(persona_id=chosen, version=found.version, path=folder / CARD_FILE)


def export_character(
    registry: Registry, persona_id: str, form: str, version: int | None = None
) -> bytes:
    """Return a persona as a character-card file.

    Args:
        registry: where the persona lives.
        persona_id: which one.
        form: ``json`` or ``png``.
        version: 1, 2 or 3; by default the version it was imported in, else 3.

    Raises:
        UnknownPersona: there is none of this id.
        ConfigurationError: its file is not valid.
        InvalidCard: the card it was imported from is broken.
    """
    registry.get(persona_id)
    path = registry.path(persona_id)
    document: dict[str, Any] = {"id": persona_id, **Source.read(path).load()}
    original = _original(path.parent, document)
    wanted = version or (original.version if original else 3)
    card = character_of(document, wanted, original)
    if form == "json":
        return as_json(card)
    cards = {"ccv3" if wanted == 3 else "chara": card}
    if wanted == 3:
        cards["chara"] = as_copy(character_of(document, 2, original))
    return as_png(cards, _image(path.parent, str(document.get("name", ""))))


def as_yaml(document: dict[str, Any]) -> str:
    """Return a persona file."""
    yaml = YAML()
    yaml.width = 100  # type: ignore[assignment]  # typed as the None it starts with
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _taken(directory: Path, persona_id: str) -> bool:
    return (directory / persona_id).exists() or (directory / f"{persona_id}.yaml").exists()


def _free(directory: Path, persona_id: str) -> str:
    names = (persona_id, *(f"{persona_id[:58]}-{number}" for number in range(2, 1000)))
    return next(name for name in names if not _taken(directory, name))


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > png.FILE_LIMIT:
            raise InvalidCard(f"{file}: larger than {png.FILE_LIMIT} bytes")
        return file.read_bytes()
    except OSError as error:
        raise InvalidCard(f"{file}: {error.strerror or 'not readable'}") from error


def _original(folder: Path, document: dict[str, Any]) -> Character | None:
    path = folder / ORIGINAL
    if document.get("imported") != ORIGINAL or not path.is_file():
        return None
    try:
        return character(json.loads(_bytes(path)))
    except ValueError as error:
        raise InvalidCard(f"{path}: {error}") from error


def _image(folder: Path, name: str) -> bytes:
    path = folder / AVATAR
    return _bytes(path) if path.is_file() else avatar(name)
