"""Find messages by conversation through an index that leaves out those not counted yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NAME, _TABLE, _COLUMNS = "ix_inbound_conversation_id", "inbound", ["conversation_id", "id"]


def upgrade() -> None:
    """Apply."""
    where = sa.text("conversation_id IS NOT NULL")
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, _COLUMNS, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take back."""
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, _COLUMNS)
