"""The outbox: what others are to be told of, written with the command and delivered after its commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Connection, Index, Row, String, Table, insert, select, text, update

from engine.db.base import metadata
from engine.db.types import TaggedJson, UtcDateTime
from engine.db.uow import UnitOfWork

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("topic", String(60), nullable=False),
    Column("instance_id", String(32), nullable=True),
    Column("payload", TaggedJson, nullable=False),
    Column("delivered_at", UtcDateTime, nullable=True),
)

_OPEN = text("delivered_at IS NULL")

Index("ix_outbox_open", outbox.c.at, outbox.c.id, sqlite_where=_OPEN, postgresql_where=_OPEN)

_PUT = insert(outbox)


def put(
    uow: UnitOfWork, at: datetime, topic: str, instance_id: str | None, payload: Mapping[str, Any]
) -> None:
    """Leave something to be told, in the caller's transaction."""
    uow.connection.execute(
        _PUT,
        {"id": uuid4().hex, "at": at, "topic": topic, "instance_id": instance_id, "payload": dict(payload)},
    )


def undelivered(connection: Connection, limit: int = 100) -> list[Row[Any]]:
    """What was not told yet, the oldest first."""
    return list(
        connection.execute(
            select(outbox)
            .where(outbox.c.delivered_at.is_(None))
            .order_by(outbox.c.at, outbox.c.id)
            .limit(limit)
        )
    )


def mark_delivered(uow: UnitOfWork, entry_id: str, at: datetime) -> bool:
    """Note that an entry was told. Returns False where somebody else had done so."""
    marked = uow.connection.execute(
        update(outbox).where(outbox.c.id == entry_id, outbox.c.delivered_at.is_(None)).values(delivered_at=at)
    )
    return marked.rowcount == 1
