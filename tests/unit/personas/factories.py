"""Facts, cards and character cards for these tests, with overrides."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from overture.personas import Card
from overture.personas.schema import read_card
from overture.personas.source import Source


@dataclass(frozen=True, kw_only=True)
class Fact:
    id: str = "f1"
    kind: str = "favorite"
    value: str = "Blade Runner"
    topic: str | None = None
    when: date | datetime | str | None = None
    until: str | None = None
    sensitive: bool = False


def card(text: str, persona_id: str = "someone") -> Card:
    return read_card(Source(f"personas/{persona_id}/card.yaml", text), persona_id)


V2: dict[str, Any] = {
    "spec": "chara_card_v2",
    "spec_version": "2.0",
    "made_with": "some editor",
    "data": {
        "name": "Aster",
        "description": "{{char}} keeps bees.",
        "personality": "calm",
        "scenario": "a meadow",
        "first_mes": "Good day, {{user}}! I am {{char}}.",
        "mes_example": "<START>\n{{user}}: hello\n{{char}}: *nods*\nhello",
        "creator_notes": "not for prompts",
        "system_prompt": "{{original}}",
        "post_history_instructions": "",
        "alternate_greetings": ["A fine morning."],
        "character_book": {
            "name": "bees",
            "extensions": {"other": {"deep": [1, None, True]}},
            "entries": [
                {
                    "keys": ["hive"],
                    "content": "@@depth 4\nA hive hums.",
                    "extensions": {"probability": 100},
                    "enabled": True,
                    "insertion_order": 3,
                }
            ],
        },
        "tags": ["bees", "calm"],
        "creator": "Somebody",
        "character_version": "1.4",
        "extensions": {"depth_prompt": {"depth": 4, "prompt": "é ☃"}, "nothing": None},
        "unknown_field": {"kept": [1.5]},
    },
}


def character(version: int = 2, **data: Any) -> dict[str, Any]:
    made = copy.deepcopy(V2)
    made["data"].update(data)
    if version == 1:
        keys = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
        return {key: made["data"][key] for key in keys} | {"extra": 1}
    if version == 3:
        made["spec"], made["spec_version"] = "chara_card_v3", "3.0"
        made["data"] |= {
            "group_only_greetings": ["All of you, good day."],
            "nickname": "Azzie",
            "assets": [{"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}],
            "source": ["https://example.org/aster"],
            "creation_date": 1700000000,
        }
        made["data"]["character_book"]["entries"][0]["use_regex"] = False
    return made
