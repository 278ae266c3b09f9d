"""The life of exemptions: requests, controls with their checks, renewals, breaches, reminders and ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0007_exemptions"
down_revision = "workflows_0006_treatment"
branch_labels = None
depends_on = None

PERMANENT = (
    "exemption_breaches",
    "exemption_checks",
    "exemption_controls",
    "exemption_endings",
    "exemption_reminders",
    "exemption_renewals",
    "exemption_requests",
)
EXEMPTING = "decided_tier IN ('cio', 'committee', 'cro', 'sponsor')"

DECIDING = "tier IN ('cio', 'committee', 'cro', 'sponsor')"


def upgrade() -> None:
    let_the_sponsor_exempt()
    let_the_sponsor_decide()
    op.create_table(
        "exemption_requests",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=60), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("compensating_controls", sa.Text(), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("longest_days", sa.Integer(), nullable=False),
        sa.Column("renewals_at_most", sa.Integer(), nullable=False),
        sa.Column("renews", sa.String(length=20), nullable=True),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["renews"], ["exemptions.id"], name=op.f("fk_exemption_requests_renews_exemptions")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["persons.id"], name=op.f("fk_exemption_requests_requested_by_persons")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_exemption_requests_risk_id_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption_requests")),
    )
    op.create_index(op.f("ix_exemption_requests_case_id"), "exemption_requests", ["case_id"], unique=False)
    op.create_index(op.f("ix_exemption_requests_risk_id"), "exemption_requests", ["risk_id"], unique=False)
    op.create_table(
        "exemption_controls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("exemption_id", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("operator", sa.String(length=60), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("named_by", sa.String(length=60), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemption_id"],
            ["exemption_requests.id"],
            name=op.f("fk_exemption_controls_exemption_id_exemption_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["named_by"], ["persons.id"], name=op.f("fk_exemption_controls_named_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["operator"], ["persons.id"], name=op.f("fk_exemption_controls_operator_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption_controls")),
    )
    op.create_index(
        "uq_exemption_controls_exemption_id",
        "exemption_controls",
        ["exemption_id", "round", "number"],
        unique=True,
    )
    op.create_table(
        "exemption_checks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("exemption_id", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.String(length=60), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "(result = 'missed') = (checked_by IS NULL)", name=op.f("ck_exemption_checks_checker")
        ),
        sa.CheckConstraint(
            "occasion IN ('before approval', 'in force')", name=op.f("ck_exemption_checks_occasion")
        ),
        sa.CheckConstraint(
            "result IN ('passed', 'failed', 'missed', 'not independent')",
            name=op.f("ck_exemption_checks_result"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["persons.id"], name=op.f("fk_exemption_checks_checked_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["exemption_id"],
            ["exemption_requests.id"],
            name=op.f("fk_exemption_checks_exemption_id_exemption_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption_checks")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_exemption_checks_submission_id")),
    )
    op.create_index(
        op.f("ix_exemption_checks_exemption_id"), "exemption_checks", ["exemption_id"], unique=False
    )
    op.create_table(
        "exemption_renewals",
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("exemption_id", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["persons.id"], name=op.f("fk_exemption_renewals_asked_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["exemption_id"], ["exemptions.id"], name=op.f("fk_exemption_renewals_exemption_id_exemptions")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_exemption_renewals")),
    )
    op.create_index(
        op.f("ix_exemption_renewals_exemption_id"), "exemption_renewals", ["exemption_id"], unique=False
    )
    op.create_table(
        "exemption_breaches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("exemption_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.String(length=60), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemption_id"], ["exemptions.id"], name=op.f("fk_exemption_breaches_exemption_id_exemptions")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["persons.id"], name=op.f("fk_exemption_breaches_reported_by_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption_breaches")),
        sa.UniqueConstraint("token", name=op.f("uq_exemption_breaches_token")),
    )
    op.create_index(
        op.f("ix_exemption_breaches_exemption_id"), "exemption_breaches", ["exemption_id"], unique=False
    )
    op.create_table(
        "exemption_reminders",
        sa.Column("exemption_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exemption_id"], ["exemptions.id"], name=op.f("fk_exemption_reminders_exemption_id_exemptions")
        ),
        sa.PrimaryKeyConstraint("exemption_id", "at", name=op.f("pk_exemption_reminders")),
    )
    op.create_table(
        "exemption_endings",
        sa.Column("exemption_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "kind IN ('expired', 'rejected', 'renewed', 'revoked')", name=op.f("ck_exemption_endings_kind")
        ),
        sa.PrimaryKeyConstraint("exemption_id", name=op.f("pk_exemption_endings")),
    )

    protect(PERMANENT)


def let_the_sponsor_exempt() -> None:
    """The executive sponsor is a tier too. SQLite changes no constraint, so there the table is made anew."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_exemptions_tier"), "exemptions", type_="check")
        op.create_check_constraint(op.f("ck_exemptions_tier"), "exemptions", EXEMPTING)
        return
    for name in ("case_id", "expires_at", "risk_id"):
        op.drop_index(f"ix_exemptions_{name}", table_name="exemptions")
    op.rename_table("exemptions", "exemptions_before")
    op.create_table(
        "exemptions",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("element_id", sa.String(length=100), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("compensating_controls", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("decided_on_behalf_of", sa.String(length=60), nullable=True),
        sa.Column("decided_tier", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("policy_number", sa.Integer(), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(EXEMPTING, name=op.f("ck_exemptions_tier")),
        sa.CheckConstraint("days BETWEEN 1 AND 365", name=op.f("ck_exemptions_days")),
        sa.CheckConstraint("expires_at > granted_at", name=op.f("ck_exemptions_order")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["persons.id"], name=op.f("fk_exemptions_decided_by_persons")
        ),
        sa.ForeignKeyConstraint(
            ["decided_on_behalf_of"], ["persons.id"], name=op.f("fk_exemptions_decided_on_behalf_of_persons")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_exemptions_risk_id_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemptions")),
    )
    op.create_index(op.f("ix_exemptions_case_id"), "exemptions", ["case_id"], unique=False)
    op.create_index(op.f("ix_exemptions_expires_at"), "exemptions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_exemptions_risk_id"), "exemptions", ["risk_id"], unique=False)
    op.execute("INSERT INTO exemptions SELECT * FROM exemptions_before")
    op.drop_table("exemptions_before")
    protect(("exemptions",))


def let_the_sponsor_decide() -> None:
    """The same for decisions."""
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_decisions_tier"), "decisions", type_="check")
        op.create_check_constraint(op.f("ck_decisions_tier"), "decisions", DECIDING)
        return
    for name in ("case_id", "risk_id"):
        op.drop_index(f"ix_decisions_{name}", table_name="decisions")
    op.rename_table("decisions", "decisions_before")
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("response", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=60), nullable=True),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_date", sa.Date(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("submission_id", sa.String(length=60), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "response <> 'accept' OR review_date IS NOT NULL", name=op.f("ck_decisions_review")
        ),
        sa.CheckConstraint(DECIDING, name=op.f("ck_decisions_tier")),
        sa.ForeignKeyConstraint(["decided_by"], ["persons.id"], name=op.f("fk_decisions_decided_by_persons")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["persons.id"], name=op.f("fk_decisions_on_behalf_of_persons")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_decisions_risk_id_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_case_id"), "decisions", ["case_id"], unique=False)
    op.create_index(op.f("ix_decisions_risk_id"), "decisions", ["risk_id"], unique=False)
    op.execute("INSERT INTO decisions SELECT * FROM decisions_before")
    op.drop_table("decisions_before")
    protect(("decisions",))
