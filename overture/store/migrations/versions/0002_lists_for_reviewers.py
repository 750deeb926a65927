"""The orders in which reviewers page through conversations, and what was withheld."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Name, table, columns, and the condition of a partial index.
_INDEXES: tuple[tuple[str, str, list[str], str | None], ...] = (
    ("ix_conversation_last_message_at", "conversation", ["last_message_at", "id"], None),
    (
        "ix_conversation_persona_id",
        "conversation",
        ["persona_id", "last_message_at", "id"],
        None,
    ),
    (
        "ix_contact_opted_out_at",
        "contact",
        ["opted_out_at"],
        "opted_out_at IS NOT NULL",
    ),
    (
        "ix_contact_crisis_hold_since",
        "contact",
        ["crisis_hold_since"],
        "crisis_hold_since IS NOT NULL",
    ),
    (
        "ix_conversation_paused_until",
        "conversation",
        ["paused_until"],
        "paused_until IS NOT NULL",
    ),
    (
        "ix_conversation_takeover_since",
        "conversation",
        ["takeover_since"],
        "takeover_since IS NOT NULL",
    ),
    (
        "ix_conversation_unanswered",
        "conversation",
        ["last_follow_up_at"],
        "last_follow_up_cycle = cycle",
    ),
    ("ix_decision_withheld", "decision", ["at", "id"], "outcome = 'withheld'"),
)


def upgrade() -> None:
    """Apply."""
    for name, table, columns, condition in _INDEXES:
        where = None if condition is None else sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take back."""
    for name, table, _, _ in _INDEXES:
        op.drop_index(name, table)
