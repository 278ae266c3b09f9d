"""The committee's meetings, dockets, rulings and minutes; what a seat is for; who owns a committee."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0005_committee"
down_revision = "workflows_0004_sessions"
branch_labels = None
depends_on = None

PERMANENT = (
    "committee_meetings",
    "committee_minutes",
    "committee_rulings",
    "docket_entries",
    "minutes_confirmations",
)


def upgrade() -> None:
    # Written out: SQLite adds a column with its constraint only within the column, and keeps the triggers.
    op.execute(
        "ALTER TABLE committees ADD COLUMN owner VARCHAR(60) "
        "CONSTRAINT fk_committees_owner_persons REFERENCES persons (id)"
    )
    op.execute(
        "ALTER TABLE seats ADD COLUMN purpose VARCHAR(20) DEFAULT 'vote' NOT NULL "
        "CONSTRAINT ck_seats_purpose CHECK (purpose IN ('notice', 'chair', 'vote'))"
    )
    op.add_column("seats", sa.Column("docket_id", sa.String(length=32), nullable=True))
    op.add_column("seats", sa.Column("sitting", sa.Integer(), nullable=False, server_default="1"))
    op.create_index(op.f("ix_seats_docket_id"), "seats", ["docket_id"])
    _meetings()
    _docket()
    _rulings()
    protect(PERMANENT)


def _meetings() -> None:
    op.create_table(
        "committee_meetings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("committee_id", sa.String(length=60), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("is_extraordinary", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_committee_meetings_committee_id_committees")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_meetings")),
    )
    op.create_index("ix_committee_meetings_begins", "committee_meetings", ["committee_id", "begins_at"])


def _docket() -> None:
    op.create_table(
        "docket_entries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("committee_id", sa.String(length=60), nullable=True),
        sa.Column("meeting_id", sa.String(length=32), nullable=True),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("risk_id", sa.String(length=80), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("referral", sa.Text(), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("parties", sa.Text(), nullable=False),
        sa.Column("meets_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("postponed_from", sa.String(length=32), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committees.id"], name=op.f("fk_docket_entries_committee_id_committees")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["committee_meetings.id"],
            name=op.f("fk_docket_entries_meeting_id_committee_meetings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_docket_entries")),
    )
    op.create_index(op.f("ix_docket_entries_meeting_id"), "docket_entries", ["meeting_id"])
    op.create_index(op.f("ix_docket_entries_case_id"), "docket_entries", ["case_id"])


def _rulings() -> None:
    op.create_table(
        "committee_rulings",
        sa.Column("docket_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ruling", sa.String(length=20), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("deciding", sa.String(length=32), nullable=True),
        sa.Column("rests_on", sa.Text(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ruling IN ('uphold', 'overturn', 'amend', 'rate', 'none')",
            name=op.f("ck_committee_rulings_ruling"),
        ),
        sa.CheckConstraint("(ruling = 'none') = (deciding IS NULL)", name=op.f("ck_committee_rulings_act")),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket_entries.id"], name=op.f("fk_committee_rulings_docket_id_docket_entries")
        ),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_committee_rulings")),
    )
    op.create_index(op.f("ix_committee_rulings_case_id"), "committee_rulings", ["case_id"])
    op.create_table(
        "committee_minutes",
        sa.Column("docket_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["docket_id"], ["docket_entries.id"], name=op.f("fk_committee_minutes_docket_id_docket_entries")
        ),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_committee_minutes")),
    )
    op.create_table(
        "minutes_confirmations",
        sa.Column("docket_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("procedure_kept", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_minutes_confirmations_by_persons")),
        sa.ForeignKeyConstraint(
            ["docket_id"],
            ["committee_minutes.docket_id"],
            name=op.f("fk_minutes_confirmations_docket_id_committee_minutes"),
        ),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_minutes_confirmations")),
    )
