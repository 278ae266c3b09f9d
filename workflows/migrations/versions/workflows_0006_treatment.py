"""Treatment plans, reviews of acceptances, and incidents linked to decisions: only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0006_treatment"
down_revision = "workflows_0005_committee"
branch_labels = None
depends_on = None

PERMANENT = (
    "acceptance_reviews",
    "acceptance_schedules",
    "security_incidents",
    "treatment_ends",
    "treatment_milestones",
    "treatment_plans",
    "treatment_verifications",
    "treatments",
)


def upgrade() -> None:
    _treatments()
    _reviews()
    protect(PERMANENT)


def _treatments() -> None:
    op.create_table(
        "treatments",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("response", sa.String(length=20), nullable=False),
        sa.Column("decided_plan", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "response IN ('mitigate', 'avoid', 'transfer')", name=op.f("ck_treatments_response")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_treatments_risk_id_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatments")),
    )
    op.create_index(op.f("ix_treatments_case_id"), "treatments", ["case_id"], unique=False)
    op.create_index(op.f("ix_treatments_risk_id"), "treatments", ["risk_id"], unique=False)
    op.create_table(
        "treatment_ends",
        sa.Column("treatment_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("residual", sa.String(length=20), nullable=True),
        sa.Column("next_case_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('verified', 'not enough', 'stopped')", name=op.f("ck_treatment_ends_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatments.id"], name=op.f("fk_treatment_ends_treatment_id_treatments")
        ),
        sa.PrimaryKeyConstraint("treatment_id", name=op.f("pk_treatment_ends")),
    )
    op.create_table(
        "treatment_plans",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("treatment_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drawn_by", sa.String(length=60), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=60), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["drawn_by"], ["persons.id"], name=op.f("fk_treatment_plans_drawn_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["persons.id"], name=op.f("fk_treatment_plans_on_behalf_of_persons")
        ),
        sa.ForeignKeyConstraint(["owner"], ["persons.id"], name=op.f("fk_treatment_plans_owner_persons")),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatments.id"], name=op.f("fk_treatment_plans_treatment_id_treatments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_plans")),
        sa.UniqueConstraint("treatment_id", "number", name="uq_treatment_plans_number"),
    )
    op.create_table(
        "treatment_milestones",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["persons.id"], name=op.f("fk_treatment_milestones_owner_persons")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["treatment_plans.id"], name=op.f("fk_treatment_milestones_plan_id_treatment_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_milestones")),
    )
    op.create_index(op.f("ix_treatment_milestones_owner"), "treatment_milestones", ["owner"], unique=False)
    op.create_index(
        op.f("ix_treatment_milestones_plan_id"), "treatment_milestones", ["plan_id"], unique=False
    )
    op.create_table(
        "treatment_verifications",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("milestone_id", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=60), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('verified', 'returned')", name=op.f("ck_treatment_verifications_verdict")
        ),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_treatment_verifications_by_persons")),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["treatment_milestones.id"],
            name=op.f("fk_treatment_verifications_milestone_id_treatment_milestones"),
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["persons.id"], name=op.f("fk_treatment_verifications_on_behalf_of_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_verifications")),
    )
    op.create_index("ix_treatment_verifications_at", "treatment_verifications", ["at"], unique=False)
    op.create_index(
        op.f("ix_treatment_verifications_milestone_id"),
        "treatment_verifications",
        ["milestone_id"],
        unique=False,
    )


def _reviews() -> None:
    op.create_table(
        "acceptance_reviews",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=60), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=60), nullable=True),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("advised_by", sa.String(length=60), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_case_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rests_on", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'confirmed' OR (answered_by IS NOT NULL AND next_on IS NOT NULL)",
            name=op.f("ck_acceptance_reviews_confirmed"),
        ),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'not confirmed', 'lapsed')", name=op.f("ck_acceptance_reviews_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["advised_by"], ["persons.id"], name=op.f("fk_acceptance_reviews_advised_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["persons.id"], name=op.f("fk_acceptance_reviews_answered_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["persons.id"], name=op.f("fk_acceptance_reviews_on_behalf_of_persons")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_acceptance_reviews_risk_id_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_reviews")),
    )
    op.create_index(op.f("ix_acceptance_reviews_case_id"), "acceptance_reviews", ["case_id"], unique=False)
    op.create_index(op.f("ix_acceptance_reviews_risk_id"), "acceptance_reviews", ["risk_id"], unique=False)
    op.create_table(
        "acceptance_schedules",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["risk_id"], ["risks.id"], name=op.f("fk_acceptance_schedules_risk_id_risks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_schedules")),
    )
    op.create_index(
        op.f("ix_acceptance_schedules_case_id"), "acceptance_schedules", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_acceptance_schedules_risk_id"), "acceptance_schedules", ["risk_id"], unique=False
    )
    op.create_table(
        "security_incidents",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("foreseen", sa.String(length=20), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "foreseen IN ('both', 'cio', 'ciso', 'neither')", name=op.f("ck_security_incidents_foreseen")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["persons.id"], name=op.f("fk_security_incidents_recorded_by_persons")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_security_incidents_risk_id_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_incidents")),
    )
    op.create_index(op.f("ix_security_incidents_case_id"), "security_incidents", ["case_id"], unique=False)
    op.create_index(op.f("ix_security_incidents_risk_id"), "security_incidents", ["risk_id"], unique=False)
