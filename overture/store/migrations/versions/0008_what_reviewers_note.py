"""What reviewers note: a state, tags and a note of conversations, corrected intents of messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "review",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text),
        sa.Column("at", sa.BigInteger()),
        sa.Column("note", sa.Text, nullable=False),
        sa.CheckConstraint("state IN ('reviewed', 'later')", name="ck_review_state"),
        sa.CheckConstraint("(state IS NULL) = (at IS NULL)", name="ck_review_state_has_its_time"),
    )
    for state in ("reviewed", "later"):
        where = sa.text(f"state = '{state}'")
        columns = ["at", "conversation_id"]
        op.create_index(
            f"ix_review_{state}", "review", columns, sqlite_where=where, postgresql_where=where
        )
    op.create_table(
        "tag",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("tag", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_tag_tag", "tag", ["tag", "at", "conversation_id"])
    op.create_table(
        "correction",
        sa.Column("conversation_id", sa.Text, primary_key=True),
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("intent", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("correction", "tag", "review"):
        op.drop_table(table)
