"""Challenges of decisions in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0013_challenges"
down_revision = "workflows_0012_plays"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenges",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("challenged_case", sa.String(length=60), nullable=False),
        sa.Column("status_before", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("new_evidence", sa.Text(), nullable=False),
        sa.Column("containment", sa.Text(), nullable=False),
        sa.Column("goes_to", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=60), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("goes_to IN ('cio', 'cro', 'sponsor')", name=op.f("ck_challenges_tier")),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_challenges_by_persons")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["persons.id"], name=op.f("fk_challenges_on_behalf_of_persons")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_challenges_risk_id_risks")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_challenges")),
    )
    op.create_index(op.f("ix_challenges_risk_id"), "challenges", ["risk_id"], unique=False)
    protect(("challenges",))
