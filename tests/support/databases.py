"""Migrated databases for tests: each is a copy of a template that was migrated once."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgresql import PostgreSQL

TEMPLATE = "migrated"


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest form, as ``parley db upgrade`` does."""
    from workflows.migrations import upgrade

    upgrade(url)


def sqlite_template(folder: Path) -> None:
    """Put a migrated SQLite database into ``folder``."""
    migrate(f"sqlite:///{folder / TEMPLATE}.sqlite3")


def sqlite_copy(template: Path, folder: Path) -> str:
    """A fresh migrated SQLite database in ``folder``; returns its address."""
    copied = folder / f"{uuid.uuid4().hex[:12]}.sqlite3"
    # The last connection that closed has moved the log into the file, so that one file is all of it.
    shutil.copyfile(template / f"{TEMPLATE}.sqlite3", copied)
    return f"sqlite:///{copied}"


@contextmanager
def postgresql_database(server: PostgreSQL, template: str = "template0") -> Iterator[str]:
    """A fresh PostgreSQL database, dropped afterwards; yields its address."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    url = server.create(name, template)
    try:
        yield url
    finally:
        server.drop(name)
