"""Every command, setting, link, file and target that the documentation names is there."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from overture.cli import COMMANDS
from overture.settings import SETTINGS
from tests.docs import pages
from tests.docs.pages import PAGES, ROOT, Example, name_of

#: Variables that belong to the set-up, the tests and the scripts, not to a deployment.
OTHERS = {
    "OVERTURE_PYTHON",
    "OVERTURE_TEST_POSTGRES",
    "OVERTURE_PICTURE",
    "OVERTURE_BENCH_POSTGRES",
    "OVERTURE_BENCH_REDIS",
}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var", "models", ".venv"}
#: Made by running or by people, named in examples.
MADE = (".cache/", "bench/out", "personas/<", "personas/ada")

each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    """Files, and headings in them; addresses elsewhere are not asked."""
    for link in pages.links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} is not there"
        if anchor and target.suffix == ".md":
            assert anchor in pages.anchors(target), f"{link}: no such heading"


def test_every_page_can_be_reached_from_the_readme() -> None:
    """Nothing is written for nobody."""
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        found = (link.partition("#")[0] for link in pages.links(page) if ":" not in link)
        waiting += [(page.parent / path).resolve() for path in found if path]
    assert {name_of(page) for page in PAGES} <= {name_of(page) for page in seen}


@each_page
def test_every_variable_is_a_setting(page: Path) -> None:
    """A name that was changed in the code is changed here too."""
    known = {setting.key for setting in SETTINGS} | OTHERS
    assert set(re.findall(r"\bOVERTURE_[A-Z_]+", page.read_text())) <= known


@each_page
def test_every_target_of_make_is_there(page: Path) -> None:
    """As in `make run`."""
    named = {words[1] for words in pages.commands(page) if words[0] == "make" and len(words) > 1}
    assert {name for name in named if "=" not in name} <= TARGETS


@each_page
def test_every_command_and_option_is_there(page: Path) -> None:
    """As in `overture replay FILE --policy other.yml`."""
    for words in pages.commands(page):
        if words[0] in {"overture", ".venv/bin/overture"} and len(words) > 1:
            check_call(words[1:])


def check_call(words: list[str]) -> None:
    if words[0].startswith("-"):
        return
    assert words[0] in COMMANDS, f"overture {words[0]}"
    command: click.Command = importlib.import_module(f"overture.cli.{words[0]}").command
    if isinstance(command, click.Group) and len(words) > 1:
        assert words[1] in command.commands, f"overture {' '.join(words[:2])}"
        command = command.commands[words[1]]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert given <= known | {"--help"}, f"overture {' '.join(words)}"


@each_page
def test_every_file_in_backticks_is_there(page: Path) -> None:
    """Paths that begin with a folder of the repository."""
    for span in pages.spans(page):
        path = span.rstrip("/")
        if not re.fullmatch(r"[\w.\-/<>]+", path) or path.startswith(MADE):
            continue
        if path.partition("/")[0] in FOLDERS and "<" not in path:
            assert (ROOT / path).exists(), f"{path} is not there"


def test_the_tables_say_what_the_code_says() -> None:
    """Settings, limits, laws, response keys, faults, and .env.example."""
    script = load_script()
    stale = [name_of(page) for page, text in script.pages().items() if page.read_text() != text]
    assert not stale, f"run .venv/bin/python scripts/doc_tables.py for {', '.join(stale)}"


def load_script() -> ModuleType:
    path = ROOT / "scripts" / "doc_tables.py"
    spec = importlib.util.spec_from_file_location("doc_tables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_reason_is_explained() -> None:
    """The words that scripts match on."""
    from overture.console.wording import REASONS

    told = (ROOT / "docs" / "policy.md").read_text()
    assert [reason for reason in REASONS if f"`{reason}`" not in told] == []


def test_every_call_of_the_sandbox_is_listed() -> None:
    """The control interface that other people's tests use."""
    from overture.sandbox.control import _GETS, _POSTS

    told = (ROOT / "docs" / "sandbox.md").read_text()
    assert [path for path in (*_POSTS, *_GETS) if f"/sandbox{path}" not in told] == []


def test_every_line_of_the_log_that_is_named_is_written_somewhere() -> None:
    """What operators are told to watch for."""
    told = (ROOT / "docs" / "operate.md").read_text().partition("### Logs")[2]
    named = re.findall(r"^\| `(\w+\.\w+)` \|", told, re.MULTILINE)
    source = "".join(path.read_text() for path in ROOT.glob("[oc]*/**/*.py"))
    written = set(re.findall(r'"(\w+\.[\w%]+)', source))
    assert named
    assert [one for one in named if {one, f"{one.split('.')[0]}.%s"}.isdisjoint(written)] == []


def test_every_table_of_the_database_is_accounted_for() -> None:
    """What is kept about people is told, table by table."""
    from overture.store.schema import metadata

    told = (ROOT / "docs" / "memory-and-privacy.md").read_text()
    about_nobody = {"account", "switch", "share"}
    assert [name for name in metadata.tables if f"`{name}`" not in told] == [
        name for name in metadata.tables if name in about_nobody
    ]


def test_every_key_of_an_account_is_explained() -> None:
    """credentials.yml, as the code reads it."""
    from overture.accounts import _ACCOUNT_KEYS, _CHANNEL_KEYS

    told = "".join(page.read_text() for page in (ROOT / "docs").glob("connect-*.md"))
    assert [key for key in (*_CHANNEL_KEYS, *_ACCOUNT_KEYS) if key not in told] == []


def test_every_webhook_address_is_one_of_the_connectors() -> None:
    """Nobody types an address from here into Meta's pages in vain."""
    told = "".join(page.read_text() for page in PAGES)
    named = set(
        re.findall(r"/webhooks/(?:messenger|instagram|whatsapp|\{channel\})/([\w-]+)", told)
    )
    source = "".join(path.read_text() for path in (ROOT / "connectors").glob("*.py"))
    assert named
    assert [one for one in named if f'"/{one}"' not in source] == []


@pytest.mark.parametrize(
    "example", list(pages.examples()), ids=lambda one: f"{one.page}: {one.command[:40]}"
)
def test_examples_print_what_they_are_said_to(example: Example) -> None:
    """Commands that stand with their output are run."""
    environment = {name: value for name, value in os.environ.items() if "OVERTURE_" not in name}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", example.command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == example.output


def test_the_persona_of_the_how_to_can_be_used(tmp_path: Path) -> None:
    """The pieces of docs/add-a-persona.md, put together, are a card that only lacks lines."""
    from overture.personas import Registry
    from overture.personas.lint import ERROR, lint

    blocks = pages.blocks(ROOT / "docs" / "add-a-persona.md")
    (tmp_path / "ada").mkdir()
    for language, name in (("yaml", "card.yaml"), ("json", "radios.jsonl")):
        written = [block.text for block in blocks if block.language == language]
        (tmp_path / "ada" / name).write_text("\n".join(written))
    registry = Registry.load(tmp_path)
    errors = [str(one) for one in lint(registry.get("ada")) if one.severity == ERROR]
    assert [one for one in errors if "has no line of its own" not in one] == []
    assert "regency-tr-1" in registry.knowledge("ada").catalogue.works


@pytest.mark.parametrize("channel", ["messenger", "instagram", "whatsapp"])
def test_the_credentials_of_the_how_to_can_be_used(channel: str, tmp_path: Path) -> None:
    """The block of each page on connecting, with its variables set."""
    from overture.accounts import read_credentials

    blocks = pages.blocks(ROOT / "docs" / f"connect-{channel}.md")
    text = next(block.text for block in blocks if block.language == "yaml")
    (tmp_path / "credentials.yml").write_text(text)
    variables = dict.fromkeys(re.findall(r"\$\{(\w+)\}", text), "secret")
    found = read_credentials(tmp_path / "credentials.yml", variables)
    assert list(found) == [channel]
    assert found[channel].accounts


def test_numbers_of_the_changelog_are_true() -> None:
    """How many personas, films and composers there are."""
    from overture.personas import Registry

    registry = Registry.load(ROOT / "personas")
    known = registry.knowledge("maestro").catalogue
    told = (ROOT / "CHANGELOG.md").read_text()
    assert f"{len(known.works)} films" in told
    assert f"{len(known.people)} composers" in " ".join(told.split())
    assert len(registry) == 6  # "six to begin with"


def test_nothing_is_left_to_be_filled_in() -> None:
    """Marks of unfinished pages."""
    for page in PAGES:
        assert not re.search(r"\b(TODO|FIXME|TBD|MEASURE)\b", page.read_text()), name_of(page)
