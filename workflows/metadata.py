"""The domain's table metadata: its own, so that the engine's tables stay the engine's."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table

from engine.db.base import NAMING

metadata = MetaData(naming_convention=NAMING)

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)
"""The last number given out for each kind of human key."""
