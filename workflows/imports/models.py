"""Tables of imports. What was read of a file waits in `import_rows` until it is stored or put away;
an import, what it stored and its undoing stay for good."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from engine.db.types import TaggedJson, UtcDateTime
from workflows.metadata import metadata

register_imports = Table(
    "register_imports",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("source", String(300), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("header", TaggedJson, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", ForeignKey("register_imports.id"), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("cells", TaggedJson, nullable=False),
)
"""Rows of the file as they were read, `row` as a spreadsheet counts them."""

import_starts = Table(
    "import_starts",
    metadata,
    Column("import_id", ForeignKey("register_imports.id"), primary_key=True),
    Column("mapping", TaggedJson, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("faults", TaggedJson, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""From here on rows are stored: with which columns, how many, and which were left out."""

imported_risks = Table(
    "imported_risks",
    metadata,
    Column("import_id", ForeignKey("register_imports.id"), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
)

import_undos = Table(
    "import_undos",
    metadata,
    Column("import_id", ForeignKey("register_imports.id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
