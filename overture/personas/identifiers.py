"""Ids of personas and of catalogue items: lower case, safe in links, paths and conversations."""

from __future__ import annotations

import re
import unicodedata

#: What a persona id looks like.
PERSONA_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def slug(text: str) -> str:
    """Make an id of a name: ``Amélie (2001)`` becomes ``amelie-2001``; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:62].rstrip("-")
