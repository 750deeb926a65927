"""A persona as a character card V1, V2 or V3, in JSON or PNG.

A card that was imported is written from what came, so that nothing is lost: unknown members,
foreign extensions and the lorebook stay; our own part lies under ``extensions.overture``.
"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Mapping
from typing import Any

from overture.personas.tavern import png
from overture.personas.tavern.document import KEY, document_of
from overture.personas.tavern.reading import KEYWORDS, Character

_V1 = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
_V2_TEXTS = ("creator_notes", "system_prompt", "post_history_instructions")
_COPY = "This is the V2 copy of a V3 card; some of it can only be read as V3."
#: Fields of a persona file and the Tavern field each stands in.
_STANDARD = {"name": "name", "description": "description", "greeting": "first_mes"}


def character_of(
    document: Mapping[str, Any], version: int, original: Character | None = None
) -> dict[str, Any]:
    """Return a character card.

    Args:
        document: the content of the persona file.
        version: 1, 2 or 3.
        original: the card it was imported from, if it was.
    """
    data = _from_original(document, original) if original else _from_document(document)
    if version == 1:
        return _as_v1(data, original)
    if not isinstance(data.get("extensions"), dict):
        data["extensions"] = {}
    data["extensions"][KEY] = _own(data["extensions"].get(KEY), document)
    card = copy.deepcopy(original.raw) if original and original.version > 1 else {}
    if version == 3:
        _as_v3(data)
    else:
        _as_v2(data, lowered=original is not None and original.version == 3)
    return {**card, "spec": f"chara_card_v{version}", "spec_version": _spec(version, card)} | {
        "data": data
    }


def as_copy(card: dict[str, Any]) -> dict[str, Any]:
    """Return a V2 card marked as the copy of a V3 one, as its specification asks."""
    notes = str(card["data"].get("creator_notes") or "")
    marked = f"{notes}\n\n{_COPY}".strip()
    return {**card, "data": {**card["data"], "creator_notes": marked}}


def as_json(card: Mapping[str, Any]) -> bytes:
    """Return the card as a JSON file."""
    return (json.dumps(card, ensure_ascii=True, indent=2) + "\n").encode("ascii")


def as_png(cards: Mapping[str, Mapping[str, Any]], image: bytes) -> bytes:
    """Return a PNG that carries cards.

    Args:
        cards: keyword (``chara``, ``ccv3``) to card.
        image: the picture; its other chunks stay as they are.
    """
    packed = {
        keyword: base64.b64encode(json.dumps(card, ensure_ascii=True).encode("ascii"))
        for keyword, card in cards.items()
    }
    return png.with_texts(image, packed, frozenset(KEYWORDS))


def _spec(version: int, card: Mapping[str, Any]) -> str:
    held = str(card.get("spec_version") or "")
    return held if held.startswith(f"{version}.") else f"{version}.0"


def _from_original(document: Mapping[str, Any], original: Character) -> dict[str, Any]:
    data = copy.deepcopy(original.data)
    before = document_of(original, str(document.get("name", "")))
    for ours, theirs in _STANDARD.items():
        if document.get(ours) and document.get(ours) != before.get(ours):
            data[theirs] = document[ours]
    if document.get("topics") and document.get("topics") != before.get("topics"):
        data["tags"] = list(document["topics"])
    return data


def _from_document(document: Mapping[str, Any]) -> dict[str, Any]:
    voice = document.get("voice") or {}
    return {
        "name": document.get("name", ""),
        "description": document.get("description", ""),
        "personality": ", ".join(_listed(voice.get("traits"))),
        "scenario": document.get("tagline", ""),
        "first_mes": document.get("greeting", ""),
        "mes_example": _examples(document.get("examples") or []),
        "creator_notes": document.get("disclaimer", ""),
        "system_prompt": "",
        "post_history_instructions": "",
        "alternate_greetings": _greetings(document),
        "tags": _listed(document.get("topics")),
        "creator": document.get("author", ""),
        "character_version": document.get("version", ""),
        "extensions": {},
    }


def _greetings(document: Mapping[str, Any]) -> list[str]:
    entries = _listed((document.get("lines") or {}).get("greet"))
    texts = [entry if isinstance(entry, str) else entry.get("text", "") for entry in entries]
    return [text for text in texts if text and "{" not in text]


def _examples(dialogues: list[list[dict[str, str]]]) -> str:
    blocks = ["<START>\n" + "\n".join(_turn(turn) for turn in turns) for turns in dialogues]
    return "\n".join(blocks)


def _turn(turn: Mapping[str, str]) -> str:
    who = "{{user}}" if "person" in turn else "{{char}}"
    return f"{who}: {turn.get('person') or turn.get('persona', '')}"


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def _own(held: Any, document: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(held) if isinstance(held, dict) else {}
    card = {key: value for key, value in document.items() if key != "imported"}
    return {**kept, "format": 1, "card": copy.deepcopy(card)}


def _as_v1(data: dict[str, Any], original: Character | None) -> dict[str, Any]:
    if original and original.version == 1:
        return data
    return {key: data.get(key) or "" for key in _V1}


def _as_v2(data: dict[str, Any], *, lowered: bool) -> None:
    _complete(data)
    for entry in _entries(data) if lowered else ():
        content = entry.get("content")
        if isinstance(content, str) and content.lstrip().startswith("@@"):
            _set_aside(entry, content)


def _as_v3(data: dict[str, Any]) -> None:
    _complete(data)
    if not isinstance(data.get("group_only_greetings"), list):
        data["group_only_greetings"] = []
    for entry in _entries(data):
        entry.setdefault("use_regex", False)
        _take_back(entry)


def _complete(data: dict[str, Any]) -> None:
    """Add what V2 requires and the card does not have; what it has stays."""
    for key in (*_V1, *_V2_TEXTS, "creator", "character_version"):
        data.setdefault(key, "")
    for key in ("alternate_greetings", "tags"):
        data.setdefault(key, [])


def _entries(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    book = data.get("character_book")
    entries = book.get("entries") if isinstance(book, dict) else None
    listed = list(entries.values()) if isinstance(entries, dict) else entries
    return [entry for entry in listed or [] if isinstance(entry, dict)]


def _set_aside(entry: dict[str, Any], content: str) -> None:
    """Take decorators out of a lorebook entry for V2 and keep them for the way back."""
    extensions = entry.get("extensions")
    held = extensions if isinstance(extensions, dict) else {}
    entry["extensions"] = {**held, KEY: {"decorated": content}}
    entry["content"] = _without_decorators(content)


def _take_back(entry: dict[str, Any]) -> None:
    extensions = entry.get("extensions")
    if not isinstance(extensions, dict):
        return
    held = extensions.get(KEY)
    if isinstance(held, dict) and isinstance(held.get("decorated"), str):
        if entry.get("content") == _without_decorators(held["decorated"]):
            entry["content"] = held["decorated"]
        extensions.pop(KEY)


def _without_decorators(content: str) -> str:
    return "\n".join(line for line in content.splitlines() if not line.lstrip().startswith("@@"))
