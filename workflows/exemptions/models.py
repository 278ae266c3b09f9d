"""The table of exemptions. A row is never changed: whether it is in force follows from its times."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from engine.db.types import TaggedJson, UtcDateTime
from workflows.metadata import metadata

exemptions = Table(
    "exemptions",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("case_id", String(60), nullable=False, index=True),
    Column("element_id", String(100), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("days", Integer, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("compensating_controls", Text, nullable=False),
    Column("decided_by", ForeignKey("persons.id"), nullable=False),
    Column("decided_on_behalf_of", ForeignKey("persons.id")),
    Column("decided_tier", String(20), nullable=False),
    Column("basis", Text, nullable=False),
    Column("record", TaggedJson, nullable=False),
    Column("policy_number", Integer, nullable=False),
    Column("policy_hash", String(64), nullable=False),
    # The expiry is always there, and never more than a year off: the database says so too.
    CheckConstraint("days BETWEEN 1 AND 365", name="days"),
    CheckConstraint("expires_at > granted_at", name="order"),
    CheckConstraint("decided_tier IN ('cio', 'committee', 'cro')", name="tier"),
)
