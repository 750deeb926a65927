"""YAML files read fast, with the line of a wrong value found when it is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from overture.errors import ConfigurationError, UnreadableFile

#: A card or catalogue file larger than this is refused.
LIMIT = 4 * 1024 * 1024

Path_ = tuple[str | int, ...]


class Source:
    """Hold one YAML text and say where in it a value stands."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text

    @classmethod
    def read(cls, path: Path) -> Source:
        """Read a file.

        Raises:
            ConfigurationError: it is missing, too large or not UTF-8.
        """
        try:
            data = path.read_bytes()
            if len(data) > LIMIT:
                raise ConfigurationError(
                    str(path), "file", f"{len(data)} bytes", f"at most {LIMIT}"
                )
            return cls(str(path), data.decode("utf-8"))
        except OSError as error:
            reason = error.strerror or "unreadable"
            raise ConfigurationError(str(path), "file", reason, "a readable file") from error
        except UnicodeDecodeError as error:
            raise ConfigurationError(str(path), "file", "bytes", "text in UTF-8") from error

    def lines(self) -> list[str]:
        """Return the lines of the text."""
        return self._text.splitlines()

    def load(self) -> Any:
        """Return what the text holds.

        Raises:
            ConfigurationError: it is not YAML; names the line.
        """
        try:
            return YAML(typ="safe").load(self._text)
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            problem = error.problem or "not readable"
            raise UnreadableFile(f"{self.name}:{line}", "YAML", problem, "valid YAML") from error
        except (YAMLError, ValueError, RecursionError) as error:
            raise UnreadableFile(self.name, "YAML", str(error), "valid YAML") from error

    def error(self, path: Path_, value: object, allowed: str) -> ConfigurationError:
        """Make the error for a value: file with line, key, value, what is allowed."""
        key = ".".join(str(step) for step in path) or "file"
        place = f"{self.name}:{self.line(path)}" if self._text else self.name
        return ConfigurationError(place, key, _shown(value), allowed)

    def line(self, path: Path_) -> int:
        """Return the line, from 1, of the value at a path or of what would hold it."""
        node = YAML(typ="safe", pure=True).compose(self._text)
        line = 1
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            place, node = found
            line = place.start_mark.line + 1
        return line


def _child(node: Node | None, step: str | int) -> tuple[Node, Node] | None:
    """Return where a step stands (a mapping's key, a list's item) and the node it leads to."""
    if isinstance(node, MappingNode):
        pairs: list[tuple[Node, Node]] = node.value
        return next((pair for pair in pairs if pair[0].value == str(step)), None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        item: Node = node.value[step]
        return item, item
    return None


def _shown(value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= 60 else value[:60] + "…"
    if isinstance(value, (Mapping, Sequence)):
        return f"{type(value).__name__} of {len(value)}"
    return value


class Section:
    """Read one mapping of a file key by key and refuse what does not belong there."""

    def __init__(self, source: Source, value: Any, path: Path_ = ()) -> None:
        self.source = source
        self.path = path
        if not isinstance(value, dict):
            raise source.error(path, value, "a mapping of keys to values")
        self._value: dict[Any, Any] = value

    def __contains__(self, key: str) -> bool:
        return self._value.get(key) is not None

    def names(self) -> tuple[str, ...]:
        """Return the keys as they stand in the file."""
        return tuple(str(key) for key in self._value)

    def get(self, key: str) -> Any:
        """Return the value as it is, None when absent."""
        return self._value.get(key)

    def fail(self, key: str, allowed: str) -> ConfigurationError:
        """Make the error for the value under a key."""
        return self.source.error((*self.path, key), self._value.get(key), allowed)

    def only(self, allowed: Sequence[str]) -> None:
        """Refuse keys that are not known."""
        for key in self._value:
            if key not in allowed:
                path = (*self.path, str(key))
                raise self.source.error(path, key, f"one of {', '.join(allowed)}")

    def text(self, key: str, default: str | None = None, *, limit: int = 2000) -> str:
        """Read a text; without a default it must be there and not be empty."""
        value = self._value.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not (value.strip() or default is not None):
            raise self.fail(key, "a text")
        if len(value) > limit:
            raise self.fail(key, f"a text of at most {limit} characters, this has {len(value)}")
        return value.strip()

    def texts(self, key: str, *, limit: int = 2000) -> tuple[str, ...]:
        """Read a list of texts, or one text; empty when absent."""
        value = self._value.get(key)
        listed = [value] if isinstance(value, str) else value if value is not None else []
        if not isinstance(listed, list):
            raise self.fail(key, "a list of texts")
        for index, item in enumerate(listed):
            if not isinstance(item, str) or not item.strip() or len(item) > limit:
                allowed = f"a text of 1 to {limit} characters"
                raise self.source.error((*self.path, key, index), item, allowed)
        return tuple(item.strip() for item in listed)

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        """Read one of a few words."""
        value = self._value.get(key, default)
        if value not in allowed:
            raise self.fail(key, f"one of {', '.join(allowed)}")
        return str(value)

    def flag(self, key: str, default: bool) -> bool:
        """Read true or false."""
        value = self._value.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "true or false")
        return value

    def section(self, key: str) -> Section:
        """Read a mapping; empty when absent."""
        value = self._value.get(key)
        return Section(self.source, {} if value is None else value, (*self.path, key))

    def sections(self, key: str) -> tuple[Section, ...]:
        """Read a list of mappings; a plain text stands for ``{text: ...}``."""
        value = self._value.get(key)
        listed = [value] if isinstance(value, (str, dict)) else value if value is not None else []
        if not isinstance(listed, list):
            raise self.fail(key, "a list")
        return tuple(
            Section(
                self.source,
                {"text": item} if isinstance(item, str) else item,
                (*self.path, key, index),
            )
            for index, item in enumerate(listed)
        )
