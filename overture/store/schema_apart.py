"""The tables apart from conversations: accounts, switches, codes, alerts, what outlives erasure."""

from __future__ import annotations

import sqlalchemy as sa

from overture.store.instants import Instant
from overture.store.metadata import ID, metadata

#: What is known about an account: paused by a platform error, personas made for it.
account = sa.Table(
    "account",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("paused_until", Instant),
    sa.Column("paused_because", sa.Text),
    # What its connector told at start, written anew each time.
    sa.Column("detail", sa.JSON, nullable=False, default=dict, server_default="{}"),
    # What the platform told: its latest notices, the personas made for it.
    sa.Column("kept", sa.JSON, nullable=False, default=dict, server_default="{}"),
)

#: Switches that hold for the whole deployment, such as the kill switch.
switch = sa.Table(
    "switch",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

#: Codes that open a private persona for those who have them.
share = sa.Table(
    "share",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("persona_id", sa.Text, nullable=False, index=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
)

#: What binds whoever writes under an id again after all else about them was erased: one row for
#: each id they were known by, under a digest of it.
tombstone = sa.Table(
    "tombstone",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("opted_out", sa.Boolean, nullable=False),
    sa.Column("minor", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
    # A tombstone without a reason to be kept would be data about somebody erased.
    sa.CheckConstraint("opted_out OR minor", name="ck_tombstone_keeps_something"),
)

#: What people asked a platform to have deleted here; nothing that tells who they are.
deletion = sa.Table(
    "deletion",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    # How many contacts were erased; 0 if nothing was held.
    sa.Column("erased", sa.Integer, nullable=False, default=0),
)

#: What somebody is to be told of outside of the console; a row goes when they were told.
alert = sa.Table(
    "alert",
    metadata,
    sa.Column("id", ID, primary_key=True, autoincrement=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("because", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("contact_id", sa.Text),
    sa.Column("conversation_id", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    # Not to be tried before; none while it has not been tried.
    sa.Column("due_at", Instant),
    # A number is not given again: by it whoever is told knows a repetition.
    sqlite_autoincrement=True,
)
