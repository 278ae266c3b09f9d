"""Emergencies, and what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0011_emergencies"
down_revision = "workflows_0010_register"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "emergencies",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.String(length=60), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("containment", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("roll_back", sa.Text(), nullable=False),
        sa.Column("why_above", sa.Text(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 14", name=op.f("ck_emergencies_days")),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["persons.id"], name=op.f("fk_emergencies_declared_by_persons")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_emergencies_risk_id_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergencies")),
        sa.UniqueConstraint("case_id", name=op.f("uq_emergencies_case_id")),
    )
    op.create_index(op.f("ix_emergencies_declared_at"), "emergencies", ["declared_at"], unique=False)
    op.create_index(op.f("ix_emergencies_risk_id"), "emergencies", ["risk_id"], unique=False)
    op.create_table(
        "emergency_steps",
        sa.Column("emergency_id", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("exemption_id", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "kind IN ('begun', 'approved', 'denied', 'stopped', 'resumed', 'refused', 'ended')",
            name=op.f("ck_emergency_steps_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["emergency_id"], ["emergencies.id"], name=op.f("fk_emergency_steps_emergency_id_emergencies")
        ),
        sa.ForeignKeyConstraint(
            ["exemption_id"], ["exemptions.id"], name=op.f("fk_emergency_steps_exemption_id_exemptions")
        ),
        sa.PrimaryKeyConstraint("emergency_id", "seq", name=op.f("pk_emergency_steps")),
    )

    protect(("emergencies", "emergency_steps"))
