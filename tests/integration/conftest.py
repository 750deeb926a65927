"""Whole deployments for tests: started once for a module, each on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.integration.house import House
from tests.integration.platform import Platform


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """Start a stand-in for the Graph API."""
    platform = Platform()
    yield platform
    platform.close()


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, platform: Platform
) -> Iterator[House]:
    """Start a deployment on each kind of database."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    with fresh_database(request, folder) as url:
        house = House(folder, url, platform.url).start()
        yield house
        house.stop()


@contextmanager
def fresh_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Make an empty database of the kind a fixture was asked for; drop it in the end."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/overture.db"
        return
    postgres: sa.engine.Engine = request.getfixturevalue("postgres")
    database = f"overture_{folder.name}_{uuid4().hex[:8]}"
    with postgres.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {database}"))
    yield postgres.url.set(database=database).render_as_string(hide_password=False)
    with postgres.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {database} WITH (FORCE)"))
