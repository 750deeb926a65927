"""Character cards V1, V2 and V3 read from JSON or PNG: liberal in shapes, strict in limits.

Specifications: character-card-spec-v2 (V1, V2) and character-card-spec-v3; a PNG carries the
card as base64 of UTF-8 JSON in a text chunk, ``ccv3`` before ``chara``.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from overture.errors import InvalidCard
from overture.personas.tavern import png

#: Keywords of the text chunks, the better one first.
KEYWORDS = ("ccv3", "chara")
#: Bytes of JSON, also inside a PNG.
JSON_LIMIT = 8 * 1024 * 1024
#: Levels of lists and mappings inside each other.
DEPTH_LIMIT = 64
#: Values in all.
VALUE_LIMIT = 200_000
_V1_KEYS = ("name", "description", "personality", "scenario", "first_mes", "mes_example")


@dataclass(frozen=True, kw_only=True)
class Character:
    """Hold a character card as it came."""

    #: 1, 2 or 3.
    version: int
    #: The whole JSON object, unknown members included.
    raw: dict[str, Any]
    #: The PNG it came in.
    image: bytes | None = None

    @property
    def data(self) -> dict[str, Any]:
        """Return the object that holds the fields: the card itself in V1, else ``data``."""
        data: dict[str, Any] = self.raw if self.version == 1 else self.raw["data"]
        return data


def read_character(content: bytes) -> Character:
    """Read a character card from the bytes of a file.

    Raises:
        InvalidCard: neither JSON nor PNG, no card inside, or beyond a limit.
    """
    if png.is_png(content):
        return _from_png(content)
    return character(_json(content))


def character(raw: Any, image: bytes | None = None) -> Character:
    """Take parsed JSON for a card.

    Raises:
        InvalidCard: it is no character card or too deep or large.
    """
    if not isinstance(raw, dict):
        raise InvalidCard(f"a character card is a JSON object, not {type(raw).__name__}")
    _check_size(raw)
    return Character(version=_version(raw), raw=raw, image=image)


def _from_png(content: bytes) -> Character:
    found = png.texts(content)
    keyword = next((keyword for keyword in KEYWORDS if keyword in found), None)
    if keyword is None:
        raise InvalidCard("the PNG holds no character card (no text chunk ccv3 or chara)")
    return character(_json(_base64(found[keyword], keyword)), content)


def _base64(text: bytes, keyword: str) -> bytes:
    if len(text) > JSON_LIMIT * 4 // 3 + 4096:
        raise InvalidCard(f"the text chunk {keyword} has {len(text)} bytes; too large")
    packed = b"".join(text.split())
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error as error:
        raise InvalidCard(f"the text chunk {keyword} is not base64: {error}") from error


def _json(content: bytes) -> Any:
    if len(content) > JSON_LIMIT:
        raise InvalidCard(f"the card has {len(content)} bytes; at most {JSON_LIMIT} are read")
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except RecursionError as error:
        raise InvalidCard(f"the card is nested deeper than {DEPTH_LIMIT} levels") from error
    except ValueError as error:
        raise InvalidCard(f"the card is not JSON in UTF-8: {error}") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def _check_size(raw: dict[str, Any]) -> None:
    level: list[Any] = [raw]
    count = 0
    for _ in range(DEPTH_LIMIT):
        level = [inner for value in level for inner in _inside(value)]
        count += len(level)
        if not level:
            return
        if count > VALUE_LIMIT:
            raise InvalidCard(f"the card holds more than {VALUE_LIMIT} values")
    raise InvalidCard(f"the card is nested deeper than {DEPTH_LIMIT} levels")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _version(raw: dict[str, Any]) -> int:
    spec = raw.get("spec")
    if isinstance(spec, str) and spec.startswith("chara_card_v"):
        return _checked_version(raw, spec)
    if isinstance(raw.get("data"), dict) and _looks_like_card(raw["data"]):
        return 2
    if _looks_like_card(raw):
        return 1
    raise InvalidCard("this is no character card: neither spec and data nor the fields of V1")


def _checked_version(raw: dict[str, Any], spec: str) -> int:
    if not isinstance(raw.get("data"), dict):
        raise InvalidCard(f"a card of {spec} has an object 'data', not {raw.get('data')!r:.40}")
    return 2 if spec == "chara_card_v2" else 3


def _looks_like_card(data: dict[str, Any]) -> bool:
    held = [key for key in _V1_KEYS if key in data]
    return len(held) >= 2 and all(isinstance(data[key], (str, type(None))) for key in held)
