"""Personas: cards, their lines and openers, their knowledge, exchange with other systems."""

from __future__ import annotations

from overture.personas.card import Card
from overture.personas.knowledge import Knowledge, Recommendation, Wish
from overture.personas.lines import Button, Line
from overture.personas.registry import Registry, UnknownPersona

__all__ = [
    "Button",
    "Card",
    "Knowledge",
    "Line",
    "Recommendation",
    "Registry",
    "UnknownPersona",
    "Wish",
]
