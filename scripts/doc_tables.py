"""Write the tables of the documentation, and ``.env.example``, from what the code says.

    .venv/bin/python scripts/doc_tables.py          write them anew
    .venv/bin/python scripts/doc_tables.py --check  exit 1 if one differs

A table stands between ``<!-- table: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from overture.personas.responses import KEYS as RESPONSES
from overture.policy.keys import KEYS as LIMITS
from overture.policy.law import PACKS
from overture.policy.limits import Policy
from overture.sandbox.faults import FAULTS
from overture.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
_PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_HEAD = """\
# Settings of Overture, each with its default. Copy to .env, change what you need, then:
#   set -a; . ./.env; set +a; make run
# Rasa's own settings stay in Rasa's files.
"""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def settings() -> str:
    """Return every variable with its default."""
    rows = ([_code(one.key), _code(one.default) or "empty", one.help] for one in SETTINGS)
    return _table(["variable", "default", "meaning"], rows)


def limits() -> str:
    """Return every key of the policy with its default and bounds."""
    defaults = Policy()
    rows = (
        [
            _code(name),
            _code("null" if getattr(defaults, name) is None else _written(name, defaults)),
            key.allowed,
        ]
        for name, key in LIMITS.items()
    )
    return _table(["key", "default", "allowed"], rows)


def _written(name: str, policy: Policy) -> str:
    written = LIMITS[name].write(getattr(policy, name))
    return str(written).lower() if isinstance(written, bool) else str(written)


def laws() -> str:
    """Return the laws the gate knows."""
    rows = (
        [_code(pack.id), f"{pack.effective_from:%d %B %Y}", pack.certainty, pack.about]
        for pack in PACKS
    )
    return _table(["pack", "from", "certainty", "what is read in it"], rows)


def responses() -> str:
    """Return every response key of a persona."""
    rows = (
        [
            _code(key.name),
            str(key.variants),
            " ".join(_code("{" + name + "}") for name in sorted(key.placeholders)),
            key.purpose,
        ]
        for key in RESPONSES.values()
    )
    return _table(["key", "lines", "placeholders besides `{name}`", "when it is said"], rows)


def faults() -> str:
    """Return what can be made to fail in the sandbox."""
    return _table(["kind", "what happens"], ([_code(name), what] for name, what in FAULTS.items()))


TABLES: Mapping[str, Callable[[], str]] = {
    "settings": settings,
    "limits": limits,
    "laws": laws,
    "responses": responses,
    "faults": faults,
}


def example() -> str:
    """Return ``.env.example``."""
    return _HEAD + "".join(f"\n# {one.help}\n#{one.key}={one.default}\n" for one in SETTINGS)


def filled(text: str) -> str:
    """Return a page with its tables as they should be."""
    return _PLACE.sub(lambda found: found[1] + TABLES[found[2]]() + found[3], text)


def pages() -> dict[Path, str]:
    """Return every file this script writes, with what should be in it."""
    written = {page: filled(page.read_text()) for page in sorted((ROOT / "docs").glob("*.md"))}
    return {ROOT / ".env.example": example(), **written}


def main(arguments: Sequence[str]) -> int:
    """Write, or with ``--check`` compare."""
    stale = [page for page, text in pages().items() if page.read_text() != text]
    for page in stale:
        print(page.relative_to(ROOT))  # noqa: T201 - it is a command
        if "--check" not in arguments:
            page.write_text(pages()[page])
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
