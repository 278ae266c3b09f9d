"""Dry runs, the scenarios of drafts and versions, and what came of telling them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Integer, LargeBinary, String, Table, Text

from engine.db.types import UtcDateTime
from workflows.metadata import metadata

plays = Table(
    "plays",
    metadata,
    Column("draft_id", String(32), primary_key=True),
    Column("person_id", String(60), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("draft_revision", Integer, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("clock_at", UtcDateTime, nullable=False),
    Column("case_id", String(60)),
    Column("acts", Text, nullable=False),
    Column("stage", LargeBinary, nullable=False),
    ForeignKeyConstraint(["person_id"], ["persons.id"]),
)
"""One dry run of each person for each draft. `stage` is the whole throw-away installation, compressed, so
that any process can go on with it; `acts` are what a scenario is made of."""

draft_scenarios = Table(
    "draft_scenarios",
    metadata,
    Column("draft_id", String(32), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("content", Text, nullable=False),
    Column("kept_by", String(60), nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
)
"""Scenarios that a draft has besides those of the version it was made from, or in place of them. One without
content is taken out of the draft."""

version_scenarios = Table(
    "version_scenarios",
    metadata,
    Column("version_hash", String(64), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("content", Text, nullable=False),
    Column("kept_by", String(60), nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
)
"""Scenarios of released versions. Never changed, never deleted."""

scenario_outcomes = Table(
    "scenario_outcomes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
)
"""What came of telling a scenario, by the digest of it and of all the policies on its stage."""
