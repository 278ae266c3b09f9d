"""Tables of definitions and their versions."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from engine.db.base import metadata
from engine.db.types import UtcDateTime

definitions = Table(
    "definitions",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("title", Text, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("hash", String(64), nullable=False),
    Column("key", ForeignKey("definitions.key"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(64), nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("key", "hash"),
    Index("ix_versions_hash", "hash"),
)
"""Never changed but for the state, forwards; never deleted. Triggers of the database see to it."""

version_files = Table(
    "version_files",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("path", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""The bytes of a bundle, under its content's hash. Never changed, never deleted."""
