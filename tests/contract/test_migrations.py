"""What a migration makes of a database that was in use, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from overture.store import migrations
from overture.store.database import Database
from overture.store.schema import metadata

_SCRIPTS = str(Path(migrations.__file__).parent)


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """Return a database without tables."""
    database = Database(database_url)
    yield database
    database.close()


def upgrade(database: Database, revision: str) -> None:
    """Bring a database to one revision."""
    with database.engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", _SCRIPTS)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def run(database: Database, *statements: str) -> list[tuple[object, ...]]:
    """Run statements; return the rows of the last one."""
    with database.engine.begin() as connection:
        found = [connection.exec_driver_sql(one) for one in statements][-1]
        return [tuple(row) for row in found] if found.returns_rows else []


def test_every_migration_together_makes_the_tables_of_the_schema(empty: Database) -> None:
    """The schema is what the code reads and writes; a column that is only there fails late."""
    upgrade(empty, "head")
    made = sa.inspect(empty.engine)
    for table in metadata.sorted_tables:
        columns = {column["name"] for column in made.get_columns(table.name)}
        assert columns == {column.name for column in table.columns}, table.name
        indexes = {index["name"] for index in made.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexes, table.name


def test_the_migrations_stand_in_one_line() -> None:
    """Two heads would leave a database where neither half of the code knows it."""
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_who_had_asked_for_a_human_goes_on_waiting_for_one(empty: Database) -> None:
    """A failed answer is no wish for a human: it holds back nothing."""
    upgrade(empty, "0004")
    for user, because in (("anna", "asked_for_human"), ("ben", "given_up"), ("cleo", None)):
        contact, talk = f"rest:demo:{user}", f"rest:demo:{user}:maestro"
        run(empty, _CONTACT.format(contact, user), _CONVERSATION.format(talk, contact))
        if because:
            run(empty, f"INSERT INTO attention VALUES ('{talk}', '{because}', 42)")
    upgrade(empty, "0005")
    found = run(empty, "SELECT human_asked_at FROM conversation ORDER BY id")
    assert found == [(42,), (None,), (None,)]


_CONTACT = (
    "INSERT INTO contact (id, channel, account_id, user_id, declared_minor, shared, created_at)"
    " VALUES ('{}', 'rest', 'demo', '{}', false, '[]', 0)"
)
_CONVERSATION = (
    "INSERT INTO conversation (id, contact_id, persona_id, cycle, messages_in_window,"
    " window_message_ids, follow_ups_in_window, created_at)"
    " VALUES ('{}', '{}', 'maestro', 1, 1, '[]', 0, 0)"
)
