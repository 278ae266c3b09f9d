"""Reading timers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, literal_column, select, tuple_

from engine.timers.models import timers
from engine.types import Timer

_WAITS = timers.c.state == literal_column("'waiting'")
"""Written out: prepared with a value sent apart, a statement cannot use the index of waiting timers."""


def due(
    connection: Connection, now: datetime, *, limit: int = 100, after: tuple[datetime, str] | None = None
) -> list[Timer]:
    """Timers due at this time, the longest due first; `after` is due time and id of the last one seen."""
    statement = select(timers).where(_WAITS, timers.c.due_at <= now)
    if after is not None:
        statement = statement.where(tuple_(timers.c.due_at, timers.c.id) > tuple_(*after))
    return _list(connection, statement.order_by(timers.c.due_at, timers.c.id).limit(limit))


def of_instance(connection: Connection, instance_id: str) -> list[Timer]:
    """Timers of an instance that wait, the soonest first; at one moment, by the element that waits."""
    return _list(
        connection,
        select(timers)
        .where(timers.c.instance_id == instance_id, _WAITS)
        .order_by(timers.c.due_at, timers.c.element_id, timers.c.id),
    )


def next_due(connection: Connection) -> datetime | None:
    """When the next timer is due; None where none waits."""
    found: datetime | None = connection.execute(
        select(timers.c.due_at).where(_WAITS).order_by(timers.c.due_at, timers.c.id).limit(1)
    ).scalar_one_or_none()
    return found


def _list(connection: Connection, statement: Any) -> list[Timer]:
    return [_view(row) for row in connection.execute(statement)]


def _view(row: Row[Any]) -> Timer:
    return Timer(id=row.id, instance_id=row.instance_id, element_id=row.element_id, due_at=row.due_at)
