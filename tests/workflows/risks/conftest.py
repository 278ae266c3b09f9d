"""The organisation whose register is kept, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workflows.keeping import Keeping


@pytest.fixture
def keeping(database_url: str) -> Iterator[Keeping]:
    opened = Keeping(database_url)
    yield opened
    opened.parley.close()
