"""Reading user tasks: one, an instance's, an inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, tuple_

from engine.errors import NotFound
from engine.tasks.models import NEVER_DUE, tasks
from engine.types import Task, TaskState

Position = tuple[datetime | None, str]
"""Due time and id of the last task seen, for the next page."""


def get(connection: Connection, task_id: str) -> Task:
    """A task. Raises `NotFound`."""
    row = connection.execute(select(tasks).where(tasks.c.id == task_id)).one_or_none()
    if row is None:
        raise NotFound("task", task_id)
    return view(row)


def of_instance(connection: Connection, instance_id: str) -> list[Task]:
    """All tasks of an instance, in the order in which they opened."""
    rows = connection.execute(
        select(tasks).where(tasks.c.instance_id == instance_id).order_by(tasks.c.opened_at, tasks.c.id)
    )
    return [view(row) for row in rows]


def inbox(
    connection: Connection,
    desks: Sequence[str],
    person_id: str,
    *,
    limit: int = 50,
    after: Position | None = None,
) -> list[Task]:
    """Open tasks on these desks or assigned to this person, by due time; those never due come last."""
    statements = [_open(tasks.c.desk.in_(list(desks)), after, limit)] if desks else []
    statements.append(_open(tasks.c.assignee == person_id, after, limit))
    found: dict[str, Task] = {}
    for statement in statements:
        found.update((row.id, view(row)) for row in connection.execute(statement))
    mine = [task for task in found.values() if task.assignee in (None, person_id)]
    return sorted(mine, key=lambda task: (task.due_at or NEVER_DUE, task.id))[:limit]


def view(row: Row[Any]) -> Task:
    """The view of a row of the table."""
    return Task(
        id=row.id,
        instance_id=row.instance_id,
        key=row.key,
        version_hash=row.version_hash,
        subject=row.subject,
        element_id=row.element_id,
        name=row.name,
        role=row.role,
        desk=row.desk,
        seat=row.seat,
        form=row.form,
        state=TaskState(row.state),
        round=row.round,
        opened_at=row.opened_at,
        due_at=row.due_at,
        assignee=row.assignee,
        revision=row.revision,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )


def _open(condition: Any, after: Position | None, limit: int) -> Select[Any]:
    statement = select(tasks).where(tasks.c.state == TaskState.OPEN, condition)
    if after is not None:
        due, task_id = after
        statement = statement.where(tuple_(tasks.c.due_key, tasks.c.id) > tuple_(due or NEVER_DUE, task_id))
    return statement.order_by(tasks.c.due_key, tasks.c.id).limit(limit)
