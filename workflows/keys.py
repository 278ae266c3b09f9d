"""Ids: human keys such as `R-0001`, counted without gaps that matter, and opaque ones."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Connection, insert, update

from workflows.metadata import counters


def next_key(connection: Connection, prefix: str) -> str:
    """The next key of a kind: `R-0001`, `R-0002`, … Concurrent callers wait for each other or collide and
    retry."""
    taken = connection.execute(
        update(counters)
        .where(counters.c.name == prefix)
        .values(value=counters.c.value + 1)
        .returning(counters.c.value)
    ).scalar_one_or_none()
    if taken is None:
        connection.execute(insert(counters).values(name=prefix, value=1))
        taken = 1
    return f"{prefix}-{taken:04d}"


def new_id() -> str:
    """An opaque id, 32 hexadecimal digits."""
    return uuid4().hex
