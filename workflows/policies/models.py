"""What a policy's README says, by version. The files themselves are the engine's."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from engine.db.types import UtcDateTime
from workflows.metadata import metadata

policy_texts = Table(
    "policy_texts",
    metadata,
    Column("version_hash", String(64), primary_key=True),
    Column("key", String(100), nullable=False),
    Column("description", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(60), nullable=False),
)

version_endorsements = Table(
    "version_endorsements",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(100), nullable=False),
    Column("version_hash", String(64), nullable=False, index=True),
    Column("person_id", String(60), nullable=False),
    Column("role", String(40), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Who endorsed which version, through which case. Never changed, never deleted."""
