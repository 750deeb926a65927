"""Answers typed in the console: each form counts once, and a sender finds them at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: Name, column, condition, and whether a value may stand only once.
_INDEXES = (
    ("ix_outbound_form_key", "form_key", "form_key IS NOT NULL", True),
    ("ix_outbound_typed", "id", "state = 'queued' AND lease_owner = ''", False),
)


def upgrade() -> None:
    """Apply."""
    op.add_column("outbound", sa.Column("form_key", sa.Text()))
    for name, column, condition, unique in _INDEXES:
        where = sa.text(condition)
        op.create_index(
            name, "outbound", [column], unique=unique, sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    """Take back."""
    for name, *_ in _INDEXES:
        op.drop_index(name, "outbound")
    op.drop_column("outbound", "form_key")
