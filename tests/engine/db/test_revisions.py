"""Alembic keeps a revision's name in 32 characters: a longer one migrates SQLite, and breaks PostgreSQL."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
VERSIONS = sorted(
    path
    for folder in ("engine/db/migrations", "workflows/migrations")
    for path in (ROOT / folder / "versions").glob("*.py")
)


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_revisions_name_fits(path: Path) -> None:
    (name,) = re.findall(r'^revision = "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(name) <= 32
