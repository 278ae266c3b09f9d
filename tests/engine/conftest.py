"""Fixtures of the engine's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BOTH
from tests.engine.playing import Stage
from tests.support import databases


@pytest.fixture
def alone(database_url: str) -> Iterator[Stage]:
    """An engine with fakes around it, on a fresh database of either kind."""
    made = Stage(database_url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def shared_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A SQLite database that tests share, each with a case of its own. Its record holds in the end."""
    url = databases.sqlite_copy(sqlite_template, tmp_path_factory.mktemp("shared"))
    yield url
    assert_record_holds(url)


@pytest.fixture(scope="session")
def shared_postgresql(request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL database that tests share, each with a case of its own. Its record holds in the end."""
    server = request.getfixturevalue("postgres_server")
    with databases.postgresql_database(server, request.getfixturevalue("postgres_template")) as url:
        yield url
        assert_record_holds(url)


def assert_record_holds(url: str) -> None:
    stage = Stage(url)
    assert stage.faults() == []
    stage.close()


@pytest.fixture(params=BOTH)
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """An engine with fakes around it, on a database of either kind that holds other cases too."""
    made = Stage(request.getfixturevalue(f"shared_{request.param}"))
    yield made
    made.close()


@pytest.fixture
def fresh(stage: Stage) -> Stage:
    """A stage on which nothing is kept in memory between two acts."""
    stage.keep = False
    return stage
