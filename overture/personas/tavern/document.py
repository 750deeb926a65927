"""A character card as a persona file: what Tavern fields become in Overture's own schema.

What comes from elsewhere is a private draft until somebody has reviewed it.
"""

from __future__ import annotations

import re
from typing import Any

from overture.errors import ConfigurationError, InvalidCard
from overture.personas.identifiers import PERSONA_ID, slug
from overture.personas.schema import LINE_LIMIT, card_from
from overture.personas.source import Section, Source
from overture.personas.tavern.reading import Character

#: Our own key inside ``extensions``.
KEY = "overture"
#: The file beside the card that keeps the character card as it came.
ORIGINAL = "tavern.json"
_LIMITS = {"name": 80, "description": 32_000, "greeting": 8_000, "version": 80, "author": 200}
_CHAR = re.compile(r"\{\{\s*char\s*\}\}|<BOT>", re.IGNORECASE)
_CALLED_USER = re.compile(r",\s*(?:\{\{\s*user\s*\}\}|<USER>)", re.IGNORECASE)
_USER = re.compile(r"\{\{\s*user\s*\}\}|<USER>", re.IGNORECASE)
_SPEAKER = re.compile(r"^\s*(\{\{\s*(?:user|char)\s*\}\}|<USER>|<BOT>)\s*:\s*", re.IGNORECASE)
_START = re.compile(r"^\s*<START>\s*$", re.IGNORECASE | re.MULTILINE)


def document_of(found: Character, fallback_name: str = "") -> dict[str, Any]:
    """Return the content of a persona file for a character card.

    Args:
        found: the card.
        fallback_name: used when the card has an empty name.

    Raises:
        InvalidCard: Overture's own part of the card is not valid.
    """
    standard = _standard(found.data, fallback_name)
    own = _own(found.data)
    if own is None:
        document = standard
    else:
        edited = {key: standard[key] for key in ("name", "description", "greeting")}
        document = {**own, **{key: value for key, value in edited.items() if value}}
    document.update(audience="private", status="draft", imported=ORIGINAL)
    document.pop("id", None)
    return _checked(document)


def persona_id_of(found: Character, fallback: str = "") -> str:
    """Return the id the persona had here, else one made of its name, else ``imported``."""
    own = (_own(found.data) or {}).get("id")
    if isinstance(own, str) and PERSONA_ID.fullmatch(own):
        return own
    return slug(_text(found.data.get("name")) or fallback) or "imported"


def _own(data: dict[str, Any]) -> dict[str, Any] | None:
    extensions = data.get("extensions")
    own = extensions.get(KEY) if isinstance(extensions, dict) else None
    card = own.get("card") if isinstance(own, dict) else None
    return dict(card) if isinstance(card, dict) else None


def _checked(document: dict[str, Any]) -> dict[str, Any]:
    try:
        card_from(Section(Source(f"extensions.{KEY}", ""), document), "imported")
    except ConfigurationError as error:
        raise InvalidCard(str(error)) from error
    return document


def _standard(data: dict[str, Any], fallback_name: str) -> dict[str, Any]:
    name = _cut(_text(data.get("name")) or fallback_name or "Unnamed", "name")
    spoken = _text(data.get("nickname")) or name
    document = {
        "name": name,
        "description": _cut(_plain(data.get("description"), spoken), "description"),
        "greeting": _cut(_plain(data.get("first_mes"), spoken), "greeting"),
        "voice": _voice(data, spoken),
        "lines": _lines(data, spoken),
        "examples": _examples(_text(data.get("mes_example")), spoken),
        "topics": [tag[:200] for tag in _texts(data.get("tags"))],
        "version": _cut(_text(data.get("character_version")) or "1", "version"),
        "author": _cut(_text(data.get("creator")), "author"),
        "aliases": [spoken[:80]] if spoken != name else [],
    }
    kept = {key: value for key, value in document.items() if value}
    return {"description": "", "greeting": "", **kept}


def _voice(data: dict[str, Any], name: str) -> dict[str, Any]:
    personality = _plain(data.get("personality"), name)
    return {"traits": [personality[:8_000]]} if personality else {}


def _lines(data: dict[str, Any], name: str) -> dict[str, Any]:
    greetings = [data.get("first_mes"), *_texts(data.get("alternate_greetings"))]
    spoken = [_plain(greeting, name) for greeting in greetings]
    usable = [text for text in spoken if text and len(text) <= LINE_LIMIT and "{" not in text]
    return {"greet": list(dict.fromkeys(usable))} if usable else {}


def _examples(text: str, name: str) -> list[list[dict[str, str]]]:
    blocks = (_turns(block, name) for block in _START.split(text))
    return [block for block in blocks if block]


def _turns(block: str, name: str) -> list[dict[str, str]]:
    turns: list[dict[str, str]] = []
    for line in block.splitlines():
        speaker = _SPEAKER.match(line)
        said = _plain(line[speaker.end() :] if speaker else line, name)
        if speaker:
            key = "person" if "user" in speaker[1].casefold() else "persona"
            turns.append({key: said})
        elif turns and said:
            key = next(iter(turns[-1]))
            turns[-1][key] = f"{turns[-1][key]}\n{said}".strip()
    return [{key: text[:8_000] for key, text in turn.items()} for turn in turns if _said(turn)]


def _said(turn: dict[str, str]) -> bool:
    return any(text for text in turn.values())


def _text(value: Any) -> str:
    """Return a text that YAML can hold; anything else counts as empty."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "").strip()


def _texts(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else []
    return [text for text in (_text(item) for item in listed) if text]


def _plain(value: Any, name: str) -> str:
    """Resolve the macros: the character's name, and ``you`` for the person."""
    text = _CHAR.sub(lambda _: name, _text(value))
    return _USER.sub("you", _CALLED_USER.sub("", text)).strip()


def _cut(text: str, key: str) -> str:
    return text[: _LIMITS[key]].strip()
