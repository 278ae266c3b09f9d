"""Tables of plans to move open cases to another version."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text

from engine.db.base import metadata
from engine.db.types import TaggedJson, UtcDateTime

move_plans = Table(
    "move_plans",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", ForeignKey("definitions.key"), nullable=False),
    Column("to_hash", String(64), nullable=False),
    Column("restart_timers", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String(64), nullable=False),
)

move_items = Table(
    "move_items",
    metadata,
    Column("plan_id", ForeignKey("move_plans.id"), primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("changes", TaggedJson, nullable=False),
    Column("state", String(10), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("done_at", UtcDateTime, nullable=True),
    Index("ix_move_items_state", "plan_id", "state", "instance_id"),
)
"""`kind`: clean, changes or cannot, as planned. `state`: pending, moved or stayed, with the reason."""
