"""Bring a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

#: Number of the advisory lock that lets one process at a time migrate on PostgreSQL.
_LOCK = 7_246_001


def migrate(engine: Engine) -> None:
    """Apply what is missing; two processes that start together do it once."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config = _config(connection)
        command.upgrade(config, "head")


def state(connection: Connection) -> tuple[str | None, str | None]:
    """Return the schema version the database has, and the newest one."""
    found = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return found, newest


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config
