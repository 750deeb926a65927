"""Working off what was accepted: turns of people's messages, and what goes out to the platforms."""

from __future__ import annotations
