"""The charter and its endorsements; which version of a policy is endorsed, and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0008_charter"
down_revision = "workflows_0007_exemptions"
branch_labels = None
depends_on = None

PERMANENT = ("charter_endorsements", "charters", "version_endorsements")


def upgrade() -> None:
    op.create_table(
        "charters",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_charters")),
    )
    op.create_index("ix_charters_case_id", "charters", ["case_id"])
    op.create_table(
        "charter_endorsements",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("review_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gaps", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["charters.number"], name=op.f("fk_charter_endorsements_number_charters")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_charter_endorsements_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_charter_endorsements")),
    )
    op.create_table(
        "version_endorsements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("version_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_endorsements")),
    )
    op.create_index(op.f("ix_version_endorsements_version_hash"), "version_endorsements", ["version_hash"])
    protect(PERMANENT)
