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

# Loaded only where a table or a form is opened.
ONLY_WHEN_OPENED = {"table-editor.js", "form-editor.js"}
LARGEST_OPENED = 420_000


@pytest.fixture(scope="module")
def gzipped(root: Path) -> dict[str, int]:
    """The bytes of every script of the bundle."""
    manifest = json.loads((root / "webui/static/dist/manifest.json").read_text(encoding="utf-8"))
    return {name: entry["gzipped"] for name, entry in manifest.items() if name.endswith(".js")}


def test_a_page_without_a_diagram_loads_little_script(gzipped: dict[str, int]) -> None:
    assert "app.js" in gzipped
    assert (
        sum(size for name, size in gzipped.items() if name not in OF_DIAGRAMS | OF_EDITOR | ONLY_WHEN_OPENED)
        < LARGEST_PAGE
    )


def test_a_page_with_a_diagram_stays_in_its_budget(gzipped: dict[str, int]) -> None:
    assert set(gzipped) >= OF_DIAGRAMS
    assert (
        sum(size for name, size in gzipped.items() if name not in OF_EDITOR | ONLY_WHEN_OPENED)
        < LARGEST_DIAGRAM_PAGE
    )


def test_the_editor_stays_in_its_budget(gzipped: dict[str, int]) -> None:
    assert sum(gzipped[name] for name in OF_EDITOR) < LARGEST_EDITOR


def test_the_editors_of_tables_and_forms_are_loaded_only_when_opened(
    gzipped: dict[str, int], root: Path
) -> None:
    assert all(gzipped[name] < LARGEST_OPENED for name in ONLY_WHEN_OPENED)
    users = {
        path.name
        for path in (root / "webui/templates").rglob("*.html")
        if any(name in path.read_text(encoding="utf-8") for name in ONLY_WHEN_OPENED)
    }
    assert users == {"edit_table.html", "edit_form.html"}
