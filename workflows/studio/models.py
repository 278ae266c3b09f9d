"""Who agreed to which content of a draft. Everything else of a draft is the engine's."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from engine.db.types import UtcDateTime
from workflows.metadata import metadata

draft_agreements = Table(
    "draft_agreements",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("draft_id", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("role", String(40), nullable=False),
    Column("person_id", String(60), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_draft_agreements_draft_id", "draft_id"),
)
"""Never changed, never deleted. An agreement counts for the revision it was given to, and for no other."""
