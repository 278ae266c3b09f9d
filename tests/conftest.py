"""What every test may ask for: the shared data, databases of both kinds, a browser."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support import databases, postgresql
from tests.support.once import Once

pytest_plugins = ["tests.support.browsing"]

# The same examples in every run, so that a failure is of the change at hand, and no time limits.
# To look for new ones: ./run test --hypothesis-profile=explore
hypothesis.settings.register_profile("parley", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
hypothesis.settings.load_profile("parley")

ROOT = Path(__file__).resolve().parents[1]
BOTH = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
]


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: it need not be looked through again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real catalogues and test suites that lie beside the checkout."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("There is no folder ../shared/data beside the checkout.")
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """``once(name, make)``: a folder that is filled by the first worker that asks and shared by all."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "once"
    shared.mkdir(exist_ok=True)
    return Once(shared)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgresql.PostgreSQL]:
    """A running PostgreSQL, one for each worker."""
    with postgresql.running(postgresql.in_memory()) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgresql.PostgreSQL) -> str:
    """The name of a migrated PostgreSQL database, to be copied."""
    databases.migrate(postgres_server.create(databases.TEMPLATE))
    return databases.TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(once: Once) -> Path:
    """The folder of a migrated SQLite database, to be copied."""
    return once("sqlite-template", databases.sqlite_template)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    return databases.sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def postgres_url(postgres_server: postgresql.PostgreSQL, postgres_template: str) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database."""
    with databases.postgresql_database(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database: the test runs on SQLite and again on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any tables, on SQLite and again on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with databases.postgresql_database(request.getfixturevalue("postgres_server")) as url:
        yield url
