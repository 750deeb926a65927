"""Character cards of other systems (V1, V2, V3; JSON and PNG), without loss both ways."""

from __future__ import annotations

from overture.personas.tavern.exchange import Imported, export_character, import_character
from overture.personas.tavern.reading import Character, read_character

__all__ = ["Character", "Imported", "export_character", "import_character", "read_character"]
