"""Tables of what cases wait for, and of what was sent."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, text

from engine.db.base import metadata
from engine.db.types import TaggedJson, UtcDateTime

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), nullable=False),
    Column("element_id", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", String(200), nullable=False),
    Column("correlation", String(200), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("settled_at", UtcDateTime, nullable=True),
    Index("ix_subscriptions_instance", "instance_id"),
)
"""A message or signal that a case waits for."""

_WAITING = text("state = 'waiting'")

Index(
    "ix_subscriptions_waiting",
    subscriptions.c.kind,
    subscriptions.c.name,
    subscriptions.c.correlation,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(200), nullable=False),
    Column("correlation", String(200), nullable=False),
    Column("payload", TaggedJson, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("sent_by", String(64), nullable=False),
    Column("sent_from", String(32), nullable=True),
    Column("state", String(12), nullable=False),
    Column("settled_at", UtcDateTime, nullable=True),
    Column("delivered_to", String(32), nullable=True),
    Column("token", String(64), nullable=True, unique=True),
)
"""What was sent: `pending`, `delivered`, or kept as `unmatched` (no case waits) or `ambiguous` (several)."""

_PENDING = text("state = 'pending'")

Index(
    "ix_messages_pending",
    messages.c.sent_at,
    messages.c.id,
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)
