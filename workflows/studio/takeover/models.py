"""What came with a draft and is no part of a policy, and its files as they were before offers were taken."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from engine.db.types import UtcDateTime
from workflows.metadata import metadata

draft_material = Table(
    "draft_material",
    metadata,
    Column("draft_id", String(32), primary_key=True),
    Column("path", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("brought_by", String(60), nullable=False),
    Column("brought_at", UtcDateTime, nullable=False),
)
"""Files of other tools that forms are made of; they stay with the draft as they came."""

draft_earlier = Table(
    "draft_earlier",
    metadata,
    Column("draft_id", String(32), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("path", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=True),
    Column("taken_by", String(60), nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
)
"""A draft's files as they were before the taking that made `revision`; NULL where there was no such file."""
