"""The documentation as data: its pages, links, blocks of code and the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        ROOT / "overture" / "meta" / "README.md",
    ]
)
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_SPAN = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Block:
    """Hold one block of code."""

    language: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Example:
    """Hold a command with what it is said to print."""

    page: str
    command: str
    output: str


def name_of(page: Path) -> str:
    """Return a page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """Return the blocks of code of a page, without their indentation."""
    found = []
    for indent, language, text in _BLOCK.findall(page.read_text()):
        lines = [line.removeprefix(indent) for line in text.splitlines()]
        found.append(Block(language=language, text="\n".join(lines)))
    return found


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    return _BLOCK.sub("", page.read_text())


def links(page: Path) -> list[str]:
    """Return where the links of a page lead to."""
    return _LINK.findall(prose(page))


def spans(page: Path) -> list[str]:
    """Return what stands in single backticks."""
    return _SPAN.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page, made as GitHub makes them."""
    return {_anchor(heading) for heading in _HEADING.findall(prose(page))}


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def examples() -> Iterator[Example]:
    """Yield every command that stands with its output, in blocks marked as console."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == "console":
                yield from _examples(name_of(page), block.text)


def _examples(page: str, text: str) -> Iterator[Example]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield Example(page=page, command=command, output=output.strip())


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of every command of ours: in blocks, and in backticks."""
    lines = [
        line.removeprefix("$ ")
        for block in blocks(page)
        if block.language in {"sh", "console"}
        for line in block.text.splitlines()
    ]
    for line in [*lines, *spans(page)]:
        for part in re.split(r"\s*(?:\||&&|;)\s*", line.split(" #")[0]):
            words = _words(part)
            while words and "=" in words[0]:
                words = words[1:]
            if words:
                yield words


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return []
