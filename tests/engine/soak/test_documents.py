"""What docs/performance.md and docs/operations.md say is what was measured, and what there is."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import MetaData

from benchmarks import _document
from engine.db import schema
from webui.cli import main
from workflows import models

ROOT = Path(__file__).parents[3]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SOURCES = "".join(
    path.read_text(encoding="utf-8")
    for package in ("engine", "webui", "workflows")
    for path in (ROOT / package).rglob("*.py")
)


def test_the_page_quotes_the_figures_that_are_kept() -> None:
    text = _document.PAGE.read_text(encoding="utf-8")
    assert _document.page(text) == text


def test_every_variable_is_one_that_is_read() -> None:
    named = set(re.findall(r"PARLEY_[A-Z_]+", OPERATIONS))
    read = set(re.findall(r'"(PARLEY_[A-Z_]+)"', SOURCES))
    assert named == read


def test_every_command_and_option_is_one_that_there_is() -> None:
    named = re.findall(
        r"parley (serve|worker|db|init|demo|audit|policy|organisation)(?: ([a-z]+))?", OPERATIONS
    )
    assert len(named) > 10
    for name, sub in named:
        command = main.commands[name]
        subcommands = getattr(command, "commands", {})
        assert not subcommands or not sub or sub in subcommands
    serve = {option for parameter in main.commands["serve"].params for option in parameter.opts}
    assert set(re.findall(r"(?<=\s)--(?:behind-proxy|allowed-host|no-worker|host)\b", OPERATIONS)) <= serve


def test_every_table_that_is_asked_is_there() -> None:
    tables: dict[str, set[str]] = {}
    for metadata in (schema.metadata, models.metadata):
        assert isinstance(metadata, MetaData)
        tables |= {table.name: set(table.columns.keys()) for table in metadata.sorted_tables}
    asked = re.findall(r"SELECT (.+?) FROM (\w+)(?: WHERE (\w+))?", OPERATIONS)
    assert len(asked) >= 4
    for columns, table, condition in asked:
        words = set(re.findall(r"[a-z_]+", columns)) - {"count", "min"} | (
            {condition} if condition else set()
        )
        assert words <= tables[table], table
