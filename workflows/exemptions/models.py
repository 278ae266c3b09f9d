"""Tables of exemptions. Rows are only ever added: what state one is in follows from them and the time."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

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
    CheckConstraint("decided_tier IN ('cio', 'committee', 'cro', 'sponsor')", name="tier"),
)

exemption_requests = Table(
    "exemption_requests",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("case_id", String(60), nullable=False, index=True),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("requested_by", ForeignKey("persons.id"), nullable=False),
    Column("days", Integer, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("compensating_controls", Text, nullable=False),
    Column("justification", Text, nullable=False),
    Column("tier", String(20), nullable=False),
    Column("longest_days", Integer, nullable=False),
    Column("renewals_at_most", Integer, nullable=False),
    Column("renews", ForeignKey("exemptions.id")),
    Column("policy_hash", String(64), nullable=False),
)
"""What was asked for, under the key that the exemption has if it is granted."""

exemption_controls = Table(
    "exemption_controls",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("exemption_id", ForeignKey("exemption_requests.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("description", Text, nullable=False),
    Column("operator", ForeignKey("persons.id"), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("named_by", ForeignKey("persons.id"), nullable=False),
    Column("named_at", UtcDateTime, nullable=False),
    Index("uq_exemption_controls_exemption_id", "exemption_id", "round", "number", unique=True),
)
"""Compensating controls, each with who operates it. Those of the last round count."""

exemption_checks = Table(
    "exemption_checks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("exemption_id", ForeignKey("exemption_requests.id"), nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("occasion", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("checked_by", ForeignKey("persons.id")),
    Column("result", String(20), nullable=False),
    Column("findings", TaggedJson, nullable=False),
    Column("submission_id", String(60), unique=True),
    CheckConstraint("occasion IN ('before approval', 'in force')", name="occasion"),
    CheckConstraint("result IN ('passed', 'failed', 'missed', 'not independent')", name="result"),
    CheckConstraint("(result = 'missed') = (checked_by IS NULL)", name="checker"),
)

exemption_renewals = Table(
    "exemption_renewals",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("exemption_id", ForeignKey("exemptions.id"), nullable=False, index=True),
    Column("asked_by", ForeignKey("persons.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
)
"""New reviews asked for while an exemption is in force, by their cases."""

exemption_breaches = Table(
    "exemption_breaches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("exemption_id", ForeignKey("exemptions.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("reported_by", ForeignKey("persons.id"), nullable=False),
    Column("what", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),
)

exemption_reminders = Table(
    "exemption_reminders",
    metadata,
    Column("exemption_id", ForeignKey("exemptions.id"), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("told", TaggedJson, nullable=False),
)

exemption_endings = Table(
    "exemption_endings",
    metadata,
    # No foreign key: a request ends too, and what older releases granted had none.
    Column("exemption_id", String(20), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(60), nullable=False),
    CheckConstraint("kind IN ('expired', 'rejected', 'renewed', 'revoked')", name="kind"),
)
"""How an exemption, or the request for one, ended: once and for all."""

EXEMPTION_TABLES = (
    exemption_breaches,
    exemption_checks,
    exemption_controls,
    exemption_endings,
    exemption_reminders,
    exemption_renewals,
    exemption_requests,
)
"""All but the exemptions themselves."""
