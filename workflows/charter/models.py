"""Tables of the charter. Rows are never changed and never deleted."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from engine.db.types import TaggedJson, UtcDateTime
from workflows.metadata import metadata

charters = Table(
    "charters",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", TaggedJson, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("proposed_by", String(60), nullable=False),
    Index("ix_charters_case_id", "case_id"),
)
"""Every charter ever proposed, with what the organisation was when it was."""

charter_endorsements = Table(
    "charter_endorsements",
    metadata,
    Column("number", ForeignKey("charters.number"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person_id", ForeignKey("persons.id"), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("review_due", UtcDateTime, nullable=False),
    Column("gaps", TaggedJson, nullable=False),
)
"""That a charter is in force: since when, by whom, until when it is to be reviewed, and what was missing."""
