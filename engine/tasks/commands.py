"""Completing user tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.db.types import plain
from engine.db.uow import Database
from engine.errors import AnswersRefused, Conflict, NotEntitled
from engine.events import Event
from engine.instances.change import Change, Loaded, Submitted
from engine.instances.commands import InstanceCommands, insist
from engine.instances.models import submissions
from engine.instances.writing import write
from engine.spiff import run
from engine.tasks.queries import get
from engine.types import Actor, Authority, Element, Receipt, Task, TaskState

LONGEST_TOKEN = 64


class TaskCommands:
    """What people can do with user tasks."""

    def __init__(self, database: Database, instances: InstanceCommands) -> None:
        self._database = database
        self._instances = instances

    def complete(
        self, actor: Actor, task_id: str, *, revision: int, token: str, answers: Mapping[str, Any]
    ) -> Receipt:
        """Submit a task's answers and run the case on, in one transaction.

        Args:
            revision: the task's, as the page showed it.
            token: the page's; the same one again gets the first answer, and nothing happens twice.

        Raises:
            NotFound: no such task. NotEntitled: not this person's. Conflict: finished or changed meanwhile.
            AnswersRefused: the form's errors. In every case nothing was changed.
        """
        if not 8 <= len(token) <= LONGEST_TOKEN:
            raise Conflict(
                "This page is out of date. Reload it and send your answers again.", task_id=task_id
            )

        def attempt(forced: Mapping[str, str]) -> Receipt:
            return self._attempt(actor, task_id, revision, token, answers, forced)

        return self._database.retrying(lambda: insist(attempt))

    def authority(self, connection: Connection, person_id: str, task: Task, at: datetime) -> Authority | None:
        """Why this person may complete this task; None where not, separation of duties included."""
        if task.assignee not in (None, person_id):
            return None
        found = self._instances.directory.authority(connection, person_id, task.desk, at)
        if found is None:
            return None
        element = self._element(connection, task)
        if element.separate_from and self._has_performed(connection, task, person_id, found, element):
            return None
        return found

    def data(self, connection: Connection, task: Task) -> Mapping[str, Any]:
        """The case's data as the task sees them."""
        loaded = self._instances.load(connection, task.instance_id)
        compiled = self._instances.definitions.compiled(connection, loaded.version_hash, loaded.key)
        return run.data_at(compiled, loaded.state, self._instances.clock.now(connection), task.id)

    def _attempt(
        self,
        actor: Actor,
        task_id: str,
        revision: int,
        token: str,
        answers: Mapping[str, Any],
        forced: Mapping[str, str],
    ) -> Receipt:
        with self._database.reading() as connection:
            task = get(connection, task_id)
            repeated = self._earlier(connection, actor, task, token)
            if repeated is not None:
                return repeated
            now = self._instances.clock.now(connection)
            authority = self._entitled(connection, actor, task, now)
            if task.revision != revision:
                raise Conflict(task_id=task_id)
            loaded = self._instances.load(connection, task.instance_id)
            submitted = self._submitted(connection, task, authority, token, answers, now, loaded)
            change = Change(
                kind="complete",
                event=Event.TASK_COMPLETED,
                actor=actor.person_id,
                now=now,
                element_id=task.element_id,
                submitted=submitted,
            )
            values = submitted.answers
            outcome = self._instances.advance(
                connection,
                loaded,
                change,
                forced,
                lambda c, state, around: run.complete(c, state, around, task.id, values),
            )
        with self._database.unit_of_work() as uow:
            write(uow, loaded, outcome, change, self._instances.directory, self._instances.operations)
        return Receipt(submitted.id, task.instance_id, task.id, repeated=False)

    def _earlier(self, connection: Connection, actor: Actor, task: Task, token: str) -> Receipt | None:
        row = connection.execute(
            select(submissions.c.id, submissions.c.task_id, submissions.c.person_id).where(
                submissions.c.token == token
            )
        ).one_or_none()
        if row is None:
            return None
        if row.task_id != task.id or row.person_id != actor.person_id:
            raise Conflict("This page was sent before for something else. Reload it.", task_id=task.id)
        return Receipt(row.id, task.instance_id, task.id, repeated=True)

    def _entitled(self, connection: Connection, actor: Actor, task: Task, now: datetime) -> Authority:
        authority = self.authority(connection, actor.person_id, task, now)
        if authority is None:
            raise NotEntitled(
                "This task is not yours to complete. Nothing was stored; the case shows who it waits for.",
                person_id=actor.person_id,
                task_id=task.id,
            )
        if task.state is TaskState.COMPLETED:
            raise Conflict(
                "This task was completed before your answers arrived. Nothing of yours was stored; "
                "the case shows what was submitted and by whom.",
                task_id=task.id,
            )
        if task.state is TaskState.WITHDRAWN:
            raise Conflict(
                "This task is no longer needed: the case has moved on without it. "
                "Nothing of yours was stored.",
                task_id=task.id,
            )
        return authority

    def _submitted(
        self,
        connection: Connection,
        task: Task,
        authority: Authority,
        token: str,
        answers: Mapping[str, Any],
        now: datetime,
        loaded: Loaded,
    ) -> Submitted:
        element = self._element(connection, task)
        return Submitted(
            element_id=task.element_id,
            task_id=task.id,
            round=task.round,
            seat=task.seat,
            authority=authority,
            form=element.form,
            blind=element.blind,
            answers=self._checked(connection, task, element, answers, now, loaded),
            token=token,
        )

    def _checked(
        self,
        connection: Connection,
        task: Task,
        element: Element,
        answers: Mapping[str, Any],
        now: datetime,
        loaded: Loaded,
    ) -> Mapping[str, Any]:
        if element.form is None:
            if answers:
                raise AnswersRefused(
                    {"": ["This task has no form, so no answers are taken."]}, task_id=task.id
                )
            return {}
        compiled = self._instances.definitions.compiled(connection, loaded.version_hash, loaded.key)
        data = run.data_at(compiled, loaded.state, now, task.id)
        checked = self._instances.forms.check(compiled.bundle, element.form, answers, data, now)
        if checked.errors:
            raise AnswersRefused(checked.errors, task_id=task.id)
        values: Mapping[str, Any] = plain(dict(checked.values))
        return values

    def _element(self, connection: Connection, task: Task) -> Element:
        return self._instances.definitions.compiled(connection, task.version_hash, task.key).elements[
            task.element_id
        ]

    def _has_performed(
        self, connection: Connection, task: Task, person_id: str, authority: Authority, element: Element
    ) -> bool:
        """Whether this person, or the one stood in for, performed a task that must be kept apart from
        this one.
        """
        people = [person_id] + ([authority.on_behalf_of] if authority.on_behalf_of else [])
        return (
            connection.execute(
                select(submissions.c.id)
                .where(
                    submissions.c.instance_id == task.instance_id,
                    submissions.c.element_id.in_(element.separate_from),
                    submissions.c.person_id.in_(people) | submissions.c.on_behalf_of.in_(people),
                )
                .limit(1)
            ).one_or_none()
            is not None
        )
