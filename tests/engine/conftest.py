"""Fixtures of the engine's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.playing import Stage


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    """A database of either kind with an engine and fakes around it."""
    made = Stage(database_url)
    yield made
    made.close()
