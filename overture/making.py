"""Frozen records made quickly: their own init sets each field by a call, three times as slow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

R = TypeVar("R")


def made(kind: type[R], values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> R:
    """Make a frozen dataclass of the values of its fields, and check it as it checks itself.

    For what every message makes. A field that is left out has its default, which must be no
    factory; a dataclass with slots cannot be made this way.
    """
    record = object.__new__(kind)
    record.__dict__.update(values)
    check = getattr(record, "__post_init__", None)
    if check is not None:
        check()
    return record
