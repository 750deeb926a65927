"""The word lists of this package, each read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def words(name: str) -> frozenset[str]:
    """Read ``data/<name>.list``: one entry a line."""
    return frozenset(lines(f"{name}.list"))


@cache
def mapping(name: str) -> Mapping[str, str]:
    """Read ``data/<name>.map``: one ``written = meant`` a line, several spellings by comma."""
    pairs: dict[str, str] = {}
    for line in lines(f"{name}.map"):
        left, _, right = line.partition("=")
        for written in left.split(","):
            pairs[written.strip()] = right.strip()
    return pairs


def lines(file: str) -> Iterator[str]:
    """Yield the lines of a data file without comments and blanks."""
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text and not text.startswith("#"):
            yield text


def spelled(text: str) -> frozenset[str]:
    """Return the words of a short list that stands in the code."""
    return frozenset(text.split())
