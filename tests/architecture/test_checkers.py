"""What the tools say of the whole source: each runs once, and its complaints are the test's message."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = {
    "ruff check": [sys.executable, "-m", "ruff", "check", "--quiet", "--output-format=concise", "."],
    "ruff format": [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--check",
        "--quiet",
        "--output-format=concise",
        ".",
    ],
    "mypy": [sys.executable, "-m", "mypy", "--no-error-summary"],
    "import-linter": [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"],
}


@pytest.mark.slow
@pytest.mark.parametrize("tool", TOOLS)
def test_the_source_is_clean(tool: str, root: Path) -> None:
    said = subprocess.run(TOOLS[tool], cwd=root, capture_output=True, text=True, check=False)
    assert said.returncode == 0, f"{tool}:\n{said.stdout}{said.stderr}"
