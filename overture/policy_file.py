"""Reading `policy.yml` from disk: the one door between a YAML file and the policy."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from overture.errors import ConfigurationError, UnreadableFile
from overture.policy.keys import PolicyError
from overture.policy.overrides import Limits

#: A policy is a handful of lines; what is longer is some other file.
_LARGEST = 64 * 1024


def load_limits(path: Path) -> Limits:
    """Read a policy file; an empty one means the defaults.

    Raises:
        ConfigurationError: The file cannot be read, is not YAML, repeats a key, or holds a key
            or value that is not allowed.
    """
    try:
        return Limits.from_mapping(_parse(path), source=str(path))
    except PolicyError as exc:
        raise ConfigurationError(exc.file, exc.key, exc.value, exc.allowed) from exc


def _parse(path: Path) -> object:
    """Return the data of the one YAML document in the file."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        reason = getattr(exc, "strerror", None) or "it is not UTF-8"
        raise UnreadableFile(str(path), "(file)", reason, "a readable YAML file") from exc
    if len(text) > _LARGEST:
        raise ConfigurationError(str(path), "(file)", len(text), "a YAML file of 64 kB at most")
    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError) as exc:
        raise UnreadableFile(str(path), _place(exc), _problem(exc), "valid YAML") from exc


def _place(exc: BaseException) -> str:
    """Return the line a YAML error is on, counted from 1."""
    mark = exc.problem_mark if isinstance(exc, MarkedYAMLError) else None
    return f"line {mark.line + 1}" if mark else "(file)"


def _problem(exc: BaseException) -> str:
    """Return what is wrong, as one short line."""
    problem = exc.problem if isinstance(exc, MarkedYAMLError) else None
    return " ".join(str(problem or exc).split())[:200]
