"""What outlives the erasure of a person, and when an operator took back that one is a minor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("contact", sa.Column("minor_lifted_at", sa.BigInteger()))
    op.create_table(
        "tombstone",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("opted_out", sa.Boolean, nullable=False),
        sa.Column("minor", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("opted_out OR minor", name="ck_tombstone_keeps_something"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("tombstone")
    op.drop_column("contact", "minor_lifted_at")
