"""Table of incidents: why an instance could not go on."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, text

from engine.db.base import metadata
from engine.db.types import TaggedJson, UtcDateTime

incidents = Table(
    "incidents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), nullable=False),
    Column("element_id", Text, nullable=True),
    Column("cause", Text, nullable=False),
    Column("names", TaggedJson, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("resolved_at", UtcDateTime, nullable=True),
    Column("resolved_by", String(64), nullable=True),
    Index("ix_incidents_instance", "instance_id"),
)

_OPEN = text("resolved_at IS NULL")

Index("ix_incidents_open", incidents.c.opened_at, incidents.c.id, sqlite_where=_OPEN, postgresql_where=_OPEN)
