"""What the packages import is what the project asks for, no more and no less."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.source import PACKAGES, modules, text

# Parts of Flask that Flask's own documentation tells to import from where they are.
OF_FLASK = {"jinja2", "markupsafe", "werkzeug"}

# Used without being imported: a database driver by its name in an address, time zones by the library.
NEVER_IMPORTED = {"psycopg", "tzdata"}


def _imported() -> set[str]:
    """The top-level names that the shipped modules import from elsewhere."""
    found: set[str] = set()
    for name in modules():
        for node in ast.walk(ast.parse(text(name))):
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.split(".")[0])
    return found - set(PACKAGES) - sys.stdlib_module_names


def _asked_for() -> set[str]:
    """The normalised names of the distributions that pyproject.toml names for those who install Parley."""
    project = tomllib.loads(text(Path("pyproject.toml")))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["postgresql"]]
    return {_normal(re.split(r"[^A-Za-z0-9._-]", requirement)[0]) for requirement in named}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_asked_for_and_what_is_asked_for_is_imported() -> None:
    brought_by = packages_distributions()
    needed = {_normal(brought_by.get(name, [name])[0]) for name in _imported() - OF_FLASK}
    assert needed - _asked_for() == set(), "imported without being asked for in pyproject.toml"
    assert _asked_for() - needed - NEVER_IMPORTED == set(), "asked for in pyproject.toml and never imported"
