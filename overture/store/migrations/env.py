"""What Alembic runs: migrations on the connection it is handed."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from overture.store.instants import Instant
from overture.store.schema import metadata


def _render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_render,
    render_as_batch=True,
)
context.run_migrations()
