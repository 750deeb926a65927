"""Memory: facts drawn from what people write, and how newer facts meet older ones."""

from __future__ import annotations

from overture.memory.extraction import extract
from overture.memory.lifecycle import Change, is_expired, is_same, supersede
from overture.memory.records import KINDS, ExtractedFact

__all__ = ["KINDS", "Change", "ExtractedFact", "extract", "is_expired", "is_same", "supersede"]
