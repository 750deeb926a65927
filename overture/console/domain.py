"""What Rasa's domain names, to choose from."""

from __future__ import annotations

from pathlib import Path


def intents(path: Path) -> list[str]:
    """Return the intents of a domain file; none if it cannot be read: any name can be typed."""
    from ruamel.yaml import YAML  # slow to import
    from ruamel.yaml.error import YAMLError

    try:
        domain = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        return []
    listed = domain.get("intents") if isinstance(domain, dict) else None
    names = (next(iter(one), "") if isinstance(one, dict) else one for one in listed or ())
    return sorted(str(name) for name in names if name)
