"""Tables of the weekly dialogue. What was agreed stays for good; notes between two people do not."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, Table, Text

from engine.db.types import TaggedJson, UtcDateTime
from workflows.metadata import metadata

dialogues = Table(
    "dialogues",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("unit", ForeignKey("units.id")),
    Column("since", UtcDateTime, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("agenda", TaggedJson, nullable=False),
    Index("ix_dialogues_unit", "unit", "opened_at"),
)
"""One row a week and pair; `unit` is None for the pair of the whole organisation. The agenda covers [since,
opened_at)."""

dialogue_results = Table(
    "dialogue_results",
    metadata,
    Column("case_id", ForeignKey("dialogues.case_id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("result", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("confirmation", String(20), nullable=False),
    Column("silent", TaggedJson, nullable=False),
    CheckConstraint("result IN ('held', 'skipped', 'lapsed')", name="result"),
    CheckConstraint("confirmation IN ('agreed', 'refused', 'missing', 'none')", name="confirmation"),
)
"""How a week ended: held, skipped by somebody's word, or lapsed in silence; `silent`: the roles not heard."""

dialogue_outcomes = Table(
    "dialogue_outcomes",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("case_id", ForeignKey("dialogues.case_id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("agreed_at", UtcDateTime, nullable=False),
)

dialogue_actions = Table(
    "dialogue_actions",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("case_id", ForeignKey("dialogues.case_id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("owner", ForeignKey("persons.id"), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("agreed_at", UtcDateTime, nullable=False),
)

dialogue_action_ends = Table(
    "dialogue_action_ends",
    metadata,
    Column("action_id", ForeignKey("dialogue_actions.id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", ForeignKey("persons.id"), nullable=False),
    Column("how", String(20), nullable=False),
    CheckConstraint("how IN ('done', 'dropped')", name="how"),
)

dialogue_notes = Table(
    "dialogue_notes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("unit", ForeignKey("units.id")),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", ForeignKey("persons.id")),
    Column("due_on", Date),
    Column("put_by", ForeignKey("persons.id"), nullable=False),
    Column("put_at", UtcDateTime, nullable=False),
    CheckConstraint("kind IN ('initiative', 'challenge', 'outcome', 'action')", name="kind"),
    CheckConstraint("kind <> 'action' OR (owner IS NOT NULL AND due_on IS NOT NULL)", name="action"),
)
"""What either leader put down, and outcomes not yet agreed. Rows go when they are withdrawn, talked through
or agreed: candour needs a place that keeps nothing."""
