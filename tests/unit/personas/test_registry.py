"""The registry indexes a folder without reading it, and sees changes in development."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from overture.errors import ConfigurationError
from overture.personas import Registry, UnknownPersona


def put(folder: Path, persona_id: str, text: str) -> Path:
    path = folder / persona_id / "card.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_thousands_of_personas_are_indexed_without_being_read(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"p{number}.yaml").write_text("name: [broken", encoding="utf-8")
    started = time.perf_counter()
    registry = Registry.load(tmp_path)
    assert len(registry) == 3000
    assert time.perf_counter() - started < 2


def test_a_broken_persona_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    put(tmp_path, "good", "name: Good\n")
    put(tmp_path, "bad", "nam: Bad\n")
    registry = Registry.load(tmp_path)
    assert registry.get("good").name == "Good"
    assert registry.find("Good") == "good"
    with pytest.raises(ConfigurationError):
        registry.get("bad")


def test_a_changed_card_is_read_again_in_development_only(tmp_path: Path) -> None:
    path = put(tmp_path, "a", "name: Before\n")
    watching, still = Registry.load(tmp_path, reload=True), Registry.load(tmp_path)
    assert watching.get("a").name == still.get("a").name == "Before"
    put(tmp_path, "a", "name: After\n")
    os.utime(path, ns=(1, 1))
    assert watching.get("a").name == "After"
    assert still.get("a").name == "Before"


def test_a_new_persona_is_found_in_development(tmp_path: Path) -> None:
    registry = Registry.load(tmp_path, reload=True)
    put(tmp_path, "late", "name: Late\n")
    assert "late" in registry
    assert registry.ids() == ("late",)


def test_a_card_that_is_not_changed_is_the_same_object(tmp_path: Path) -> None:
    put(tmp_path, "a", "name: A\n")
    registry = Registry.load(tmp_path, reload=True)
    assert registry.get("a") is registry.get("a")


@pytest.mark.parametrize("persona_id", ["nobody", "../a", "", "A/B"])
def test_an_unknown_id_is_an_error_and_never_a_path(tmp_path: Path, persona_id: str) -> None:
    put(tmp_path, "a", "name: A\n")
    with pytest.raises(UnknownPersona):
        Registry.load(tmp_path / "a" / "..").get(persona_id)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("maestro", "maestro"),
        ("The Maestro of Movie Magic", "maestro"),
        ("the gardener", "bramble"),
        ("Miss Quillon", "quillon"),
        ("the", None),
        ("somebody else", None),
    ],
)
def test_a_persona_is_found_by_what_people_call_it(
    registry: Registry, said: str, found: str | None
) -> None:
    assert registry.find(said) == found


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        Registry.load(tmp_path / "nowhere")
