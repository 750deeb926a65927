"""A deployment on each kind of database."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from overture.store.schema import metadata
from tests.unit.console.house import House


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def standing_house(request, tmp_path_factory):
    """Make the tables once for each kind of database; that takes longer than the tests."""
    if request.param == "sqlite":
        made = House(f"sqlite:///{tmp_path_factory.mktemp('review')}/overture.db")
        yield made
        made.database.close()
        return
    postgres, name = request.getfixturevalue("postgres"), f"overture_test_{uuid4().hex[:12]}"
    with postgres.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    made = House(postgres.url.set(database=name).render_as_string(hide_password=False))
    yield made
    made.database.close()
    with postgres.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def house(standing_house):
    """Return the house with nobody in it."""
    with standing_house.database.engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
    return standing_house
