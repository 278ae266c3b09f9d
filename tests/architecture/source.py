"""The files that git tracks, for the tests that read the source as text."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {".venv", "var", "dist", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
PACKAGES = ("engine", "forms", "workflows", "webui")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the checkout that git knows of, or would take, as a path below the root."""
    if not (ROOT / ".git").exists():
        # An unpacked source archive holds nothing else, but what was made in it since.
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return tuple(sorted(name for name in found if not MADE.intersection(name.parts)))
    listed = subprocess.run(
        # A checkout that belongs to another user is read all the same.
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = (Path(name) for name in listed.stdout.split("\0") if name)
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def modules() -> tuple[Path, ...]:
    """The Python modules that are shipped; an Alembic script of a migration is a record, not a module."""
    return tuple(
        name
        for name in tracked()
        if name.suffix == ".py" and name.parts[0] in PACKAGES and "versions" not in name.parts
    )


def text(name: Path) -> str:
    """What the file holds; an empty text where it is not UTF-8 (a picture, say)."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
