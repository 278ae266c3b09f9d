"""Databases for benchmarks and the soak, as durable as in operation, removed afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from tests.support import databases, postgresql

KINDS = ("sqlite", "postgresql")
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "256MB"}
"""What the tests' server has switched off for speed."""


@contextmanager
def fresh(kind: str, folder: Path | None = None) -> Iterator[str]:
    """The address of an empty, migrated database.

    Args:
        kind: `sqlite` or `postgresql`.
        folder: where an SQLite file is put; the system's folder for temporary files where None.
    """
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="parley-bench-", dir=folder) as name:
            url = f"sqlite:///{name}/parley.sqlite3"
            databases.migrate(url)
            yield url
        return
    with mock.patch.dict(postgresql.SETTINGS, DURABLE), postgresql.running() as server:
        url = server.create("bench")
        databases.migrate(url)
        yield url
