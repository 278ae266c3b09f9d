"""Organisations to act in, on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workflows.world import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """An organisation on SQLite and on PostgreSQL."""
    made = World(database_url).organise()
    yield made
    made.parley.close()


@pytest.fixture
def small_world(sqlite_url: str) -> Iterator[World]:
    """An organisation on SQLite alone, for what the database makes no difference to."""
    made = World(sqlite_url).organise()
    yield made
    made.parley.close()
