"""Screening of what people write and lint of what Overture would write."""

from __future__ import annotations

from overture.safety.lint import Finding, lint_outbound
from overture.safety.screening import LABELS, PAUSE, hear, screen

__all__ = ["LABELS", "PAUSE", "Finding", "hear", "lint_outbound", "screen"]
