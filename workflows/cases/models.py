"""Tables of cases that are the domain's: what their record needs beside the engine's own."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from engine.db.types import TaggedJson, UtcDateTime
from workflows.metadata import metadata

case_cancellations = Table(
    "case_cancellations",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("status_before", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", ForeignKey("persons.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

position_changes = Table(
    "position_changes",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("element_id", String(100), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("submission_id", String(60), nullable=False),
    Column("answers", TaggedJson, nullable=False),
    # Empty where nobody asked for it.
    Column("at_request_of", ForeignKey("persons.id")),
    Column("reason", Text, nullable=False),
    Column("by", ForeignKey("persons.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Later changes of positions that were revealed: the first one stays as it was."""
