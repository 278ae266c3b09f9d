"""Tables of the register. Assessments, statuses and decisions are only ever added to."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from engine.db.types import TaggedJson, UtcDateTime
from workflows.metadata import metadata

assets = Table(
    "assets",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("owner_unit", ForeignKey("units.id"), nullable=False),
    Column("criticality", String(20), nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("description", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)

kev_entries = Table(
    "kev_entries",
    metadata,
    Column("cve_id", String(30), primary_key=True),
    Column("vendor_project", String(200), nullable=False),
    Column("product", String(300), nullable=False),
    Column("name", String(500), nullable=False),
    Column("date_added", Date, nullable=False, index=True),
    Column("short_description", Text, nullable=False),
    Column("required_action", Text, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("known_ransomware", Boolean, nullable=False),
    Column("notes", Text, nullable=False),
    Column("cwes", TaggedJson, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
)

kev_imports = Table(
    "kev_imports",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(60), nullable=False),
    Column("source", String(300), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("catalogue_version", String(40), nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("same", Integer, nullable=False),
    Column("faults", TaggedJson, nullable=False),
)

risks = Table(
    "risks",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("title", String(300), nullable=False),
    Column("description", Text, nullable=False),
    Column("category", String(100), nullable=False),
    Column("raised_by", ForeignKey("persons.id"), nullable=False, index=True),
    Column("raised_at", UtcDateTime, nullable=False, index=True),
    Column("status", String(20), nullable=False, index=True),
    Column("status_since", UtcDateTime, nullable=False),
    Column("level_rank", Integer, nullable=False),
    # No foreign key: a weakness may be known before, or without, its entry in the catalogue.
    Column("cve_id", String(30), index=True),
    Column("due_date", Date),
    Column("token", String(100), unique=True),
    Column("priority", Integer),
    Column("is_confidential", Boolean, nullable=False, server_default=false()),
    CheckConstraint("level_rank BETWEEN 0 AND 4", name="level_rank"),
)
"""`status` and `level_rank` are projections of the newest status and assessment, kept for lists; what people
may change of the rest is a projection of the newest row of `risk_versions`."""

risk_versions = Table(
    "risk_versions",
    metadata,
    Column("risk_id", ForeignKey("risks.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("details", TaggedJson, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What the register says of a risk, each change a whole new version (`workflows.risks.details`)."""

risk_readers = Table(
    "risk_readers",
    metadata,
    Column("risk_id", ForeignKey("risks.id"), primary_key=True),
    Column("person_id", ForeignKey("persons.id"), primary_key=True, index=True),
)
"""Who was named to read a confidential risk: a projection of the newest version."""

risk_links = Table(
    "risk_links",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("other_id", ForeignKey("risks.id"), index=True),
    Column("case_id", String(60)),
    Column("note", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("(other_id IS NULL) <> (case_id IS NULL)", name="one_end"),
    CheckConstraint("other_id IS NULL OR other_id <> risk_id", name="to_itself"),
)

risk_link_endings = Table(
    "risk_link_endings",
    metadata,
    Column("link_id", ForeignKey("risk_links.id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

risk_statuses = Table(
    "risk_statuses",
    metadata,
    Column("risk_id", ForeignKey("risks.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("source", String(20)),
    Column("target", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(60), nullable=False),
    Column("reason", Text, nullable=False),
    Column("case_id", String(60)),
)

risk_assets = Table(
    "risk_assets",
    metadata,
    Column("risk_id", ForeignKey("risks.id"), primary_key=True),
    Column("asset_id", ForeignKey("assets.id"), primary_key=True, index=True),
)

assessments = Table(
    "assessments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("likelihood", String(20), nullable=False),
    Column("impact", String(20), nullable=False),
    Column("level", String(20), nullable=False),
    Column("rationale", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("case_id", String(60)),
    CheckConstraint("kind IN ('inherent', 'current', 'residual')", name="kind"),
    Index("uq_assessments_risk_id", "risk_id", "seq", unique=True),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("case_id", String(60), nullable=False, index=True),
    Column("response", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", ForeignKey("persons.id"), nullable=False),
    Column("on_behalf_of", ForeignKey("persons.id")),
    Column("tier", String(20), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("review_date", Date),
    Column("plan", Text, nullable=False),
    Column("submission_id", String(60), nullable=False),
    Column("policy_hash", String(64), nullable=False),
    CheckConstraint("response <> 'accept' OR review_date IS NOT NULL", name="review"),
    CheckConstraint("tier IN ('cio', 'committee', 'cro', 'sponsor')", name="tier"),
)
"""One row a decision, its basis named. An acceptance without a review date cannot be stored."""

decision_snapshots = Table(
    "decision_snapshots",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("content", TaggedJson, nullable=False),
)
"""What a decision rests on, as it stood then; `sha256` of its canonical JSON."""

outdated_decisions = Table(
    "outdated_decisions",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Why a decision no longer rests on what it was made on; `sha256` of the snapshot it was compared with."""

challenges = Table(
    "challenges",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("challenged_case", String(60), nullable=False),
    Column("status_before", String(20), nullable=False),
    Column("ground", String(40), nullable=False),
    Column("argument", Text, nullable=False),
    Column("new_evidence", Text, nullable=False),
    Column("containment", Text, nullable=False),
    Column("goes_to", String(20), nullable=False),
    Column("by", ForeignKey("persons.id"), nullable=False),
    Column("on_behalf_of", ForeignKey("persons.id")),
    Column("authority", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("goes_to IN ('cio', 'cro', 'sponsor')", name="tier"),
)
"""Challenges of decisions in force, by the case that decides anew."""

envelope_signatures = Table(
    "envelope_signatures",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("risk_id", ForeignKey("risks.id"), nullable=False, index=True),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False),
    Column("asset_id", ForeignKey("assets.id"), nullable=False),
    Column("conditions", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("by", ForeignKey("persons.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("uq_envelope_signatures_decision_id", "decision_id", "asset_id", unique=True),
)
"""Who accepted the conditions of a class decision for an asset."""

appetites = Table(
    "appetites",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("category", String(100), nullable=False),
    Column("appetite", String(20), nullable=False),
    Column("tolerance", String(20), nullable=False),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("basis", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("valid_from >= at", name="ahead"),
)
"""Set for a category, or with an empty one for all that have none of their own; never for the past."""

matrices = Table(
    "matrices",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("cells", TaggedJson, nullable=False),
    Column("valid_from", UtcDateTime, nullable=False),
    Column("basis", Text, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("valid_from >= at", name="ahead"),
)
"""The organisation's own tables of the level of risk; `cells` has a list for each likelihood, both lowest
first. Empty cells mean: Table I-2 of SP 800-30r1 again."""
