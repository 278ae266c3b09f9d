"""What came with drafts from other tools, and files as they were before offers were taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "workflows_0016_takeover"
down_revision = "workflows_0015_envelopes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_material",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("brought_by", sa.String(length=60), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "path", name=op.f("pk_draft_material")),
    )
    op.create_table(
        "draft_earlier",
        sa.Column("draft_id", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("taken_by", sa.String(length=60), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "revision", "path", name=op.f("pk_draft_earlier")),
    )
