"""The tables of the ledger. Rules that must never break stand here too."""

from __future__ import annotations

import sqlalchemy as sa

from overture.store.instants import Instant
from overture.store.metadata import ID, metadata, partial
from overture.store.schema_apart import account, alert, deletion, share, switch, tombstone
from overture.store.schema_review import correction, review, tag

__all__ = [
    "ON_ITS_WAY",
    "UNCLAIMED",
    "account",
    "alert",
    "attention",
    "contact",
    "contact_alias",
    "conversation",
    "correction",
    "decision",
    "deletion",
    "fact",
    "inbound",
    "metadata",
    "outbound",
    "partial",
    "permit",
    "plan",
    "review",
    "share",
    "switch",
    "tag",
    "tombstone",
    "tracker_event",
]

#: A person on one account. Opt-out, crisis hold, age and place belong here: they hold for
#: all personas of the account.
contact = sa.Table(
    "contact",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("persona_id", sa.Text),
    sa.Column("timezone", sa.Text),
    sa.Column("birth_year", sa.Integer),
    sa.Column("birth_date", sa.Text),
    sa.Column("declared_minor", sa.Boolean, nullable=False, default=False),
    # When an operator took back that the person was said to be a minor.
    sa.Column("minor_lifted_at", Instant),
    sa.Column("region", sa.Text),
    sa.Column("opted_out_at", Instant),
    sa.Column("opted_out_by", sa.Text),
    sa.Column("crisis_hold_since", Instant),
    sa.Column("memory_off_at", Instant),
    sa.Column("last_action_at", Instant),
    sa.Column("window_closed_at", Instant),
    sa.Column("unreachable_at", Instant),
    sa.Column("unreachable_until", Instant),
    # Private personas that were shared with this person.
    sa.Column("shared", sa.JSON, nullable=False, default=list, server_default="[]"),
    sa.Column("created_at", Instant, nullable=False),
)

#: Other ids of the same person (a WhatsApp number beside the business-scoped id).
contact_alias = sa.Table(
    "contact_alias",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("alias", sa.Text, primary_key=True),
    sa.Column("contact_id", sa.Text, nullable=False, index=True),
)

#: A contact with one persona. Window, cycle, pause and takeover belong here.
conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("contact_id", sa.Text, sa.ForeignKey("contact.id"), nullable=False, index=True),
    sa.Column("persona_id", sa.Text, nullable=False),
    sa.Column("cycle", sa.Integer, nullable=False, default=0),
    sa.Column("window_opened_at", Instant),
    sa.Column("messages_in_window", sa.Integer, nullable=False, default=0),
    sa.Column("window_message_ids", sa.JSON, nullable=False, default=list),
    sa.Column("last_message_at", Instant),
    sa.Column("last_follow_up_at", Instant),
    sa.Column("last_follow_up_cycle", sa.Integer),
    sa.Column("follow_ups_in_window", sa.Integer, nullable=False, default=0),
    sa.Column("paused_until", Instant),
    sa.Column("takeover_since", Instant),
    sa.Column("takeover_until", Instant),
    # When the person asked for a human, until one has the conversation or it is settled.
    sa.Column("human_asked_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
    # Contact ends with an unanswered follow-up: its cycle can never be ahead of the person's.
    sa.CheckConstraint("last_follow_up_cycle <= cycle", name="follow_up_answers_a_message"),
)

#: What a person sent. A row is written before the webhook is answered, and done when its
#: turn is over and its answer stored.
inbound = sa.Table(
    "inbound",
    metadata,
    sa.Column("id", ID, primary_key=True, autoincrement=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False),
    sa.Column("conversation_id", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("payload", sa.Text),
    sa.Column("detail", sa.JSON, nullable=False, default=dict),
    sa.Column("labels", sa.JSON, nullable=False, default=list),
    sa.Column("occurred_at", Instant, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("observed_at", Instant),
    sa.Column("done_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_until", Instant),
    # A message counts once, however often it is delivered.
    sa.UniqueConstraint("channel", "account_id", "user_id", "message_id"),
)
_person = (inbound.c.channel, inbound.c.account_id, inbound.c.user_id)
partial("ix_inbound_pending", *_person, where=inbound.c.done_at.is_(None))
# Only of counted messages: while its webhook waits for the 200, a message has no conversation.
partial(
    "ix_inbound_conversation_id",
    inbound.c.conversation_id,
    inbound.c.id,
    where=inbound.c.conversation_id.is_not(None),
)

#: Conversations that need a human: one row until somebody looks after it.
attention = sa.Table(
    "attention",
    metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    # Why: somebody asked for a human, or an answer was given up.
    sa.Column("because", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
)
sa.Index("ix_attention_since", attention.c.since, attention.c.conversation_id)

#: When to write first. One row for a conversation: a newer plan replaces the older one.
plan = sa.Table(
    "plan",
    metadata,
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversation.id"), primary_key=True),
    sa.Column("cycle", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("planned_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("lease_owner", sa.Text),
    # Both work queue and calendar: claimable from this instant, moved on by a claim's lease.
    sa.Column("claimable_at", Instant, nullable=False, index=True),
)

#: Every answer of the gate, with what it was based on.
decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", ID, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("cycle", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
)
sa.Index("ix_decision_conversation_id", decision.c.conversation_id, decision.c.id)
sa.Index("ix_decision_at", decision.c.at)

#: The right to send one follow-up.
permit = sa.Table(
    "permit",
    metadata,
    sa.Column("id", ID, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversation.id"), nullable=False),
    sa.Column("cycle", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("spent_at", Instant),
    # At most one follow-up for a conversation until the person writes again.
    sa.UniqueConstraint("conversation_id", "cycle"),
)

#: What goes out to the platforms, one row for each platform message, in order of id.
outbound = sa.Table(
    "outbound",
    metadata,
    sa.Column("id", ID, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.Text, nullable=False),
    sa.Column("contact_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("permit_id", sa.BigInteger, sa.ForeignKey("permit.id")),
    sa.Column("inbound_id", sa.BigInteger),
    sa.Column("text", sa.Text),
    sa.Column("request", sa.JSON, nullable=False),
    sa.Column("uses", sa.JSON, nullable=False, default=list),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_attempt_at", Instant),
    sa.Column("platform_message_id", sa.Text, index=True),
    sa.Column("error", sa.JSON),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("delivered_at", Instant),
    sa.Column("read_at", Instant),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_until", Instant),
    # The form of the console that a human typed it in.
    sa.Column("form_key", sa.Text),
    # A permit is spent on one message.
    sa.UniqueConstraint("permit_id"),
    # Nobody is written to first without a permit, and no answer uses one up.
    sa.CheckConstraint("(kind = 'follow_up') = (permit_id IS NOT NULL)", name="follow_up_permit"),
    sa.CheckConstraint("kind IN ('reply', 'follow_up', 'person')", name="kind"),
    sa.CheckConstraint(
        "state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown')",
        name="state",
    ),
)
#: The rows on their way. Written out: had queries parameters here, SQLite would not see that the
#: index will do.
ON_ITS_WAY = outbound.c.state.in_(
    [sa.literal_column("'queued'", sa.Text), sa.literal_column("'sending'", sa.Text)]
)
partial("ix_outbound_pending", outbound.c.contact_id, outbound.c.id, where=ON_ITS_WAY)
# A form is sent once, however often its button is pressed.
partial(
    "ix_outbound_form_key",
    outbound.c.form_key,
    where=outbound.c.form_key.is_not(None),
    unique=True,
)
#: Typed in the console, and taken up by no sender yet. Written out, as above.
UNCLAIMED = sa.and_(
    outbound.c.state == sa.literal_column("'queued'", sa.Text),
    outbound.c.lease_owner == sa.literal_column("''", sa.Text),
)
partial("ix_outbound_typed", outbound.c.id, where=UNCLAIMED)
sa.Index("ix_outbound_conversation_id", outbound.c.conversation_id, outbound.c.id)

#: A memory: a fact with its source. Forgotten facts are deleted, replaced ones kept as history.
fact = sa.Table(
    "fact",
    metadata,
    sa.Column("id", ID, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("topic", sa.Text),
    sa.Column("when", sa.Text),
    sa.Column("sensitive", sa.Boolean, nullable=False, default=False),
    sa.Column("confidence", sa.Float, nullable=False, default=1.0),
    sa.Column("source_message_id", sa.Text, nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("said_at", Instant, nullable=False),
    sa.Column("valid_until", Instant),
    sa.Column("superseded_at", Instant),
    sa.Column("superseded_by", sa.BigInteger),
)

#: Rasa's conversation history, one row for each event.
tracker_event = sa.Table(
    "tracker_event",
    metadata,
    sa.Column("id", ID, primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)
sa.Index("ix_tracker_event_sender_id", tracker_event.c.sender_id, tracker_event.c.id)
