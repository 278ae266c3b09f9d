"""Tables of committees. Memberships are never updated: an early end is a row of its own. "
"Seats stay for good."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from engine.db.types import UtcDateTime
from workflows.metadata import metadata

committees = Table(
    "committees",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)

committee_members = Table(
    "committee_members",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("committee_id", ForeignKey("committees.id"), nullable=False, index=True),
    Column("person_id", ForeignKey("persons.id"), nullable=False, index=True),
    Column("function", String(100), nullable=False),
    Column("is_chair", Boolean, nullable=False),
    Column("alternate_for", ForeignKey("persons.id")),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("valid_until", UtcDateTime),
    Column("basis", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(60), nullable=False),
    CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="order"),
)

member_endings = Table(
    "member_endings",
    metadata,
    Column("member_id", ForeignKey("committee_members.id"), primary_key=True),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("basis", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(60), nullable=False),
)

seats = Table(
    "seats",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("committee_id", ForeignKey("committees.id"), nullable=False),
    Column("case_id", String(60), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("person_id", ForeignKey("persons.id"), nullable=False, index=True),
    Column("function", String(100), nullable=False),
    Column("is_chair", Boolean, nullable=False),
    Column("alternate_for", ForeignKey("persons.id")),
    Column("seated_at", UtcDateTime, nullable=False),
)
"""The roster of one vote each: who may vote is read from here."""
