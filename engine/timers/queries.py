"""Reading timers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, literal_column, select, tuple_

from engine.timers.models import timers
from engine.types import Timer

_WAITS = timers.c.state == literal_column("'waiting'")
"""Written out: prepared with a value sent apart, a statement cannot use the index of waiting timers."""

_DUE = (
    select(timers).where(_WAITS, timers.c.due_at <= bindparam("now")).order_by(timers.c.due_at, timers.c.id)
)
_NEXT = select(timers.c.due_at).where(_WAITS).order_by(timers.c.due_at, timers.c.id).limit(1)


def due(
    connection: Connection, now: datetime, *, limit: int = 100, after: tuple[datetime, str] | None = None
) -> list[Timer]:
    """Timers due at this time, the longest due first; `after` is due time and id of the last one seen."""
    statement = _DUE.limit(limit)
    if after is not None:
        statement = statement.where(tuple_(timers.c.due_at, timers.c.id) > tuple_(*after))
    return _list(connection, statement, {"now": now})


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
    found: datetime | None = connection.execute(_NEXT).scalar_one_or_none()
    return found


def _list(connection: Connection, statement: Any, values: Mapping[str, Any] | None = None) -> list[Timer]:
    return [_view(row) for row in connection.execute(statement, values)]


def _view(row: Row[Any]) -> Timer:
    return Timer(id=row.id, instance_id=row.instance_id, element_id=row.element_id, due_at=row.due_at)
