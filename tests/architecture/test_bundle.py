"""What a page makes the browser load stays small. Sizes are of the files as they travel: gzipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

LARGEST_PAGE = 25_000
LARGEST_DIAGRAM_PAGE = 90_000

# Loaded on top of the rest by the pages that show a diagram.
OF_DIAGRAMS = {"diagram.js"}

# Loaded by the editor of a draft alone, in place of the script above.
OF_EDITOR = {"studio.js"}
LARGEST_EDITOR = 300_000


@pytest.fixture(scope="module")
def gzipped(root: Path) -> dict[str, int]:
    """The bytes of every script of the bundle."""
    manifest = json.loads((root / "webui/static/dist/manifest.json").read_text(encoding="utf-8"))
    return {name: entry["gzipped"] for name, entry in manifest.items() if name.endswith(".js")}


def test_a_page_without_a_diagram_loads_little_script(gzipped: dict[str, int]) -> None:
    assert "app.js" in gzipped
    assert sum(size for name, size in gzipped.items() if name not in OF_DIAGRAMS | OF_EDITOR) < LARGEST_PAGE


def test_a_page_with_a_diagram_stays_in_its_budget(gzipped: dict[str, int]) -> None:
    assert set(gzipped) >= OF_DIAGRAMS
    assert sum(size for name, size in gzipped.items() if name not in OF_EDITOR) < LARGEST_DIAGRAM_PAGE


def test_the_editor_stays_in_its_budget(gzipped: dict[str, int]) -> None:
    assert sum(gzipped[name] for name in OF_EDITOR) < LARGEST_EDITOR
