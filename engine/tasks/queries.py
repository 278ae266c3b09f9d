"""Reading user tasks: one, an instance's, an inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    Select,
    Subquery,
    bindparam,
    literal_column,
    select,
    text,
    tuple_,
    union_all,
)

from engine.db.types import UtcDateTime
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


_OF_INSTANCE = (
    select(tasks).where(tasks.c.instance_id == bindparam("instance")).order_by(tasks.c.opened_at, tasks.c.id)
)


def of_instance(connection: Connection, instance_id: str) -> list[Task]:
    """All tasks of an instance, in the order in which they opened."""
    return [view(row) for row in connection.execute(_OF_INSTANCE, {"instance": instance_id})]


def inbox(
    connection: Connection,
    desks: Sequence[str],
    person_id: str,
    *,
    limit: int = 50,
    after: Position | None = None,
) -> list[Task]:
    """Open tasks on these desks or assigned to this person, by due time; those never due come last."""
    found: dict[str, Task] = {}
    wanted = sorted(set(desks))
    for at in range(0, max(1, len(wanted)), MOST_DESKS):
        part = wanted[at : at + MOST_DESKS]
        values: dict[str, Any] = {f"desk_{number}": desk for number, desk in enumerate(part)}
        values |= {"person": person_id, "limit": limit}
        if after is not None:
            values |= {"due": after[0] or NEVER_DUE, "task": after[1]}
        rows = connection.execute(_inbox(len(part), after is not None), values)
        found.update((row.id, view(row)) for row in rows)
    return sorted(found.values(), key=lambda task: (task.due_at or NEVER_DUE, task.id))[:limit]


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


MOST_DESKS = 200
"""Desks asked about in one statement: SQLite takes 500 parts in one."""

_IS_OPEN = text("tasks.state = 'open'")
"""Written out: with a value sent apart, a statement that is prepared cannot use an index of open tasks."""


@lru_cache(maxsize=512)
def _inbox(desks: int, is_later_page: bool) -> Select[Any]:
    """The first open tasks of so many desks and of a person.

    The first of each desk are found in order by an index that holds open tasks alone, then the first of
    these: with IN, the time would grow with what is open.
    """
    person: BindParameter[str] = bindparam("person")
    mine = tasks.c.assignee.is_(None) | (tasks.c.assignee == person)
    conditions = [(tasks.c.desk == bindparam(f"desk_{number}")) & mine for number in range(desks)]
    parts = [_first(condition, is_later_page) for condition in (*conditions, tasks.c.assignee == person)]
    ends = union_all(*(select(part.c.id, part.c.due_key) for part in parts)).subquery()
    most: BindParameter[int] = bindparam("limit")
    first = select(ends.c.id).order_by(ends.c.due_key, ends.c.id).limit(most * literal_column("2")).subquery()
    return select(tasks).where(tasks.c.id.in_(select(first.c.id)))


def _first(condition: Any, is_later_page: bool) -> Subquery:
    statement = select(tasks.c.id, tasks.c.due_key).where(_IS_OPEN, condition)
    if is_later_page:
        here = tuple_(tasks.c.due_key, tasks.c.id)
        statement = statement.where(here > tuple_(bindparam("due", type_=UtcDateTime), bindparam("task")))
    return statement.order_by(tasks.c.due_key, tasks.c.id).limit(bindparam("limit")).subquery()
