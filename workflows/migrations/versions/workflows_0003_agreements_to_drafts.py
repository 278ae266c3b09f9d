"""Agreements to drafts of policies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0003_agreements"
down_revision = "workflows_0002_dialogue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_agreements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_agreements")),
    )
    op.create_index("ix_draft_agreements_draft_id", "draft_agreements", ["draft_id"])
    protect(("draft_agreements",))
