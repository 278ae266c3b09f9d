"""Plans to move open cases to another version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db.types import TaggedJson, UtcDateTime

revision = "engine_0003"
down_revision = "engine_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "move_plans",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("to_hash", sa.String(length=64), nullable=False),
        sa.Column("restart_timers", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["definitions.key"], name=op.f("fk_move_plans_key_definitions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_plans")),
    )
    op.create_table(
        "move_items",
        sa.Column("plan_id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("changes", TaggedJson(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["move_plans.id"], name=op.f("fk_move_items_plan_id_move_plans")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instances.id"], name=op.f("fk_move_items_instance_id_instances")
        ),
        sa.PrimaryKeyConstraint("plan_id", "instance_id", name=op.f("pk_move_items")),
    )
    op.create_index("ix_move_items_state", "move_items", ["plan_id", "state", "instance_id"])
