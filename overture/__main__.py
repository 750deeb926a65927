"""``python -m overture``: the same as the ``overture`` command."""

from __future__ import annotations

from overture.cli import main

main()
