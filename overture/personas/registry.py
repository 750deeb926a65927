"""The personas of a folder, indexed by id and read when they are asked for.

The index holds names only, so thousands of personas cost little; in development a changed
file is read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from overture.errors import ConfigurationError, InvalidCard
from overture.personas.card import Card
from overture.personas.identifiers import PERSONA_ID, slug
from overture.personas.knowledge import Knowledge, load_knowledge
from overture.personas.schema import load_card

CARD_FILE = "card.yaml"


class UnknownPersona(InvalidCard):
    """There is no persona of this id."""


@dataclass(frozen=True, kw_only=True)
class _Read:
    card: Card
    stamp: int


class Registry:
    """Hand out personas by id."""

    def __init__(self, directory: Path, paths: dict[str, Path], *, reload: bool = False) -> None:
        self.directory = directory
        self.reload = reload
        self._paths = paths
        self._cards: dict[str, _Read] = {}
        self._knowledge: dict[str, tuple[Card, Knowledge]] = {}
        self._lock = RLock()

    @classmethod
    def load(cls, directory: Path, *, reload: bool = False) -> Registry:
        """Index a folder: ``<id>/card.yaml`` or ``<id>.yaml``, without reading the cards.

        Args:
            directory: the folder of personas.
            reload: read a card again when its file changed, and find new ones (development).

        Raises:
            ConfigurationError: the folder is missing.
        """
        if not directory.is_dir():
            raise ConfigurationError(str(directory), "personas", "missing", "a folder of personas")
        return cls(directory, _index(directory), reload=reload)

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids())

    def __contains__(self, persona_id: object) -> bool:
        return self._path(str(persona_id)) is not None

    def ids(self) -> tuple[str, ...]:
        """Return every id in order."""
        if self.reload:
            self._paths = _index(self.directory)
        return tuple(sorted(self._paths))

    def path(self, persona_id: str) -> Path:
        """Return the file of a persona.

        Raises:
            UnknownPersona: there is none of this id.
        """
        path = self._path(persona_id)
        if path is None:
            raise UnknownPersona(f"no persona {persona_id!r} in {self.directory}")
        return path

    def get(self, persona_id: str) -> Card:
        """Return a persona.

        Raises:
            UnknownPersona: there is none of this id.
            ConfigurationError: its file is not valid.
        """
        read = self._cards.get(persona_id)
        if read is not None and not self.reload:
            return read.card
        return self._read(persona_id, self.path(persona_id))

    def knowledge(self, persona_id: str) -> Knowledge:
        """Return a persona's catalogue, read at first use; empty when it has none."""
        card = self.get(persona_id)
        with self._lock:
            held = self._knowledge.get(persona_id)
            if held is None or held[0] is not card:
                held = (card, load_knowledge(card))
                self._knowledge[persona_id] = held
            return held[1]

    def find(self, text: str) -> str | None:
        """Return the id of the persona a person names: by id, name, part of it or alias."""
        wanted = slug(text)
        if not wanted:
            return None
        if wanted in self:
            return wanted
        found = [persona_id for persona_id in self.ids() if self._is_called(persona_id, wanted)]
        return found[0] if len(found) == 1 else None

    def _is_called(self, persona_id: str, wanted: str) -> bool:
        try:
            card = self.get(persona_id)
        except ConfigurationError:
            return False
        return any(_called(wanted, slug(name)) for name in (card.name, *card.aliases))

    def _path(self, persona_id: str) -> Path | None:
        path = self._paths.get(persona_id)
        if path is None and self.reload:
            self._paths = _index(self.directory)
            path = self._paths.get(persona_id)
        return path

    def _read(self, persona_id: str, path: Path) -> Card:
        with self._lock:
            stamp = _stamp(path)
            read = self._cards.get(persona_id)
            if read is None or read.stamp != stamp:
                read = _Read(card=load_card(path, persona_id), stamp=stamp)
                self._cards[persona_id] = read
            return read.card


def _index(directory: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for entry in sorted(directory.iterdir()):
        path = entry / CARD_FILE if entry.is_dir() else entry
        persona_id = entry.name if entry.is_dir() else entry.stem
        if path.suffix == ".yaml" and PERSONA_ID.fullmatch(persona_id) and path.is_file():
            found.setdefault(persona_id, path)
    return found


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _called(wanted: str, name: str) -> bool:
    if wanted == name:
        return True
    part, whole = sorted((wanted, name), key=len)
    return len(part) >= 4 and f"-{part}-" in f"-{whole}-"
