"""Tables of emergencies and of what became of each. Rows are only ever added."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from engine.db.types import UtcDateTime
from workflows.metadata import metadata

emergencies = Table(
    "emergencies",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("case_id", String(60), nullable=False, unique=True),
    Column("declared_at", UtcDateTime, nullable=False, index=True),
    Column("declared_by", ForeignKey("persons.id"), nullable=False),
    Column("what", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("containment", Text, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("days", Integer, nullable=False),
    Column("roll_back", Text, nullable=False),
    Column("why_above", Text, nullable=False),
    CheckConstraint("days BETWEEN 1 AND 14", name="days"),
)
"""`why_above` says why it goes to the chief risk officer first; empty where the CIO may go ahead."""

emergency_steps = Table(
    "emergency_steps",
    metadata,
    Column("emergency_id", ForeignKey("emergencies.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(60), nullable=False),
    Column("reason", Text, nullable=False),
    Column("exemption_id", ForeignKey("exemptions.id")),
    CheckConstraint(
        "kind IN ('begun', 'approved', 'denied', 'stopped', 'resumed', 'refused', 'ended')", name="kind"
    ),
)
"""What became of an emergency, in order; `exemption_id` names the exemption that began."""

EMERGENCY_TABLES = (emergencies, emergency_steps)
