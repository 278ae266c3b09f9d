"""Table of timers: due rows, found by index; no case is ever polled."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, text

from engine.db.base import metadata
from engine.db.types import UtcDateTime

timers = Table(
    "timers",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), nullable=False),
    Column("element_id", Text, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("settled_at", UtcDateTime, nullable=True),
    Index("ix_timers_instance", "instance_id"),
)

_WAITING = text("state = 'waiting'")

Index("ix_timers_due", timers.c.due_at, timers.c.id, sqlite_where=_WAITING, postgresql_where=_WAITING)
