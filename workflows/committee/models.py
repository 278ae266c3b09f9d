"""Tables of committees. Memberships are never updated: an early end is a row of its own. Seats, dockets,
rulings and minutes stay for good."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from engine.db.types import TaggedJson, UtcDateTime
from workflows.metadata import metadata

committees = Table(
    "committees",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("owner", ForeignKey("persons.id")),
    Column("recorded_at", UtcDateTime, nullable=False),
)
"""`owner`: who keeps the committee going, its meetings and its members; never a leader or a leader's."""

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
    Column("purpose", String(20), nullable=False, server_default="vote"),
    Column("docket_id", String(32), index=True),
    Column("sitting", Integer, nullable=False, server_default="1"),
    CheckConstraint("purpose IN ('notice', 'chair', 'vote')", name="purpose"),
)
"""Places in a committee's work on one case: who was given notice, who was asked as the chair, and the roster
of each vote. Who may declare, open and vote is read from here."""

committee_meetings = Table(
    "committee_meetings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("committee_id", ForeignKey("committees.id"), nullable=False),
    Column("begins_at", UtcDateTime, nullable=False),
    Column("place", String(200), nullable=False),
    Column("is_extraordinary", Boolean, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("recorded_by", String(60), nullable=False),
    Index("ix_committee_meetings_begins", "committee_id", "begins_at"),
)

docket_entries = Table(
    "docket_entries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("committee_id", ForeignKey("committees.id")),
    Column("meeting_id", ForeignKey("committee_meetings.id"), index=True),
    Column("case_id", String(32), nullable=False, index=True),
    Column("risk_id", String(80), nullable=False),
    Column("matter", String(40), nullable=False),
    Column("question", Text, nullable=False),
    Column("referral", TaggedJson, nullable=False),
    Column("brief", TaggedJson, nullable=False),
    Column("parties", TaggedJson, nullable=False),
    Column("meets_at", UtcDateTime, nullable=False),
    Column("postponed_from", String(32)),
    Column("put_at", UtcDateTime, nullable=False),
)
"""Matters before a committee. `brief`: ids of the submissions it rests on, which never change; `parties`: who
acted in the dispute, and so does not judge it. Without a committee there is no meeting: it goes up."""

committee_rulings = Table(
    "committee_rulings",
    metadata,
    Column("docket_id", ForeignKey("docket_entries.id"), primary_key=True),
    Column("case_id", String(32), nullable=False, index=True),
    Column("ruling", String(20), nullable=False),
    Column("tier", String(20)),
    Column("terms", TaggedJson, nullable=False),
    Column("reason", Text, nullable=False),
    Column("deciding", String(32)),
    Column("rests_on", TaggedJson, nullable=False),
    Column("tally", TaggedJson),
    Column("ruled_at", UtcDateTime, nullable=False),
    CheckConstraint("ruling IN ('uphold', 'overturn', 'amend', 'rate', 'none')", name="ruling"),
    CheckConstraint("(ruling = 'none') = (deciding IS NULL)", name="act"),
)
"""What was ruled on each matter. `deciding` and `rests_on` name submissions; `terms` are response, days,
conditions, compensating controls, likelihood and impact."""

committee_minutes = Table(
    "committee_minutes",
    metadata,
    Column("docket_id", ForeignKey("docket_entries.id"), primary_key=True),
    Column("content", TaggedJson, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
)

minutes_confirmations = Table(
    "minutes_confirmations",
    metadata,
    Column("docket_id", ForeignKey("committee_minutes.docket_id"), primary_key=True),
    Column("by", ForeignKey("persons.id"), nullable=False),
    Column("procedure_kept", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""The chair's word on minutes: whether the procedure was kept. The minutes stay as they were drawn up."""
