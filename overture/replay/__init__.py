"""Histories run again: read, checked and put through the real use cases on a simulated clock."""

from __future__ import annotations
