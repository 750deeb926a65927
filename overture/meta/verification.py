"""The handshake with which Meta asks whether a webhook address is ours."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import Any

#: Meta sends an integer; nothing that could be markup is ever echoed.
_CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,256}")


def challenge_answer(query: Mapping[str, Any], verify_token: str) -> str | None:
    """Return the challenge to answer with (200), or None (403).

    Args:
        query: The query of the GET request; values as text or as lists of text.
        verify_token: The token of the configuration; an empty one never matches.
    """
    mode, token = _first(query, "hub.mode"), _first(query, "hub.verify_token")
    challenge = _first(query, "hub.challenge")
    same = hmac.compare_digest(token.encode("utf-8", "replace"), verify_token.encode())
    if mode != "subscribe" or not verify_token or not same:
        return None
    return challenge if _CHALLENGE.fullmatch(challenge) else None


def _first(query: Mapping[str, Any], name: str) -> str:
    value = query.get(name)
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    return value if isinstance(value, str) else ""
