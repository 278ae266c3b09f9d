"""Reading instances: views, the path on the diagram, the journal, submissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from engine.definitions.models import versions
from engine.errors import NotFound
from engine.incidents.models import incidents
from engine.instances.models import instances, journal, reveals, submissions
from engine.messages.models import subscriptions
from engine.tasks.models import tasks
from engine.timers.models import timers
from engine.types import Instance, InstanceState, JournalRow, Path, Submission, TaskState

_COLUMNS = (
    *(column for column in instances.c if column.name != "engine_state"),
    versions.c.number.label("version_number"),
    versions.c.title,
)
_JOINED = instances.join(
    versions, (versions.c.key == instances.c.key) & (versions.c.hash == instances.c.version_hash)
)


def get(connection: Connection, instance_id: str) -> Instance:
    """An instance. Raises `NotFound`."""
    row = connection.execute(
        select(*_COLUMNS).select_from(_JOINED).where(instances.c.id == instance_id)
    ).one_or_none()
    if row is None:
        raise NotFound("case", instance_id)
    return view(row)


def of_subject(connection: Connection, subject: str) -> list[Instance]:
    """All instances about a subject, newest first."""
    return _list(connection, instances.c.subject == subject)


def linked_from(connection: Connection, instance_id: str) -> list[Instance]:
    """Instances that followed from this one."""
    return _list(connection, instances.c.linked_from == instance_id)


def listing(
    connection: Connection,
    *,
    key: str | None = None,
    state: InstanceState | None = None,
    limit: int = 50,
    after: tuple[Any, str] | None = None,
) -> list[Instance]:
    """Instances, newest first; `after` is (started_at, id) of the last one seen."""
    conditions = []
    if key is not None:
        conditions.append(instances.c.key == key)
    if state is not None:
        conditions.append(instances.c.state == state)
    if after is not None:
        at, instance_id = after
        conditions.append(
            (instances.c.started_at < at) | ((instances.c.started_at == at) & (instances.c.id < instance_id))
        )
    return _list(connection, *conditions, limit=limit)


def journal_of(connection: Connection, instance_id: str) -> list[JournalRow]:
    """The journal, oldest first."""
    rows = connection.execute(
        select(journal).where(journal.c.instance_id == instance_id).order_by(journal.c.seq)
    ).all()
    return [
        JournalRow(
            seq=row.seq,
            at=row.at,
            actor=row.actor,
            kind=row.kind,
            element_id=row.element_id,
            elements=tuple(row.elements),
            flows=tuple(row.flows),
            payload=row.payload,
        )
        for row in rows
    ]


def path(connection: Connection, instance_id: str) -> Path:
    """What was completed and taken, and where the case waits now."""
    completed: Counter[str] = Counter()
    flows: Counter[str] = Counter()
    for row in journal_of(connection, instance_id):
        completed.update(row.elements)
        flows.update(row.flows)
    open_tasks = select(tasks.c.element_id).where(
        tasks.c.instance_id == instance_id, tasks.c.state == TaskState.OPEN
    )
    open_timers = select(timers.c.element_id).where(
        timers.c.instance_id == instance_id, timers.c.state == "waiting"
    )
    awaited = select(subscriptions.c.element_id).where(
        subscriptions.c.instance_id == instance_id, subscriptions.c.state == "waiting"
    )
    failed = select(incidents.c.element_id).where(
        incidents.c.instance_id == instance_id, incidents.c.resolved_at.is_(None)
    )
    waiting = [
        element
        for query in (open_tasks, open_timers, awaited)
        for element in connection.execute(query).scalars()
    ]
    return Path(
        completed=dict(completed),
        flows=dict(flows),
        waiting=tuple(sorted(set(waiting))),
        failed=tuple(sorted({e for e in connection.execute(failed).scalars() if e})),
    )


def submissions_of(connection: Connection, instance_id: str, *, reader: str | None) -> list[Submission]:
    """What was submitted, oldest first. Blind answers not yet revealed come sealed, but for their author."""
    last = func.max(reveals.c.seq).label("last")
    found = connection.execute(
        select(reveals.c.blind, last).where(reveals.c.instance_id == instance_id).group_by(reveals.c.blind)
    )
    revealed = {row.blind: row.last for row in found}
    rows = connection.execute(
        select(submissions).where(submissions.c.instance_id == instance_id).order_by(submissions.c.seq)
    ).all()
    return [_submission(row, revealed, reader) for row in rows]


def rounds(connection: Connection, instance_id: str, element_id: str) -> Sequence[Any]:
    """All answers given at an element so far, oldest first."""
    return list(
        connection.execute(
            select(submissions.c.answers)
            .where(submissions.c.instance_id == instance_id, submissions.c.element_id == element_id)
            .order_by(submissions.c.seq)
        ).scalars()
    )


def view(row: Row[Any]) -> Instance:
    """The view of a row of `_COLUMNS`."""
    return Instance(
        id=row.id,
        key=row.key,
        version_hash=row.version_hash,
        version_number=row.version_number,
        title=row.title,
        subject=row.subject,
        state=InstanceState(row.state),
        started_at=row.started_at,
        started_by=row.started_by,
        ended_at=row.ended_at,
        outcome=row.outcome,
        linked_from=row.linked_from,
        revision=row.revision,
        incidents=row.incidents,
    )


def _list(connection: Connection, *conditions: Any, limit: int | None = None) -> list[Instance]:
    statement = (
        select(*_COLUMNS)
        .select_from(_JOINED)
        .where(*conditions)
        .order_by(instances.c.started_at.desc(), instances.c.id.desc())
    )
    return [view(row) for row in connection.execute(statement if limit is None else statement.limit(limit))]


def _submission(row: Row[Any], revealed: dict[str, int], reader: str | None) -> Submission:
    sealed = row.blind is not None and revealed.get(row.blind, 0) < row.seq and row.person_id != reader
    return Submission(
        id=row.id,
        instance_id=row.instance_id,
        task_id=row.task_id,
        element_id=row.element_id,
        round=row.round,
        person_id=row.person_id,
        on_behalf_of=row.on_behalf_of,
        authority=row.authority,
        at=row.at,
        form=row.form,
        version_hash=row.version_hash,
        answers={} if sealed else row.answers,
        sealed=sealed,
        seat=row.seat,
    )
