"""Character cards come in and go out again without loss, as V1, V2 and V3, JSON and PNG."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from overture.errors import InvalidCard
from overture.personas import Registry
from overture.personas.story import avatar
from overture.personas.tavern import export_character, import_character, png, read_character
from overture.personas.tavern.writing import as_png
from tests.unit.personas.conftest import PERSONAS
from tests.unit.personas.factories import character


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "personas"
    folder.mkdir()
    return folder


def brought_in(home: Path, raw: Any, name: str = "card.json", **options: Any) -> str:
    file = home.parent / name
    file.write_bytes(raw if isinstance(raw, bytes) else json.dumps(raw).encode())
    return import_character(file, home, **options).persona_id


def written(home: Path, persona_id: str, version: int | None = None) -> dict[str, Any]:
    card: dict[str, Any] = json.loads(
        export_character(Registry.load(home), persona_id, "json", version)
    )
    return card


def without_ours(card: dict[str, Any]) -> dict[str, Any]:
    bare = copy.deepcopy(card)
    bare["data"]["extensions"].pop("overture")
    return bare


@pytest.mark.parametrize("version", [2, 3])
def test_a_card_comes_out_as_it_came_in_but_for_our_own_part(home: Path, version: int) -> None:
    raw = character(version)
    assert without_ours(written(home, brought_in(home, raw))) == raw


def test_a_v1_card_comes_out_as_it_came_in(home: Path) -> None:
    raw = character(1)
    assert written(home, brought_in(home, raw)) == raw


@pytest.mark.parametrize("version", [2, 3])
def test_a_png_carries_the_same_card(home: Path, version: int) -> None:
    raw = character(version)
    image = as_png({"chara" if version == 2 else "ccv3": raw}, avatar("A"))
    persona_id = brought_in(home, image, "card.png")
    out = export_character(Registry.load(home), persona_id, "png")
    assert without_ours(read_character(out).raw) == raw


def test_the_picture_and_its_other_chunks_stay(home: Path) -> None:
    image = png.with_texts(avatar("A"), {"Comment": b"mine"}, frozenset())
    persona_id = brought_in(home, as_png({"chara": character()}, image), "card.png")
    out = export_character(Registry.load(home), persona_id, "png")
    assert png.texts(out)["Comment"] == b"mine"
    assert png.with_texts(out, {}, frozenset({"chara", "ccv3"})) == image


def test_v3_goes_before_v2_when_a_png_holds_both(home: Path) -> None:
    image = as_png({"chara": character(2, name="Old"), "ccv3": character(3)}, avatar("A"))
    assert read_character(image).data["name"] == "Aster"


def test_a_v3_png_brings_a_v2_copy_that_says_so(home: Path) -> None:
    persona_id = brought_in(home, character(3))
    texts = png.texts(export_character(Registry.load(home), persona_id, "png"))
    assert set(texts) == {"ccv3", "chara"}
    old = read_character(png.with_texts(avatar("A"), {"chara": texts["chara"]}, frozenset()))
    assert old.version == 2
    assert "V2 copy" in old.data["creator_notes"]


def test_v2_becomes_v3_with_what_v3_requires(home: Path) -> None:
    card = written(home, brought_in(home, character(2)), 3)
    assert (card["spec"], card["spec_version"]) == ("chara_card_v3", "3.0")
    assert card["data"]["group_only_greetings"] == []
    assert card["data"]["character_book"]["entries"][0]["use_regex"] is False
    assert card["data"]["unknown_field"] == {"kept": [1.5]}
    assert card["made_with"] == "some editor"


def test_decorators_are_taken_out_for_v2_and_come_back_for_v3(home: Path) -> None:
    raw = character(3)
    older = written(home, brought_in(home, raw), 2)
    entry = older["data"]["character_book"]["entries"][0]
    assert entry["content"] == "A hive hums."
    again = written(home, brought_in(home, older, persona_id="again"), 3)
    book = raw["data"]["character_book"]
    assert again["data"]["character_book"] == book


def test_an_edit_of_the_persona_reaches_the_card(home: Path) -> None:
    persona_id = brought_in(home, character())
    path = home / persona_id / "card.yaml"
    path.write_text(path.read_text("utf-8").replace("name: Aster", "name: Astra"), "utf-8")
    card = written(home, persona_id)
    assert card["data"]["name"] == "Astra"
    assert card["data"]["first_mes"] == character()["data"]["first_mes"]


@pytest.mark.parametrize("form", ["json", "png"])
def test_our_own_personas_survive_the_journey(home: Path, form: str) -> None:
    ours = Registry.load(PERSONAS)
    for persona_id in ours:
        content = export_character(ours, persona_id, form)
        brought_in(home, content, f"card.{form}")
        here, there = ours.get(persona_id), Registry.load(home).get(persona_id)
        for field in ("name", "lines", "follow_ups", "voice", "opinions", "examples", "knowledge"):
            assert getattr(there, field) == getattr(here, field), (persona_id, field)


def test_what_comes_in_is_a_private_draft(home: Path) -> None:
    raw = character(extensions={"overture": {"card": {"name": "A", "audience": "public"}}})
    persona_id = brought_in(home, raw)
    someone = Registry.load(home).get(persona_id)
    assert (someone.audience, someone.status) == ("private", "draft")


def test_macros_become_words(home: Path) -> None:
    persona_id = brought_in(home, character())
    someone = Registry.load(home).get(persona_id)
    assert someone.greeting == "Good day! I am Aster."
    assert someone.description == "Aster keeps bees."
    assert [line.text for line in someone.lines["greet"]] == [
        "Good day! I am Aster.",
        "A fine morning.",
    ]


def test_a_nickname_stands_for_the_character(home: Path) -> None:
    persona_id = brought_in(home, character(3))
    someone = Registry.load(home).get(persona_id)
    assert someone.description == "Azzie keeps bees."
    assert someone.name == "Aster"


@pytest.mark.parametrize(
    "data",
    [
        {"name": ""},
        {"name": None, "character_book": None},
        {"tags": None, "alternate_greetings": None, "extensions": None},
        {"tags": "bees", "extensions": [], "character_book": {"entries": {"0": {"content": 1}}}},
        {"first_mes": 7, "description": ["x"], "name": "\ud800"},
        {"first_mes": "{nobody} {{user}} {", "alternate_greetings": ["}", 3]},
        {"description": "a: b\n- c\n\t# d\x00\x07 \"quotes\" 'more' {{char}}"},
        {"name": "x" * 5000, "description": "d" * 90_000, "character_version": "v" * 900},
    ],
)
def test_odd_cards_are_read_as_far_as_they_go(home: Path, data: dict[str, Any]) -> None:
    persona_id = brought_in(home, character(**data), "odd.json")
    someone = Registry.load(home).get(persona_id)
    assert someone.name
    out = written(home, persona_id)
    for key, value in data.items():
        if key != "extensions":
            assert out["data"][key] == value


def test_a_taken_id_gets_a_number_and_a_chosen_one_an_error(home: Path) -> None:
    assert brought_in(home, character()) == "aster"
    assert brought_in(home, character()) == "aster-2"
    with pytest.raises(InvalidCard, match="exists"):
        brought_in(home, character(), persona_id="aster")
    assert brought_in(home, character(), persona_id="aster", replace=True) == "aster"


@pytest.mark.parametrize("persona_id", ["../out", "a/b", ".", "A", ""])
def test_an_id_never_leaves_the_folder(home: Path, persona_id: str) -> None:
    if persona_id:
        with pytest.raises(InvalidCard):
            brought_in(home, character(), persona_id=persona_id)
    named = brought_in(home, character(name="../../etc/passwd"))
    assert (home / named / "card.yaml").is_file()
