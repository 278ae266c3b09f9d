"""Cancelled cases, and later changes of positions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0014_cases"
down_revision = "workflows_0013_challenges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_cancellations",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("status_before", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_case_cancellations_by_persons")),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_case_cancellations_risk_id_risks")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_cancellations")),
    )
    op.create_index(op.f("ix_case_cancellations_risk_id"), "case_cancellations", ["risk_id"], unique=False)
    op.create_table(
        "position_changes",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("element_id", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=60), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("at_request_of", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["at_request_of"], ["persons.id"], name=op.f("fk_position_changes_at_request_of_persons")
        ),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_position_changes_by_persons")),
        sa.PrimaryKeyConstraint("case_id", "element_id", "seq", name=op.f("pk_position_changes")),
    )

    protect(("case_cancellations", "position_changes"))
