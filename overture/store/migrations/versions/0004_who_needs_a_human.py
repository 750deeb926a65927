"""Conversations that need a human: somebody asked for one, or an answer failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "attention",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_attention_since", "attention", ["since", "conversation_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("attention")
