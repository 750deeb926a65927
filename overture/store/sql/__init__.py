"""The ledger on SQLAlchemy Core: one code path for SQLite and PostgreSQL."""

from __future__ import annotations

from overture.store.sql.ledger import SqlLedger

__all__ = ["SqlLedger"]
