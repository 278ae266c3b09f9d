"""Messages and signals, the outbox, reminders and overdue notes of tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db.types import TaggedJson, UtcDateTime

revision = "engine_0002"
down_revision = "engine_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("correlation", sa.String(length=200), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instances.id"], name=op.f("fk_subscriptions_instance_id_instances")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_instance", "subscriptions", ["instance_id"])
    _partial(
        "ix_subscriptions_waiting", "subscriptions", ["kind", "name", "correlation"], "state = 'waiting'"
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("correlation", sa.String(length=200), nullable=False),
        sa.Column("payload", TaggedJson(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("sent_by", sa.String(length=64), nullable=False),
        sa.Column("sent_from", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("delivered_to", sa.String(length=32), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("token", name=op.f("uq_messages_token")),
    )
    _partial("ix_messages_pending", "messages", ["sent_at", "id"], "state = 'pending'")
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("payload", TaggedJson(), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    _partial("ix_outbox_open", "outbox", ["at", "id"], "delivered_at IS NULL")
    never = "9999-12-31 00:00:00.000000"
    op.add_column("tasks", sa.Column("remind_key", UtcDateTime(), nullable=False, server_default=never))
    op.add_column("tasks", sa.Column("reminded_at", UtcDateTime(), nullable=True))
    op.add_column("tasks", sa.Column("overdue_noted_at", UtcDateTime(), nullable=True))
    _partial("ix_tasks_remind", "tasks", ["remind_key", "id"], "state = 'open' AND reminded_at IS NULL")
    _partial("ix_tasks_overdue", "tasks", ["due_key", "id"], "state = 'open' AND overdue_noted_at IS NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
