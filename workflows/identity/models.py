"""Tables of people, posts and credentials. Appointments are never updated: an early end is a "
"row of its own."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, String, Table, Text

from engine.db.types import UtcDateTime
from workflows.metadata import metadata

units = Table(
    "units",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("parent_id", ForeignKey("units.id")),
)

persons = Table(
    "persons",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(320), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
    Column("unit_id", ForeignKey("units.id")),
    Column("reports_to", ForeignKey("persons.id")),
    Column("active", Boolean, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    CheckConstraint("id <> 'system'", name="no_system"),
    CheckConstraint("email = lower(email)", name="email_lower"),
)

credentials = Table(
    "credentials",
    metadata,
    Column("person_id", ForeignKey("persons.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", ForeignKey("persons.id"), nullable=False, index=True),
    Column("began_at", UtcDateTime, nullable=False),
)
"""Who is signed in: a row goes when the session ends."""

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(320), nullable=False),
    Column("source", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index("ix_sign_in_attempts_email_at", "email", "at"),
    Index("ix_sign_in_attempts_source_at", "source", "at"),
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("role", String(40), nullable=False, index=True),
    Column("person_id", ForeignKey("persons.id"), nullable=False, index=True),
    Column("unit_id", ForeignKey("units.id")),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("valid_until", UtcDateTime),
    Column("deputy_for", ForeignKey("persons.id")),
    Column("basis", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(60), nullable=False),
    CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="order"),
    CheckConstraint("deputy_for IS NULL OR deputy_for <> person_id", name="own_deputy"),
)

appointment_endings = Table(
    "appointment_endings",
    metadata,
    Column("appointment_id", ForeignKey("appointments.id"), primary_key=True),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("basis", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(60), nullable=False),
)
