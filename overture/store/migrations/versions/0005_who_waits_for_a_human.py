"""Since when a person waits for a human they asked for; nothing is written first meanwhile."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Who waits already goes on waiting.
_KEEP = """
UPDATE conversation SET human_asked_at = (
    SELECT since FROM attention WHERE attention.conversation_id = conversation.id
) WHERE id IN (SELECT conversation_id FROM attention WHERE because = 'asked_for_human')
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("conversation", sa.Column("human_asked_at", sa.BigInteger()))
    op.execute(_KEEP)


def downgrade() -> None:
    """Take back."""
    op.drop_column("conversation", "human_asked_at")
