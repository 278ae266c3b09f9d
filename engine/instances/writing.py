"""The write phase of a command: everything it did to an instance, in one transaction, or nothing.

The state is written only where its revision is still the one that was read; whoever comes second computes
anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, update

from engine.audit.commands import Entry, append
from engine.audit.queries import journal_digest, submission_digest
from engine.db.uow import UnitOfWork
from engine.errors import Collision, OperationFailed
from engine.events import Event
from engine.incidents.models import incidents
from engine.instances.models import instances, journal, reveals, submissions
from engine.ports import Directory, OperationContext, Operations
from engine.spiff.case import Trouble
from engine.spiff.run import OpenTask, Outcome
from engine.tasks.models import NEVER_DUE, tasks
from engine.timers.models import timers
from engine.types import Authority, InstanceState, TaskState


class EffectRefused(Exception):
    """An effect could not be applied: the command is computed again with its element failing for this
    cause.
    """

    def __init__(self, element_id: str, cause: str) -> None:
        self.element_id = element_id
        self.cause = cause
        super().__init__(cause)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read of an instance before computing."""

    id: str
    key: str
    version_hash: str
    subject: str | None
    started_by: str
    revision: int
    incidents: int
    state: bytes


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission to be kept."""

    element_id: str
    task_id: str | None
    round: int
    seat: str | None
    authority: Authority
    form: str | None
    blind: str | None
    answers: Mapping[str, Any]
    token: str | None
    id: str = field(default_factory=lambda: uuid4().hex)
    salt: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class Change:
    """What was done: for the journal and the audit chain."""

    kind: str
    """`start`, `complete`, `timer`, `retry`, `cancel`."""
    event: Event
    actor: str
    now: datetime
    element_id: str | None = None
    submitted: Submitted | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def write(
    uow: UnitOfWork,
    loaded: Loaded,
    outcome: Outcome,
    change: Change,
    directory: Directory,
    operations: Operations,
) -> None:
    """Store what a command did.

    Raises:
        Collision: where another command was faster.
        EffectRefused: where an operation's effect cannot be applied.
    """
    seq = loaded.revision + 1
    _instance(uow, loaded, outcome, change, seq)
    row = _journal(uow, loaded, outcome, change, seq)
    entries = [_first_entry(change, row)]
    if change.submitted is not None:
        _submission(uow, loaded, change, change.submitted, seq)
    _tasks(uow, loaded, outcome, change, directory)
    _timers(uow, loaded, outcome, change.now)
    _reveals(uow, loaded, outcome, change.now, seq)
    _incidents(uow, loaded, outcome.trace.troubles, change.now)
    entries.extend(_further_entries(outcome, change))
    append(uow, loaded.id, change.now, entries)
    _effects(uow, loaded, outcome, change, operations)


def _instance(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, change: Change, seq: int) -> None:
    values: dict[str, Any] = {
        "engine_state": outcome.state,
        "revision": seq,
        "incidents": loaded.incidents + len(outcome.trace.troubles),
    }
    if outcome.completed:
        values |= {
            "state": InstanceState.COMPLETED,
            "ended_at": change.now,
            "outcome": outcome.trace.outcome,
        }
    if change.kind == "start":
        uow.connection.execute(
            insert(instances).values(
                id=loaded.id,
                key=loaded.key,
                version_hash=loaded.version_hash,
                subject=loaded.subject,
                started_at=change.now,
                started_by=loaded.started_by,
                linked_from=change.payload.get("linked_from"),
                **({"state": InstanceState.RUNNING} | values),
            )
        )
        return
    written = uow.connection.execute(
        update(instances)
        .where(
            instances.c.id == loaded.id,
            instances.c.revision == loaded.revision,
            instances.c.state == InstanceState.RUNNING,
        )
        .values(**values)
    )
    if written.rowcount != 1:
        raise Collision(instance_id=loaded.id)


def _journal(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, change: Change, seq: int) -> dict[str, Any]:
    trace = outcome.trace
    payload = dict(change.payload)
    if change.submitted is not None:
        payload["submission"] = change.submitted.id
    if trace.results:
        payload["results"] = trace.results
    if trace.tallies:
        payload["tallies"] = trace.tallies
    row = {
        "instance_id": loaded.id,
        "seq": seq,
        "at": change.now,
        "actor": change.actor,
        "kind": change.kind,
        "element_id": change.element_id,
        "elements": trace.elements,
        "flows": trace.flows,
        "payload": payload,
    }
    uow.connection.execute(insert(journal).values(**row))
    return row


def _first_entry(change: Change, row: dict[str, Any]) -> Entry:
    payload: dict[str, Any] = {
        **change.payload,
        "journal": row["seq"],
        "journal_digest": journal_digest(row),
        "element": change.element_id,
    }
    if change.submitted is not None:
        submitted = change.submitted
        payload |= {
            "submission": submitted.id,
            "answers_digest": submission_digest(submitted.salt, submitted.answers),
            "task": submitted.task_id,
            "round": submitted.round,
            "seat": submitted.seat,
            "authority": submitted.authority.basis,
            "on_behalf_of": submitted.authority.on_behalf_of,
        }
    return change.event, change.actor, payload


def _further_entries(outcome: Outcome, change: Change) -> list[Entry]:
    trace = outcome.trace
    entries: list[Entry] = []
    entries.extend(
        (Event.OPERATION_CALLED, change.actor, {"element": element_id, "result": result})
        for element_id, result in trace.results.items()
    )
    entries.extend(
        (Event.VOTE_TALLIED, change.actor, {"element": element_id, "tally": tally})
        for element_id, tally in trace.tallies.items()
    )
    entries.extend((Event.POSITIONS_REVEALED, change.actor, {"group": group}) for group in outcome.revealed)
    entries.extend((Event.TASK_WITHDRAWN, change.actor, {"task": task_id}) for task_id in outcome.withdrawn)
    entries.extend(
        (Event.INCIDENT_OPENED, change.actor, {"element": t.element_id, "cause": t.cause})
        for t in trace.troubles
    )
    if outcome.completed:
        entries.append((Event.INSTANCE_COMPLETED, change.actor, {"outcome": trace.outcome}))
    return entries


def _submission(uow: UnitOfWork, loaded: Loaded, change: Change, submitted: Submitted, seq: int) -> None:
    uow.connection.execute(
        insert(submissions).values(
            id=submitted.id,
            instance_id=loaded.id,
            seq=seq,
            task_id=submitted.task_id,
            element_id=submitted.element_id,
            round=submitted.round,
            seat=submitted.seat,
            person_id=change.actor,
            on_behalf_of=submitted.authority.on_behalf_of,
            authority=submitted.authority.basis,
            at=change.now,
            form=submitted.form,
            version_hash=loaded.version_hash,
            blind=submitted.blind,
            answers=submitted.answers,
            salt=submitted.salt,
            token=submitted.token,
        )
    )


def _tasks(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, change: Change, directory: Directory) -> None:
    submitted = change.submitted
    if submitted is not None and submitted.task_id is not None:
        _close_task(uow, submitted.task_id, TaskState.COMPLETED, change)
    for task_id in outcome.withdrawn:
        _close_task(uow, task_id, TaskState.WITHDRAWN, change)
    if outcome.opened:
        uow.connection.execute(
            insert(tasks), [_task_row(uow, loaded, change.now, task, directory) for task in outcome.opened]
        )


def _close_task(uow: UnitOfWork, task_id: str, state: TaskState, change: Change) -> None:
    closed = uow.connection.execute(
        update(tasks)
        .where(tasks.c.id == task_id, tasks.c.state == TaskState.OPEN)
        .values(state=state, closed_at=change.now, closed_by=change.actor, revision=tasks.c.revision + 1)
    )
    if closed.rowcount != 1:
        raise Collision(task_id=task_id)


def _task_row(
    uow: UnitOfWork, loaded: Loaded, now: datetime, task: OpenTask, directory: Directory
) -> dict[str, Any]:
    element = task.element
    if element.performer == "seat":
        # Where no seat was named the desk is nobody's: the task is then seen to have no candidates.
        desk = f"seat:{task.seat or ''}"
    elif element.performer == "starter" and loaded.started_by != "system":
        desk = f"person:{loaded.started_by}"
    else:
        desk = directory.desk(uow.connection, element.role or "", loaded.subject, now)
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
        "assignee": None,
        "revision": 1,
    }


def _timers(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, now: datetime) -> None:
    for timer_id in outcome.timers_gone:
        uow.connection.execute(
            update(timers)
            .where(timers.c.id == timer_id, timers.c.state == "waiting")
            .values(state="settled", settled_at=now)
        )
    if outcome.timers:
        uow.connection.execute(
            insert(timers),
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


def _reveals(uow: UnitOfWork, loaded: Loaded, outcome: Outcome, now: datetime, seq: int) -> None:
    if outcome.revealed:
        uow.connection.execute(
            insert(reveals),
            [{"instance_id": loaded.id, "blind": group, "seq": seq, "at": now} for group in outcome.revealed],
        )


def _incidents(uow: UnitOfWork, loaded: Loaded, troubles: list[Trouble], now: datetime) -> None:
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


def _effects(
    uow: UnitOfWork, loaded: Loaded, outcome: Outcome, change: Change, operations: Operations
) -> None:
    for element_id, effect in outcome.trace.effects:
        context = OperationContext(
            instance_id=loaded.id,
            key=loaded.key,
            version_hash=loaded.version_hash,
            subject=loaded.subject,
            element_id=element_id,
            now=change.now,
            actor=change.actor,
            data={},
        )
        try:
            with uow.savepoint():
                operations.apply(uow, effect, context)
        except OperationFailed as error:
            raise EffectRefused(element_id, str(error)) from error
