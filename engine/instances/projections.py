"""Projections of an instance's state into rows that can be asked for: tasks, timers, reveals, incidents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, insert, literal_column, update

from engine.db.uow import UnitOfWork
from engine.errors import Collision
from engine.incidents.models import incidents
from engine.instances.change import Change, Loaded
from engine.instances.models import reveals
from engine.messages.models import messages, subscriptions
from engine.ports import Directory
from engine.spiff.case import Trouble
from engine.spiff.run import OpenTask, Outcome
from engine.tasks.models import NEVER_DUE, tasks
from engine.timers.models import timers
from engine.types import TaskState

_OPEN = insert(tasks)
_CLOSE = (
    update(tasks)
    .where(tasks.c.id == bindparam("of"), tasks.c.state == literal_column("'open'"))
    .values(
        state=bindparam("to"),
        closed_at=bindparam("at"),
        closed_by=bindparam("by"),
        revision=tasks.c.revision + literal_column("1"),
    )
)
_WAIT = insert(timers)
_SETTLE = (
    update(timers)
    .where(timers.c.id == bindparam("of"), timers.c.state == literal_column("'waiting'"))
    .values(state=literal_column("'settled'"), settled_at=bindparam("at"))
)


def find_desks(
    connection: Connection, loaded: Loaded, outcome: Outcome, now: datetime, directory: Directory
) -> dict[str, str]:
    """The desks of the roles whose tasks opened, by role; each is asked for once."""
    roles = {task.element.role or "" for task in outcome.opened if _own_desk(loaded, task) is None}
    return {role: directory.desk(connection, role, loaded.subject, now) for role in roles}


def _own_desk(loaded: Loaded, task: OpenTask) -> str | None:
    """The desk of a task that lies with no role but with a seat or a person."""
    if task.element.performer == "seat":
        # Where no seat was named the desk is nobody's: the task is then seen to have no candidates.
        return f"seat:{task.seat or ''}"
    if task.element.performer == "starter" and loaded.started_by != "system":
        return f"person:{loaded.started_by}"
    return None


def project_tasks(
    uow: UnitOfWork, loaded: Loaded, outcome: Outcome, change: Change, desks: Mapping[str, str]
) -> None:
    """Close the task that was completed and those withdrawn; open the new ones on their desks; date those
    whose due time is known only now.

    Raises `Collision` where a task was closed meanwhile.
    """
    submitted = change.submitted
    if submitted is not None and submitted.task_id is not None:
        _close_task(uow, submitted.task_id, TaskState.COMPLETED, change)
    for task_id in outcome.withdrawn:
        _close_task(uow, task_id, TaskState.WITHDRAWN, change)
    for task in outcome.rescheduled:
        uow.connection.execute(
            update(tasks)
            .where(tasks.c.id == task.id)
            .values(
                due_at=task.due_at, due_key=task.due_at or NEVER_DUE, remind_key=task.remind_at or NEVER_DUE
            )
        )
    if outcome.opened:
        uow.connection.execute(_OPEN, [_task_row(loaded, change.now, task, desks) for task in outcome.opened])


def _close_task(uow: UnitOfWork, task_id: str, state: TaskState, change: Change) -> None:
    closed = uow.connection.execute(
        _CLOSE, {"of": task_id, "to": state, "at": change.now, "by": change.actor}
    )
    if closed.rowcount != 1:
        raise Collision(task_id=task_id)


def _task_row(loaded: Loaded, now: datetime, task: OpenTask, desks: Mapping[str, str]) -> dict[str, Any]:
    element = task.element
    desk = _own_desk(loaded, task) or desks[element.role or ""]
    return {
        "id": task.id,
        "instance_id": loaded.id,
        "key": loaded.key,
        "version_hash": loaded.version_hash,
        "subject": loaded.subject,
        "element_id": element.id,
        "name": element.name or element.id,
        "role": element.role,
        "desk": desk,
        "seat": task.seat,
        "form": element.form,
        "state": TaskState.OPEN,
        "round": task.round,
        "opened_at": now,
        "due_at": task.due_at,
        "due_key": task.due_at or NEVER_DUE,
        "remind_key": task.remind_at or NEVER_DUE,
        "assignee": None,
        "revision": 1,
    }


def project_timers(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, now: datetime) -> None:
    """Settle timers that wait no more; add a due row for each that waits now."""
    for timer_id in outcome.timers_gone:
        uow.connection.execute(_SETTLE, {"of": timer_id, "at": now})
    if outcome.timers:
        uow.connection.execute(
            _WAIT,
            [
                {
                    "id": timer.id,
                    "instance_id": loaded.id,
                    "element_id": timer.element_id,
                    "due_at": timer.due_at,
                    "state": "waiting",
                }
                for timer in outcome.timers
            ],
        )


def project_subscriptions(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, now: datetime) -> None:
    """Settle subscriptions that wait no more; add a row for each message or signal waited for now."""
    for subscription_id in outcome.subscriptions_gone:
        uow.connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id == subscription_id, subscriptions.c.state == "waiting")
            .values(state="settled", settled_at=now)
        )
    if outcome.subscriptions:
        uow.connection.execute(
            insert(subscriptions),
            [
                {
                    "id": awaited.id,
                    "instance_id": loaded.id,
                    "element_id": awaited.element_id,
                    "kind": awaited.kind,
                    "name": awaited.name,
                    "correlation": awaited.correlation,
                    "opened_at": now,
                    "state": "waiting",
                }
                for awaited in outcome.subscriptions
            ],
        )


def project_sent(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, change: Change) -> None:
    """Keep what the case sent: the worker delivers it after the commit."""
    if outcome.trace.sent:
        uow.connection.execute(
            insert(messages),
            [
                {
                    "id": uuid4().hex,
                    "kind": sent.kind,
                    "name": sent.name,
                    "correlation": sent.correlation,
                    "payload": dict(sent.payload),
                    "sent_at": change.now,
                    "sent_by": change.actor,
                    "sent_from": loaded.id,
                    "state": "pending",
                }
                for sent in outcome.trace.sent
            ],
        )


def project_reveals(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, now: datetime, seq: int) -> None:
    """Note up to which journal row blind answers are revealed."""
    if outcome.revealed:
        uow.connection.execute(
            insert(reveals),
            [{"instance_id": loaded.id, "blind": group, "seq": seq, "at": now} for group in outcome.revealed],
        )


def project_incidents(uow: UnitOfWork, loaded: Loaded, troubles: list[Trouble], now: datetime) -> None:
    """Open an incident for each element that could not be carried out."""
    if troubles:
        uow.connection.execute(
            insert(incidents),
            [
                {
                    "id": uuid4().hex,
                    "instance_id": loaded.id,
                    "element_id": trouble.element_id,
                    "cause": trouble.cause,
                    "names": list(trouble.names),
                    "opened_at": now,
                }
                for trouble in troubles
            ],
        )
