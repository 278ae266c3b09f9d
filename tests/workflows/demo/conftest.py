"""The demonstration, played once for all tests that only read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import databases
from tests.support.once import Once
from tests.workflows.demo.playing import opened, played
from workflows.bootstrap import Parley
from workflows.types import CaseView, RiskPage


@pytest.fixture(scope="session")
def demonstration_folder(once: Once, sqlite_template: Path) -> Path:
    """A folder with the demonstration on SQLite, and the lines of progress it was made with."""

    def make(folder: Path) -> None:
        database = folder / f"{databases.TEMPLATE}.sqlite3"
        shutil.copyfile(sqlite_template / database.name, database)
        (folder / "progress.txt").write_text("\n".join(played(f"sqlite:///{database}")), encoding="utf-8")

    return once("demonstration", make)


@pytest.fixture(scope="session")
def demonstration(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parley]:
    """The demonstration, opened on a copy: tests with this fixture read it and change nothing."""
    url = databases.sqlite_copy(demonstration_folder, tmp_path_factory.mktemp("demonstration"))
    parley = opened(url)
    yield parley
    parley.close()


@pytest.fixture(scope="session")
def views(demonstration: Parley) -> list[CaseView]:
    """Every case of a risk, as the auditor sees it."""
    auditor = demonstration.identity.person("strand")
    rows = demonstration.cases.cases(auditor, limit=1000)
    return [demonstration.cases.case(auditor, row.instance_id) for row in rows if row.risk_id]


@pytest.fixture(scope="session")
def pages(demonstration: Parley) -> list[RiskPage]:
    """Every risk, as the auditor sees it."""
    auditor = demonstration.identity.person("strand")
    rows = demonstration.risks.register(auditor).rows
    return [demonstration.risks.risk(auditor, risk.id) for risk in rows]
