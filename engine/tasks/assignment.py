"""Who among a desk's candidates does a task: claiming, assigning, releasing."""

from __future__ import annotations

from sqlalchemy import update

from engine.audit.commands import append
from engine.db.uow import Database
from engine.errors import Conflict, NotEntitled
from engine.events import Event
from engine.ports import Clock, Directory
from engine.tasks.models import tasks
from engine.tasks.queries import get
from engine.types import Actor, Task, TaskState


class Assignment:
    """Assigns tasks among those who may do them; nobody gains authority by it."""

    def __init__(self, database: Database, clock: Clock, directory: Directory) -> None:
        self._database = database
        self._clock = clock
        self._directory = directory

    def assign(self, actor: Actor, task_id: str, *, revision: int, to: str) -> Task:
        """Give a task to one of its desk's candidates; to oneself, that is claiming it.

        Raises:
            NotFound; NotEntitled: where actor or assignee is no candidate; Conflict: changed meanwhile.
        """
        return self._change(actor, task_id, revision, to, Event.TASK_CLAIMED)

    def release(self, actor: Actor, task_id: str, *, revision: int) -> Task:
        """Give a task back to its desk. Raises as `assign`."""
        return self._change(actor, task_id, revision, None, Event.TASK_RELEASED)

    def _change(self, actor: Actor, task_id: str, revision: int, to: str | None, event: Event) -> Task:
        def command() -> Task:
            with self._database.unit_of_work() as uow:
                connection = uow.connection
                task = get(connection, task_id)
                now = self._clock.now(connection)
                for person_id in {actor.person_id, to or actor.person_id}:
                    if self._directory.authority(connection, person_id, task.desk, now) is None:
                        raise NotEntitled(
                            "Only those who may do this task can take or be given it. Nothing was changed.",
                            person_id=person_id,
                            task_id=task_id,
                        )
                changed = connection.execute(
                    update(tasks)
                    .where(
                        tasks.c.id == task_id, tasks.c.state == TaskState.OPEN, tasks.c.revision == revision
                    )
                    .values(assignee=to, revision=revision + 1)
                )
                if changed.rowcount != 1:
                    raise Conflict(
                        "This task has changed since you opened it. Nothing was changed; reload the page.",
                        task_id=task_id,
                    )
                payload = {"task": task_id, "element": task.element_id, "assignee": to}
                append(uow, task.instance_id, now, [(event, actor.person_id, payload)])
                return get(connection, task_id)

        return self._database.retrying(command)
