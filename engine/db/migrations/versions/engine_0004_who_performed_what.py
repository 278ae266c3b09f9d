"""Indexes that answer in a case of any age whether a person performed one of its tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "engine_0004"
down_revision = "engine_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_submissions_performed", "submissions", ["instance_id", "element_id", "person_id"])
    stood_in = sa.text("on_behalf_of IS NOT NULL")
    op.create_index(
        "ix_submissions_on_behalf",
        "submissions",
        ["instance_id", "element_id", "on_behalf_of"],
        sqlite_where=stood_in,
        postgresql_where=stood_in,
    )
