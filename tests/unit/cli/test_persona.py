"""``overture persona`` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from overture.cli import overture
from tests.unit.personas.factories import character


def run(home: Path | None, *words: str) -> Result:
    where = ["--dir", str(home)] if home else []
    return CliRunner().invoke(overture, ["persona", *where, *words], standalone_mode=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "personas"
    folder.mkdir()
    (tmp_path / "aster.json").write_text(json.dumps(character()), encoding="utf-8")
    return folder


def test_list_names_every_persona() -> None:
    shown = run(None, "list")
    assert shown.output.count("\n") >= 5
    assert "maestro" in shown.output
    lines = run(None, "list", "--json").output.splitlines()
    assert {json.loads(line)["id"] for line in lines} >= {"maestro", "bramble"}


def test_show_tells_what_a_persona_is() -> None:
    held = json.loads(run(None, "show", "maestro", "--json").output)
    assert held["works"] >= 300
    assert "The Maestro of Movie Magic" in run(None, "show", "maestro").output


def test_lint_is_silent_about_our_own_and_ends_well() -> None:
    assert run(None, "lint").return_value == 0


def test_lint_reads_a_file_and_fails_on_an_error(home: Path) -> None:
    path = home / "bad.yaml"
    path.write_text("name: A\nlines:\n  goodbye: [Please don't go.]\n", encoding="utf-8")
    found = run(home, "lint", str(path))
    assert found.return_value == 1
    assert "presses" in found.output


def test_lint_reads_a_character_card(home: Path) -> None:
    assert run(home, "lint", str(home.parent / "aster.json")).return_value == 0


def test_lint_names_file_and_line_of_a_broken_card(home: Path) -> None:
    (home / "bad.yaml").write_text("name: A\nlinez: 1\n", encoding="utf-8")
    found = run(home, "lint")
    assert found.return_value == 1
    assert "bad.yaml:2: linez" in found.output


@pytest.mark.parametrize("spec", ["v1", "v2", "v3"])
def test_import_and_export_go_round(home: Path, spec: str) -> None:
    made = run(home, "import", str(home.parent / "aster.json"))
    assert made.output.startswith("aster\t")
    card = json.loads(run(home, "export", "aster", "--spec", spec).output)
    assert card.get("spec", "chara_card_v1") == f"chara_card_{spec}"


def test_export_takes_the_form_from_the_name_of_the_file(home: Path) -> None:
    run(home, "import", str(home.parent / "aster.json"))
    out = home.parent / "out.png"
    assert run(home, "export", "aster", "-o", str(out)).exception is None
    assert out.read_bytes().startswith(b"\x89PNG")
    assert run(home, "import", str(out)).output.startswith("aster-2\t")


def test_share_prints_links_and_writes_pictures(home: Path) -> None:
    out = home.parent / "share"
    account = "messenger:moviemagic"
    shown = run(None, "share", "maestro", "--account", account, "--out", str(out))
    assert "https://m.me/moviemagic?ref=maestro" in shown.output
    assert {path.suffix for path in out.iterdir()} == {".png", ".svg"}
