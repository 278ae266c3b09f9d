"""Completing user tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, union_all

from engine.audit.models import audit_chains
from engine.db.uow import Database, UnitOfWork, memo_of
from engine.errors import AnswersRefused, Conflict, NotEntitled, NotFound
from engine.events import Event
from engine.instances.change import Change, Loaded, Submitted
from engine.instances.commands import LOAD_COLUMNS, InstanceCommands, insist, loaded_from, lock, storable
from engine.instances.models import instances, submissions
from engine.instances.projections import find_desks
from engine.instances.writing import write
from engine.ports import Guard
from engine.spiff.run import Outcome, Running
from engine.tasks.models import tasks
from engine.tasks.queries import view
from engine.types import SYSTEM, Actor, Authority, Element, Receipt, Task, TaskState

LONGEST_TOKEN = 64

_TASK_COLUMNS = (column for column in tasks.c if column.name not in ("key", "version_hash", "subject"))
_LOAD = (
    select(
        *_TASK_COLUMNS,
        *LOAD_COLUMNS,
        submissions.c.id.label("earlier"),
        submissions.c.task_id.label("earlier_task"),
        submissions.c.person_id.label("earlier_person"),
    )
    .select_from(
        tasks.join(instances, instances.c.id == tasks.c.instance_id)
        .join(audit_chains, audit_chains.c.chain == tasks.c.instance_id)
        .outerjoin(submissions, submissions.c.token == bindparam("token"))
    )
    .where(tasks.c.id == bindparam("task"))
)
"""A task with its instance, and what was submitted before with the same token."""
_PERFORMED = union_all(
    *(
        select(submissions.c.id).where(
            submissions.c.instance_id == bindparam("of"),
            submissions.c.element_id.in_(bindparam("elements", expanding=True)),
            who.in_(bindparam("people", expanding=True)),
        )
        for who in (submissions.c.person_id, submissions.c.on_behalf_of)
    )
).limit(1)
"""Each half is found by an index of its own, in a case of any age."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a page sent."""

    actor: Actor
    task_id: str
    revision: int
    token: str
    answers: Mapping[str, Any]
    guard: Guard | None


@dataclass(frozen=True, slots=True)
class _Computed:
    """What is to be written."""

    loaded: Loaded
    outcome: Outcome
    change: Change
    desks: Mapping[str, str]


class TaskCommands:
    """What people can do with user tasks."""

    def __init__(self, database: Database, instances: InstanceCommands) -> None:
        self._database = database
        self._instances = instances
        self._load_with = _LOAD.add_columns(*(what.label(name) for name, what in instances.alongside.items()))

    def complete(
        self,
        actor: Actor,
        task_id: str,
        *,
        revision: int,
        token: str,
        answers: Mapping[str, Any],
        guard: Guard | None = None,
    ) -> Receipt:
        """Submit a task's answers and run the case on, in one transaction.

        Args:
            revision: the task's, as the page showed it.
            token: the page's; the same one again gets the first answer, and nothing happens twice.
            guard: asked once the person is entitled, of the case as the command read it.

        Raises:
            NotFound: no such task. NotEntitled: not this person's. Conflict: finished or changed meanwhile.
            AnswersRefused: the form's errors. In every case nothing was changed.
        """
        if not 8 <= len(token) <= LONGEST_TOKEN:
            raise Conflict(
                "This page is out of date. Reload it and send your answers again.", task_id=task_id
            )

        sent = _Sent(actor, task_id, revision, token, answers, guard)
        return self._database.retrying(
            lambda: insist(lambda forced: self._attempt(sent, forced)),
            lambda: insist(lambda forced: self._attempt_locked(sent, forced)),
        )

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
        now = self._instances.clock.now(connection)
        return self._instances.restore(connection, loaded, SYSTEM, now).data(task.id)

    def _attempt(self, sent: _Sent, forced: Mapping[str, str]) -> Receipt:
        """Compute outside, write inside a short transaction."""
        with self._database.reading() as connection:
            receipt, computed = self._computed(connection, sent, forced)
            if computed is not None:
                with self._database.unit_of_work(connection) as uow:
                    self._write(uow, computed)
        return receipt

    def _attempt_locked(self, sent: _Sent, forced: Mapping[str, str]) -> Receipt:
        """The same in one transaction that locks the instance: nobody can come first."""
        with self._database.unit_of_work() as uow:
            lock(uow, self._load(uow.connection, sent).instance_id)
            receipt, computed = self._computed(uow.connection, sent, forced)
            if computed is not None:
                self._write(uow, computed)
        return receipt

    def _write(self, uow: UnitOfWork, computed: _Computed) -> None:
        directory, operations = self._instances.directory, self._instances.operations
        write(uow, computed.loaded, computed.outcome, computed.change, directory, operations, computed.desks)

    def _computed(
        self, connection: Connection, sent: _Sent, forced: Mapping[str, str]
    ) -> tuple[Receipt, _Computed | None]:
        """What completing the task makes of its instance; nothing where the same was sent before."""
        actor = sent.actor
        row = self._load(connection, sent)
        task, loaded = view(row), loaded_from(row)
        if row.earlier is not None:
            return self._earlier(actor, task, row), None
        now = self._instances.clock.now(connection)
        authority = self._entitled(connection, actor, task, now)
        if task.revision != sent.revision:
            raise Conflict(task_id=task.id)
        running = self._instances.restore(connection, loaded, actor, now, forced)
        if sent.guard is not None:
            sent.guard(connection, task, authority, now, lambda: running.data(task.id))
        submitted = self._submitted(connection, task, authority, sent, now, running)
        change = Change(
            kind="complete",
            event=Event.TASK_COMPLETED,
            actor=actor.person_id,
            now=now,
            element_id=task.element_id,
            submitted=submitted,
        )
        outcome = running.complete(task.id, submitted.answers)
        desks = find_desks(connection, loaded, outcome, now, self._instances.directory)
        receipt = Receipt(submitted.id, task.instance_id, task.id, repeated=False)
        return receipt, _Computed(loaded, outcome, change, desks)

    def _load(self, connection: Connection, sent: _Sent) -> Row[Any]:
        found = connection.execute(self._load_with, {"task": sent.task_id, "token": sent.token})
        row: Row[Any] | None = found.one_or_none()
        if row is None:
            raise NotFound("task", sent.task_id)
        memo = memo_of(connection)
        if memo is not None:
            memo.update({name: row._mapping[name] for name in self._instances.alongside})
        return row

    @staticmethod
    def _earlier(actor: Actor, task: Task, row: Row[Any]) -> Receipt:
        if row.earlier_task != task.id or row.earlier_person != actor.person_id:
            raise Conflict("This page was sent before for something else. Reload it.", task_id=task.id)
        return Receipt(row.earlier, task.instance_id, task.id, repeated=True)

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
        sent: _Sent,
        now: datetime,
        running: Running,
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
            answers=self._checked(connection, task, element, sent.answers, now, running),
            token=sent.token,
        )

    def _checked(
        self,
        connection: Connection,
        task: Task,
        element: Element,
        answers: Mapping[str, Any],
        now: datetime,
        running: Running,
    ) -> Mapping[str, Any]:
        if element.form is None:
            if answers:
                raise AnswersRefused(
                    {"": ["This task has no form, so no answers are taken."]}, task_id=task.id
                )
            return {}
        bundle = self._instances.definitions.bundle(connection, task.version_hash)
        checked = self._instances.forms.check(bundle, element.form, answers, running.data(task.id), now)
        if checked.errors:
            raise AnswersRefused(checked.errors, task_id=task.id)
        return storable(checked.values, task.id)

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
        found = connection.execute(
            _PERFORMED, {"of": task.instance_id, "elements": list(element.separate_from), "people": people}
        )
        return found.first() is not None
