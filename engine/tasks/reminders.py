"""Reminders before a task's due time, and a note once it is overdue: each exactly once, found by index."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, literal_column, select, update

from engine.audit.commands import append
from engine.db.uow import Database, UnitOfWork
from engine.events import Event
from engine.outbox import put
from engine.ports import Clock
from engine.tasks.models import NEVER_DUE, tasks
from engine.types import SYSTEM, TaskState

_OPEN = tasks.c.state == literal_column("'open'")
"""Written out: prepared with a value sent apart, a statement cannot use the indexes of open tasks."""
_TOLD = ((tasks.c.remind_key, tasks.c.reminded_at), (tasks.c.due_key, tasks.c.overdue_noted_at))
"""When a task is to be reminded of and noted as overdue, each with when that was done."""
_NEXT = [
    select(key).where(_OPEN, done.is_(None), key < NEVER_DUE).order_by(key, tasks.c.id).limit(1)
    for key, done in _TOLD
]
_COMING = [
    select(tasks.c.id)
    .where(_OPEN, done.is_(None), key <= bindparam("now", type_=key.type))
    .order_by(key, tasks.c.id)
    .limit(bindparam("most"))
    for key, done in _TOLD
]
_TASK = select(tasks).where(tasks.c.id == bindparam("task"))


class Reminders:
    """What the worker does about due times."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def sweep(self, limit: int = 100) -> int:
        """Remind of tasks that will be due, and note those overdue. Returns how many there were."""
        with self._database.reading() as connection:
            now = self._clock.now(connection)
            soon, late = (
                list(connection.execute(statement, {"now": now, "most": limit}).scalars())
                for statement in _COMING
            )
        told = sum(self._tell(task_id, "reminded_at", Event.TASK_REMINDED) for task_id in soon)
        return told + sum(self._tell(task_id, "overdue_noted_at", Event.TASK_OVERDUE) for task_id in late)

    @staticmethod
    def next_due(connection: Connection) -> datetime | None:
        """When the next task is to be reminded of, or noted as overdue; None where there is none."""
        found = [connection.execute(statement).scalar_one_or_none() for statement in _NEXT]
        return min((each for each in found if each is not None), default=None)

    def _tell(self, task_id: str, column: str, event: Event) -> int:
        def command() -> int:
            with self._database.unit_of_work() as uow:
                return self._note(uow, task_id, column, event)

        return self._database.retrying(command)

    def _note(self, uow: UnitOfWork, task_id: str, column: str, event: Event) -> int:
        now = self._clock.now(uow.connection)
        marked = uow.connection.execute(
            update(tasks)
            .where(tasks.c.id == task_id, tasks.c.state == TaskState.OPEN, tasks.c[column].is_(None))
            .values({column: now})
        )
        if marked.rowcount != 1:
            return 0
        row = uow.connection.execute(_TASK, {"task": task_id}).one()
        payload = {"task": task_id, "element": row.element_id, "desk": row.desk, "due_at": row.due_at}
        append(uow, row.instance_id, now, [(event, SYSTEM.person_id, payload)])
        put(uow, now, event, row.instance_id, payload)
        return 1
