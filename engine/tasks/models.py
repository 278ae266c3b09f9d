"""Table of user tasks: a projection of the state, for inboxes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from engine.db.base import metadata
from engine.db.types import UtcDateTime

NEVER_DUE = datetime(9999, 12, 31, tzinfo=UTC)
"""Due key of tasks without a due time: the databases sort NULL oppositely, so there is none."""

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), nullable=False),
    Column("key", String(80), nullable=False),
    Column("version_hash", String(64), nullable=False),
    Column("subject", String(64), nullable=True),
    Column("element_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(40), nullable=True),
    Column("desk", String(80), nullable=False),
    Column("seat", String(64), nullable=True),
    Column("form", Text, nullable=True),
    Column("state", String(12), nullable=False),
    Column("round", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=True),
    Column("due_key", UtcDateTime, nullable=False),
    Column("remind_key", UtcDateTime, nullable=False, server_default="9999-12-31 00:00:00.000000"),
    Column("reminded_at", UtcDateTime, nullable=True),
    Column("overdue_noted_at", UtcDateTime, nullable=True),
    Column("assignee", String(64), nullable=True),
    Column("revision", Integer, nullable=False),
    Column("closed_at", UtcDateTime, nullable=True),
    Column("closed_by", String(64), nullable=True),
    Index("ix_tasks_instance", "instance_id", "opened_at"),
)

_OPEN = text("state = 'open'")
_UNREMINDED = text("state = 'open' AND reminded_at IS NULL")
_UNNOTED = text("state = 'open' AND overdue_noted_at IS NULL")

Index(
    "ix_tasks_open_desk",
    tasks.c.desk,
    tasks.c.due_key,
    tasks.c.id,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index(
    "ix_tasks_open_assignee",
    tasks.c.assignee,
    tasks.c.due_key,
    tasks.c.id,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index(
    "ix_tasks_remind", tasks.c.remind_key, tasks.c.id, sqlite_where=_UNREMINDED, postgresql_where=_UNREMINDED
)
Index("ix_tasks_overdue", tasks.c.due_key, tasks.c.id, sqlite_where=_UNNOTED, postgresql_where=_UNNOTED)
