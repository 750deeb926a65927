"""The schema of a persona file: YAML in, a card out, or an error that names the line."""

from __future__ import annotations

import difflib
import hashlib
from pathlib import Path

from overture.errors import ConfigurationError
from overture.personas.card import (
    AGE_RATINGS,
    AUDIENCES,
    STATUSES,
    Card,
    KnowledgeSpec,
    Turn,
    Voice,
)
from overture.personas.identifiers import PERSONA_ID
from overture.personas.lines import Button, Need, Template
from overture.personas.responses import KEYS, PLACEHOLDERS, canonical
from overture.personas.source import Section, Source

TENSES = ("past", "coming", "undated")
#: Texts of a line; what is sent is split per channel, but a line is at most a few sentences.
LINE_LIMIT = 1000
_LIST_LIMIT = 2000
_CARD_KEYS = (
    "id",
    "name",
    "tagline",
    "description",
    "greeting",
    "starters",
    "voice",
    "lines",
    "follow_ups",
    "examples",
    "topics",
    "opinions",
    "knowledge",
    "disclaimer",
    "audience",
    "remixable",
    "age_rating",
    "status",
    "version",
    "change_note",
    "author",
    "aliases",
    "imported",
)
_LINE_KEYS = ("id", "text", "buttons", "needs", "without", "when")


def load_card(path: Path, persona_id: str, name: str | None = None) -> Card:
    """Read a persona file.

    Args:
        path: the YAML file.
        persona_id: the id its place gives it; an ``id`` in the file must be the same.
        name: how errors call the file; the path by default.

    Raises:
        ConfigurationError: names file and line, key, value and what is allowed.
    """
    source = Source.read(path)
    if name:
        source.name = name
    return read_card(source, persona_id, path.parent)


def read_card(source: Source, persona_id: str, folder: Path | None = None) -> Card:
    """Read a card from YAML; see ``load_card``."""
    top = Section(source, source.load())
    return card_from(top, persona_id, folder)


def card_from(top: Section, persona_id: str, folder: Path | None = None) -> Card:
    """Read a card from the top section of a file."""
    top.only(_CARD_KEYS)
    if top.text("id", persona_id) != persona_id or not PERSONA_ID.fullmatch(persona_id):
        raise top.fail("id", f"{persona_id!r}, the name of its folder: a-z, 0-9, - and _")
    return Card(
        id=persona_id,
        name=top.text("name", limit=80),
        tagline=top.text("tagline", "", limit=160),
        description=top.text("description", "", limit=32_000),
        greeting=top.text("greeting", "", limit=8_000),
        starters=top.texts("starters", limit=80),
        voice=_voice(top.section("voice")),
        lines=_lines(top.section("lines"), persona_id),
        follow_ups=_follow_ups(top, persona_id),
        examples=_examples(top),
        topics=top.texts("topics", limit=200),
        opinions=_opinions(top.section("opinions")),
        knowledge=_knowledge(top.section("knowledge")),
        disclaimer=top.text("disclaimer", "", limit=1000),
        audience=top.choice("audience", AUDIENCES, "public"),
        remixable=top.flag("remixable", False),
        age_rating=top.choice("age_rating", AGE_RATINGS, "everyone"),
        status=top.choice("status", STATUSES, "released"),
        version=top.text("version", "1", limit=80),
        change_note=top.text("change_note", "", limit=1000),
        author=top.text("author", "", limit=200),
        aliases=top.texts("aliases", limit=80),
        folder=folder,
        imported=top.text("imported", "", limit=200),
    )


def _voice(section: Section) -> Voice:
    section.only(("traits", "do", "dont"))
    return Voice(
        traits=section.texts("traits", limit=8_000),
        do=section.texts("do"),
        dont=section.texts("dont"),
    )


def _lines(section: Section, persona_id: str) -> dict[str, tuple[Template, ...]]:
    for key in section.names():
        if key not in KEYS:
            raise _unknown_key(section, key)
    return {
        key: tuple(
            _template(entry, entry.text("text", limit=LINE_LIMIT), f"{persona_id}.{key}")
            for entry in _entries(section, key, _LINE_KEYS)
        )
        for key in section.names()
    }


def _unknown_key(section: Section, key: str) -> ConfigurationError:
    close = difflib.get_close_matches(key, KEYS, n=3)
    allowed = f"a response key, perhaps {' or '.join(close)}" if close else "a response key"
    return section.source.error((*section.path, key), key, allowed)


def _entries(section: Section, key: str, allowed: tuple[str, ...]) -> tuple[Section, ...]:
    entries = section.sections(key)
    if len(entries) > _LIST_LIMIT:
        raise section.fail(key, f"at most {_LIST_LIMIT} lines")
    for entry in entries:
        entry.only(allowed)
    return entries


def _follow_ups(top: Section, persona_id: str) -> tuple[Template, ...]:
    entries = _entries(top, "follow_ups", (*_LINE_KEYS, "texts", "tense"))
    return tuple(
        _template(entry, text, f"{persona_id}.follow_up")
        for entry in entries
        for text in _opener_texts(entry)
    )


def _opener_texts(entry: Section) -> tuple[str, ...]:
    texts = entry.texts("texts", limit=LINE_LIMIT)
    return texts or (entry.text("text", limit=LINE_LIMIT),)


def _template(entry: Section, text: str, prefix: str) -> Template:
    template = Template(
        id=f"{prefix}.{entry.text('id', '') or _short(text)}",
        text=text,
        buttons=tuple(_button(button) for button in entry.sections("buttons")),
        needs=tuple(Need.parse(need) for need in entry.texts("needs")),
        without=tuple(Need.parse(need) for need in entry.texts("without")),
        when=_conditions(entry.section("when")),
        tense=entry.choice("tense", TENSES, TENSES[2]) if "tense" in entry else None,
    )
    own = {need.kind for need in template.needs}
    unknown = sorted(template.placeholders - PLACEHOLDERS - own)
    if unknown:
        raise entry.fail("text" if "text" in entry else "texts", f"no placeholder {{{unknown[0]}}}")
    return template


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def _button(section: Section) -> Button:
    section.only(("text", "title", "payload"))
    title = section.text("title" if "title" in section else "text", limit=20)
    return Button(title=title, payload=section.text("payload", title, limit=1000))


def _conditions(section: Section) -> dict[str, tuple[str, ...]]:
    return {
        canonical(key): tuple(word.casefold() for word in section.texts(key))
        for key in section.names()
    }


def _examples(top: Section) -> tuple[tuple[Turn, ...], ...]:
    listed = top.get("examples") or []
    if not isinstance(listed, list):
        raise top.fail("examples", "a list of dialogues, each a list of turns")
    path = (*top.path, "examples")
    return tuple(
        _dialogue(Section(top.source, {"turns": turns}, (*path, index)))
        for index, turns in enumerate(listed)
    )


def _dialogue(section: Section) -> tuple[Turn, ...]:
    return tuple(_turn(turn) for turn in section.sections("turns"))


def _turn(section: Section) -> Turn:
    section.only(("person", "persona"))
    key = "person" if "person" in section else "persona"
    return Turn(person=key == "person", text=section.text(key, limit=8_000))


def _opinions(section: Section) -> dict[str, str]:
    return {key.casefold(): section.text(key, limit=LINE_LIMIT) for key in section.names()}


def _knowledge(section: Section) -> KnowledgeSpec:
    section.only(("item", "maker", "literal", "files", "cues", "occasions", "why"))
    occasions = section.section("occasions")
    why = section.section("why")
    return KnowledgeSpec(
        item=section.text("item", "item", limit=40),
        maker=section.text("maker", "", limit=40),
        literal=section.flag("literal", False),
        files=section.texts("files"),
        cues=section.texts("cues"),
        occasions={key.casefold(): occasions.texts(key) for key in occasions.names()},
        why={key: why.text(key, limit=200) for key in why.names()},
    )
