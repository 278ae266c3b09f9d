"""Reading instances: views, the path on the diagram, the journal, submissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)

from engine.db.uow import memo_of
from engine.definitions.models import versions
from engine.errors import NotFound
from engine.incidents.models import incidents
from engine.instances.models import instances, journal, reveals, submissions
from engine.messages.models import subscriptions
from engine.tasks.models import tasks
from engine.timers.models import timers
from engine.types import Instance, InstanceState, JournalRow, Path, Submission

_COLUMNS = (
    *(column for column in instances.c if column.name != "engine_state"),
    versions.c.number.label("version_number"),
    versions.c.title,
)
_JOINED = instances.join(
    versions, (versions.c.key == instances.c.key) & (versions.c.hash == instances.c.version_hash)
)
# Made once: to build a statement anew for every page costs more than to run it.
_OF: BindParameter[str] = bindparam("of")
_GET = select(*_COLUMNS).select_from(_JOINED).where(instances.c.id == _OF)
_JOURNAL = select(journal).where(journal.c.instance_id == _OF).order_by(journal.c.seq)
_SUBMISSIONS = select(submissions).where(submissions.c.instance_id == _OF).order_by(submissions.c.seq)
_REVEALED = (
    select(reveals.c.blind, func.max(reveals.c.seq).label("last"))
    .where(reveals.c.instance_id == _OF)
    .group_by(reveals.c.blind)
)
_ROUNDS = (
    select(submissions.c.answers)
    .where(submissions.c.instance_id == _OF, submissions.c.element_id == bindparam("element"))
    .order_by(submissions.c.seq)
)


def _standing(table: Table, is_there: ColumnElement[bool], has_failed: str) -> Select[Any]:
    failed = literal_column(has_failed, Integer).label("has_failed")
    return select(table.c.element_id, failed).where(table.c.instance_id == _OF, is_there)


_STANDS_AT = union_all(
    _standing(tasks, literal_column("tasks.state") == literal_column("'open'"), "0"),
    _standing(timers, literal_column("timers.state") == literal_column("'waiting'"), "0"),
    _standing(subscriptions, literal_column("subscriptions.state") == literal_column("'waiting'"), "0"),
    _standing(incidents, incidents.c.resolved_at.is_(None), "1"),
)


def get(connection: Connection, instance_id: str) -> Instance:
    """An instance. Raises `NotFound`."""
    row = connection.execute(_GET, {"of": instance_id}).one_or_none()
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
    rows = connection.execute(_JOURNAL, {"of": instance_id}).all()
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
    waiting: set[str] = set()
    failed: set[str] = set()
    for at in connection.execute(_STANDS_AT, {"of": instance_id}):
        if at.element_id:
            (failed if at.has_failed else waiting).add(at.element_id)
    return Path(
        completed=dict(completed),
        flows=dict(flows),
        waiting=tuple(sorted(waiting)),
        failed=tuple(sorted(failed)),
    )


def submissions_of(connection: Connection, instance_id: str, *, reader: str | None) -> list[Submission]:
    """What was submitted, oldest first. Blind answers not yet revealed come sealed, but for their author."""
    revealed, rows = _submitted(connection, instance_id)
    return [_submission(row, revealed, reader) for row in rows]


def _submitted(connection: Connection, instance_id: str) -> tuple[dict[str, int], Sequence[Row[Any]]]:
    """Up to where blind answers are revealed, and all rows: read once a reading, though a page asks often."""
    memo = memo_of(connection)
    found = None if memo is None else memo.get(("submitted", instance_id))
    if found is None:
        revealed = {row.blind: row.last for row in connection.execute(_REVEALED, {"of": instance_id})}
        found = revealed, connection.execute(_SUBMISSIONS, {"of": instance_id}).all()
        if memo is not None:
            memo["submitted", instance_id] = found
    return found


def rounds(connection: Connection, instance_id: str, element_id: str) -> Sequence[Any]:
    """All answers given at an element so far, oldest first."""
    return list(connection.execute(_ROUNDS, {"of": instance_id, "element": element_id}).scalars())


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
