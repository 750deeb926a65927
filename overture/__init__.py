"""Overture: persona chatbots on Rasa that may write first, under limits they can prove."""

from __future__ import annotations

__version__ = "0.1.0"
