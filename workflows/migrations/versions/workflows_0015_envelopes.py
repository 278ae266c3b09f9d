"""Signatures under the envelopes of class decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0015_envelopes"
down_revision = "workflows_0014_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "envelope_signatures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("risk_id", sa.String(length=20), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("asset_id", sa.String(length=60), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_envelope_signatures_asset_id_assets")
        ),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_envelope_signatures_by_persons")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_envelope_signatures_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risks.id"], name=op.f("fk_envelope_signatures_risk_id_risks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_signatures")),
    )
    op.create_index(
        "uq_envelope_signatures_decision_id", "envelope_signatures", ["decision_id", "asset_id"], unique=True
    )
    op.create_index(op.f("ix_envelope_signatures_risk_id"), "envelope_signatures", ["risk_id"], unique=False)
    protect(("envelope_signatures",))
