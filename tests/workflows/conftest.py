"""Organisations to act in, on either database: made once through the real commands, then copied for each
test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.once import Once
from tests.support.postgresql import PostgreSQL
from tests.workflows.world import World

ORGANISED = "organised"


def _organise(url: str) -> None:
    made = World(url).found().organise()
    made.parley.close()


@pytest.fixture(scope="session")
def organised_sqlite(once: Once, sqlite_template: Path) -> Path:
    """The folder of a SQLite database with an organisation in it, to be copied."""

    def make(folder: Path) -> None:
        database = folder / f"{databases.TEMPLATE}.sqlite3"
        shutil.copyfile(sqlite_template / database.name, database)
        _organise(f"sqlite:///{database}")

    return once("organised-sqlite", make)


@pytest.fixture(scope="session")
def organised_postgresql(postgres_server: PostgreSQL, postgres_template: str) -> str:
    """The name of a PostgreSQL database with an organisation in it, to be copied."""
    _organise(postgres_server.create(ORGANISED, postgres_template))
    return ORGANISED


@pytest.fixture
def small_world(organised_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    """An organisation on SQLite alone, for what the database makes no difference to."""
    opened = World(databases.sqlite_copy(organised_sqlite, tmp_path))
    yield opened
    opened.parley.close()


@pytest.fixture
def postgresql_world(postgres_server: PostgreSQL, organised_postgresql: str) -> Iterator[World]:
    """An organisation on PostgreSQL alone."""
    with databases.postgresql_database(postgres_server, organised_postgresql) as url:
        opened = World(url)
        yield opened
        opened.parley.close()


@pytest.fixture(
    params=[
        pytest.param("small_world", id="sqlite"),
        pytest.param("postgresql_world", id="postgresql", marks=pytest.mark.postgresql),
    ]
)
def world(request: pytest.FixtureRequest) -> World:
    """An organisation on SQLite, and again on PostgreSQL."""
    opened: World = request.getfixturevalue(request.param)
    return opened
