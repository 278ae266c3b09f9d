"""Appetite and tolerance by category, and the organisation's own table of levels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflows.migrations.append_only import protect

revision = "workflows_0009_appetite"
down_revision = "workflows_0008_charter"
branch_labels = None
depends_on = None


def _set(*columns: sa.Column[object]) -> list[sa.Column[object]]:
    return [
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        *columns,
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "appetites",
        *_set(
            sa.Column("category", sa.String(length=100), nullable=False),
            sa.Column("appetite", sa.String(length=20), nullable=False),
            sa.Column("tolerance", sa.String(length=20), nullable=False),
        ),
        sa.CheckConstraint("valid_from >= at", name=op.f("ck_appetites_ahead")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_appetites")),
    )
    op.create_table(
        "matrices",
        *_set(sa.Column("cells", sa.Text(), nullable=False)),
        sa.CheckConstraint("valid_from >= at", name=op.f("ck_matrices_ahead")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_matrices")),
    )
    protect(("appetites", "matrices"))
