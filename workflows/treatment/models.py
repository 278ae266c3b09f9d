"""Tables of treatment plans, acceptance reviews and the look-back. Rows are only ever added to."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from engine.db.types import TaggedJson, UtcDateTime
from workflows.metadata import metadata

treatments = Table(
    "treatments",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("case_id", String(32), nullable=False, index=True),
    Column("response", String(20), nullable=False),
    Column("decided_plan", Text, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    CheckConstraint("response IN ('mitigate', 'avoid', 'transfer')", name="response"),
)
"""What was decided to be done about a risk, and since when it is being done."""

treatment_plans = Table(
    "treatment_plans",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("treatment_id", ForeignKey("treatments.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("owner", ForeignKey("persons.id"), nullable=False),
    Column("summary", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("drawn_by", ForeignKey("persons.id"), nullable=False),
    Column("on_behalf_of", ForeignKey("persons.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("submission_id", String(32), nullable=False),
    UniqueConstraint("treatment_id", "number", name="uq_treatment_plans_number"),
)
"""A plan as it was set by one recorded act; a change is a row with the next number, and says why."""

milestones = Table(
    "treatment_milestones",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("plan_id", ForeignKey("treatment_plans.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", ForeignKey("persons.id"), nullable=False, index=True),
    Column("due_on", Date, nullable=False),
)

verifications = Table(
    "treatment_verifications",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("milestone_id", ForeignKey("treatment_milestones.id"), nullable=False, index=True),
    Column("verdict", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", ForeignKey("persons.id"), nullable=False),
    Column("on_behalf_of", ForeignKey("persons.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("submission_id", String(32), nullable=False),
    CheckConstraint("verdict IN ('verified', 'returned')", name="verdict"),
    Index("ix_treatment_verifications_at", "at"),
)

treatment_ends = Table(
    "treatment_ends",
    metadata,
    Column("treatment_id", ForeignKey("treatments.id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("residual", String(20)),
    Column("next_case_id", String(32)),
    CheckConstraint("outcome IN ('verified', 'not enough', 'stopped')", name="outcome"),
)

acceptance_schedules = Table(
    "acceptance_schedules",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("case_id", String(32), nullable=False, index=True),
    Column("due_on", Date, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""By when an acceptance is reviewed, and when both leaders are asked; the newest of a case counts."""

acceptance_reviews = Table(
    "acceptance_reviews",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("case_id", String(32), nullable=False, index=True),
    Column("due_on", Date, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("answered_by", ForeignKey("persons.id")),
    Column("on_behalf_of", ForeignKey("persons.id")),
    Column("advice", Text, nullable=False),
    Column("advised_by", ForeignKey("persons.id")),
    Column("next_on", Date),
    Column("next_case_id", String(32)),
    Column("at", UtcDateTime, nullable=False),
    Column("rests_on", TaggedJson, nullable=False),
    CheckConstraint("outcome IN ('confirmed', 'not confirmed', 'lapsed')", name="outcome"),
    # Confirmed by a named person's act and with a new date, or not confirmed at all.
    CheckConstraint(
        "outcome <> 'confirmed' OR (answered_by IS NOT NULL AND next_on IS NOT NULL)", name="confirmed"
    ),
)

security_incidents = Table(
    "security_incidents",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("case_id", String(32), nullable=False, index=True),
    Column("happened_on", Date, nullable=False),
    Column("title", String(300), nullable=False),
    Column("what", Text, nullable=False),
    Column("foreseen", String(20), nullable=False),
    Column("lesson", Text, nullable=False),
    Column("recorded_by", ForeignKey("persons.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("foreseen IN ('both', 'cio', 'ciso', 'neither')", name="foreseen"),
)
"""What happened, linked to the decision that it puts to the test: the case in which it was taken."""
