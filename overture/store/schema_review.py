"""The tables of what reviewers note: about a conversation, and about what was heard in it."""

from __future__ import annotations

import sqlalchemy as sa

from overture.store.instants import Instant
from overture.store.metadata import metadata, partial

#: Whether a conversation was reviewed or is saved for later, and a note about it.
review = sa.Table(
    "review",
    metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text),
    sa.Column("at", Instant),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.CheckConstraint("state IN ('reviewed', 'later')", name="state"),
    sa.CheckConstraint("(state IS NULL) = (at IS NULL)", name="state_has_its_time"),
)
for _state in ("reviewed", "later"):
    # A literal, not a parameter: SQLite takes a partial index only for what it can read.
    partial(
        f"ix_review_{_state}",
        review.c.at,
        review.c.conversation_id,
        where=review.c.state == sa.literal_column(f"'{_state}'", sa.Text),
    )

#: Words under which reviewers find conversations again.
tag = sa.Table(
    "tag",
    metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("tag", sa.Text, primary_key=True),
    sa.Column("at", Instant, nullable=False),
)
sa.Index("ix_tag_tag", tag.c.tag, tag.c.at, tag.c.conversation_id)

#: What a message means where it was heard as something else; the words stay with the message.
correction = sa.Table(
    "correction",
    metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("intent", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
