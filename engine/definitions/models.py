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

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("based_on", String(64), nullable=True),
    Column("state", String(12), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("hash", String(64), nullable=True),
    Index("ix_drafts_key", "key", "changed_at"),
)
"""Versions in the making. `hash` names the content once it is in review; then nothing of it changes."""

draft_files = Table(
    "draft_files",
    metadata,
    Column("draft_id", ForeignKey("drafts.id"), primary_key=True),
    Column("path", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

draft_authors = Table(
    "draft_authors",
    metadata,
    Column("draft_id", ForeignKey("drafts.id"), primary_key=True),
    Column("person_id", String(64), primary_key=True),
)
"""Everybody who ever changed a draft: none of them can agree to its release alone."""

draft_comments = Table(
    "draft_comments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("draft_id", ForeignKey("drafts.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("path", String(200), nullable=True),
    Column("element_id", Text, nullable=True),
    Column("words", Text, nullable=False),
    Index("ix_draft_comments_draft", "draft_id", "at"),
)
"""What reviewers say, on the whole or on an element. Never changed, never deleted."""
