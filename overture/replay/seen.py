"""Which messages a replay has counted: in a temporary file, since their number has no end."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from overture.store.records import Inbound


class Inbox:
    """Know which messages have been counted; implements part of `store.ports.Inbox`."""

    def __init__(self) -> None:
        # An empty name: a database in a temporary file, which goes when it is closed.
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode=OFF")
        self._seen.execute("PRAGMA synchronous=OFF")
        self._seen.execute(
            "CREATE TABLE seen (conversation, message, PRIMARY KEY (conversation, message))"
            " WITHOUT ROWID"
        )

    def add(self, messages: Sequence[Inbound], owner: str, lease_until: datetime) -> None:
        """Keep nothing: a replay counts a message as soon as it arrives."""

    def one(self, channel: str, account_id: str, user_id: str, message_id: str) -> Inbound | None:
        """Return nothing, as nothing is kept."""
        return None

    def finish(self, inbound_id: int, now: datetime) -> bool:
        """Take note that a turn is over, which in a replay it is at once."""
        return True

    def observed(self, message: Inbound, now: datetime) -> bool:
        """Mark a message as counted; False if it already was."""
        row = (message.conversation_id, message.message_id)
        return self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", row).rowcount == 1
