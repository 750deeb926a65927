"""The raw limit of dispatching: plain driver, one statement claims 100, one checks and counts."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

import psycopg2

from bench.databases import file_of
from bench.seeding import NOW

BATCH = 100
_NOW = int(NOW.timestamp() * 1_000_000)
_WINDOW = 14 * 86_400 * 1_000_000
_CLAIM = """
UPDATE plan SET claimable_at = {mark}, attempts = attempts + 1
WHERE conversation_id IN (
    SELECT conversation_id FROM plan WHERE claimable_at <= {mark}
    ORDER BY claimable_at LIMIT {mark} {skip}
) RETURNING conversation_id
"""
# The same check as one WHERE: window, messages, one follow-up a cycle, opt-out, app's window.
_COUNT = """
UPDATE conversation SET last_follow_up_at = {mark}, last_follow_up_cycle = cycle,
    follow_ups_in_window = follow_ups_in_window + 1
FROM contact
WHERE conversation.id {among} AND contact.id = conversation.contact_id
    AND messages_in_window >= 5 AND window_opened_at > {mark}
    AND (last_follow_up_cycle IS NULL OR last_follow_up_cycle < cycle)
    AND contact.opted_out_at IS NULL AND contact.crisis_hold_since IS NULL
    AND contact.last_action_at > {mark}
"""


def claims_per_second(url: str) -> float:
    """Claim everything that is due in batches, a commit each; return the rate."""
    claim = _postgres(url) if url.startswith("postgresql") else _sqlite(file_of(url))
    done, begun = 0, time.perf_counter()
    while found := claim():
        done += found
    return done / (time.perf_counter() - begun)


def _sqlite(path: str) -> Callable[[], int]:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-32768"):
        connection.execute(f"PRAGMA {pragma}")
    claim = _CLAIM.format(mark="?", skip="")

    def work() -> int:
        connection.execute("BEGIN IMMEDIATE")
        ids = ids_of(connection.execute(claim, (_NOW + 60_000_000, _NOW, BATCH)))
        among = f"IN ({','.join('?' * len(ids))})"
        checked = (_NOW, *ids, _NOW - _WINDOW, _NOW - 84_600_000_000)
        connection.execute(_COUNT.format(mark="?", among=among), checked)
        connection.execute("COMMIT")
        return len(ids)

    return work


def _postgres(url: str) -> Callable[[], int]:
    connection = psycopg2.connect(url)
    cursor = connection.cursor()
    claim = _CLAIM.format(mark="%s", skip="FOR UPDATE SKIP LOCKED")
    count = _COUNT.format(mark="%s", among="= ANY(%s)")

    def work() -> int:
        cursor.execute(claim, (_NOW + 60_000_000, _NOW, BATCH))
        ids = ids_of(cursor)
        cursor.execute(count, (_NOW, ids, _NOW - _WINDOW, _NOW - 84_600_000_000))
        connection.commit()
        return len(ids)

    return work


def ids_of(rows: Any) -> list[str]:
    """Return the ids that a claim gave back."""
    return [row[0] for row in rows.fetchall()]
