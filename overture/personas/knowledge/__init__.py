"""What a persona knows: a catalogue of items and makers, recognised in text and recommended."""

from __future__ import annotations

from overture.personas.knowledge.catalogue import Catalogue, Person, Work, load_catalogue
from overture.personas.knowledge.door import Knowledge, load_knowledge
from overture.personas.knowledge.index import Match
from overture.personas.knowledge.recommend import Recommendation, Wish

__all__ = [
    "Catalogue",
    "Knowledge",
    "Match",
    "Person",
    "Recommendation",
    "Wish",
    "Work",
    "load_catalogue",
    "load_knowledge",
]
