"""The floor of dispatching: every row a follow-up leaves, by the plain driver, nothing decided.

The claims of one batch and the sending of it are two commits, as they are for Overture: a permit
must be durable before Rasa is asked to speak, and spent and durable before the platform is. What
Overture adds to this is reading the facts, deciding twice, and the event loop.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence

import psycopg2
from sqlalchemy.engine import Connection

from bench.databases import file_of
from bench.rawclaims import ids_of
from bench.seeding import NOW, conversation_of
from overture.policy.decision import decide
from overture.services.deployment import Deployment
from overture.services.standing import facts_of, policy_of
from overture.store.database import GROUP, Database
from overture.store.encoding import to_json
from overture.store.sql import SqlLedger

_NOW = int(NOW.timestamp() * 1_000_000)
_LEASE = _NOW + 60_000_000
_REQUEST = '{"messaging_type":"UPDATE","message":{"text":"How did the movie night go?"}}'
_CLAIM = """
UPDATE plan SET claimable_at = {mark}, lease_owner = 'bench', attempts = attempts + 1
WHERE conversation_id IN (
    SELECT conversation_id FROM plan WHERE claimable_at <= {mark}
    ORDER BY claimable_at LIMIT {mark} {skip}
) RETURNING conversation_id
"""
#: What follows a claim: the permits and a commit, then all that sending leaves and a commit.
#: Every statement is for a whole batch.
_ISSUE = """
INSERT INTO permit (conversation_id, cycle, kind, issued_at)
SELECT id, cycle, 'follow_up', {mark} FROM conversation WHERE id {among}
"""
_SEND = (
    "UPDATE permit SET spent_at = {mark} WHERE conversation_id {among} AND spent_at IS NULL",
    """
    UPDATE conversation SET last_follow_up_at = {mark}, last_follow_up_cycle = cycle,
        follow_ups_in_window = follow_ups_in_window + 1 WHERE id {among}
    """,
    "DELETE FROM plan WHERE planned_at < {mark} AND conversation_id {among}",
)
_RECORD = """
INSERT INTO decision (conversation_id, cycle, at, stage, outcome, reasons, record)
SELECT id, cycle, {mark}, 'send', 'sent', '[]', {record} FROM conversation WHERE id {among}
"""
_SAY = """
INSERT INTO outbound (conversation_id, contact_id, kind, permit_id, text, request, uses, state,
    attempts, created_at, lease_owner, lease_until)
SELECT conversation.id, contact_id, 'follow_up', permit.id, 'How did the movie night go?',
    {request}, '[]', 'sending', 1, {mark}, 'bench', {mark} + 60000000
FROM conversation JOIN permit
    ON permit.conversation_id = conversation.id AND permit.cycle = conversation.cycle
WHERE conversation.id {among}
"""


def rows_per_second(database: Database, url: str) -> float:
    """Write what every due follow-up leaves, in batches, two commits each; return the rate."""
    record = database.read_now(_record)
    write = _postgres(url, record) if url.startswith("postgresql") else _sqlite(url, record)
    done, begun = 0, time.perf_counter()
    while found := write():
        done += found
    return done / (time.perf_counter() - begun)


def _record(connection: Connection) -> str:
    """Return what the gate keeps about the first person, as it keeps it."""
    standing = SqlLedger(connection).people.standing(conversation_of(0))
    assert standing is not None
    deployment = Deployment()
    facts = facts_of(standing, deployment)
    assert facts is not None
    answer = decide(facts, policy_of(standing, deployment), NOW)
    return to_json(answer.to_row())


def _sqlite(url: str, record: str) -> Callable[[], int]:
    connection = sqlite3.connect(file_of(url), isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-32768",
    ):
        connection.execute(f"PRAGMA {pragma}")
    claim = _CLAIM.format(mark="?", skip="")
    among = "IN (SELECT value FROM json_each(?))"

    def run(statement: str, ids: str, *more: str) -> None:
        connection.execute(
            statement.format(mark=_NOW, among=among, record="?", request="?"), (*more, ids)
        )

    def write() -> int:
        connection.execute("BEGIN IMMEDIATE")
        found = ids_of(connection.execute(claim, (_LEASE, _NOW, GROUP)))
        ids = json.dumps(found)
        run(_ISSUE, ids)
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        for statement in _SEND:
            run(statement, ids)
        run(_RECORD, ids, record)
        run(_SAY, ids, _REQUEST)
        connection.execute("COMMIT")
        return len(found)

    return write


def _postgres(url: str, record: str) -> Callable[[], int]:
    connection = psycopg2.connect(url)
    cursor = connection.cursor()
    for setting in ("random_page_cost = 1.1", "jit = off"):
        cursor.execute(f"SET {setting}")
    claim = _CLAIM.format(mark="%s", skip="FOR UPDATE SKIP LOCKED")
    among = "= ANY(%(ids)s)"

    def run(statement: str, ids: Sequence[str]) -> None:
        text = statement.format(mark=_NOW, among=among, record="%(record)s", request="%(request)s")
        cursor.execute(text, {"ids": ids, "record": record, "request": _REQUEST})

    def write() -> int:
        cursor.execute(claim, (_LEASE, _NOW, GROUP))
        ids = ids_of(cursor)
        run(_ISSUE, ids)
        connection.commit()
        for statement in (*_SEND, _RECORD, _SAY):
            run(statement, ids)
        connection.commit()
        return len(ids)

    return write
