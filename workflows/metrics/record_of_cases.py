"""Reads cases up to a moment: positions once they are revealed, what was decided and answered, and where it
lay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select

from engine.instances.models import instances, reveals, submissions
from engine.tasks.models import tasks
from workflows.metrics.facts import Act, CaseFact, DeskTime, Position
from workflows.record import ADVICE_INSTEAD, ARBITRATE, DECIDE, POSITIONS, RESPOND, SPONSOR_ARBITRATE
from workflows.risks.appetite import OwnMatrix, all_matrices, matrix_of
from workflows.risks.scales import Level, level_of_risk

ANSWER = "answer_challenge"
CHOICES = {
    DECIDE: "decision",
    RESPOND: "response",
    ANSWER: "answer",
    ARBITRATE: "ruling",
    SPONSOR_ARBITRATE: "ruling",
}
"""Field of each step's form that holds what was chosen."""
ROLES = ("cio", "ciso", "committee", "cro", "executive")
"""Desks whose time is measured."""
SIDES = {
    POSITIONS[0]: POSITIONS[0],
    **dict.fromkeys((POSITIONS[1], *ADVICE_INSTEAD), POSITIONS[1]),
}
"""By the step at which a position is given, whose position it is: advice given in the CISO's place is the
CISO side's."""


def cases(connection: Connection, as_of: datetime, policy: str) -> tuple[Mapping[str, str], list[CaseFact]]:
    """The case that each instance is part of, by id, and the cases."""
    rows = {
        row.id: row
        for row in connection.execute(
            select(
                instances.c.id,
                instances.c.key,
                instances.c.subject,
                instances.c.started_at,
                instances.c.ended_at,
                instances.c.linked_from,
            )
            .where(instances.c.started_at <= as_of, instances.c.subject.is_not(None))
            .order_by(instances.c.started_at, instances.c.id)
        )
    }
    roots = {one: _root(rows, one, policy) for one in rows}
    revealed = _revealed(connection, as_of)
    positions, acts = _submitted(connection, as_of, roots, revealed)
    desks = _desks(connection, as_of, roots)
    ended = _ended(rows, roots, as_of)
    return roots, [
        CaseFact(
            id=row.id,
            risk_id=row.subject,
            started_at=row.started_at,
            ended_at=ended[row.id],
            is_decision=row.key == policy,
            revealed_at=revealed.get(row.id),
            cio=tuple(positions.get((row.id, POSITIONS[0]), ())),
            ciso=tuple(positions.get((row.id, POSITIONS[1]), ())),
            acts=tuple(acts.get(row.id, ())),
            desks=tuple(desks.get(row.id, ())),
        )
        for row in rows.values()
        if roots[row.id] == row.id
    ]


def _root(rows: Mapping[str, Row[*tuple[Any, ...]]], case_id: str, policy: str) -> str:
    """The case that this one is part of: follows what it came from, up to a case of the policy."""
    seen = {case_id}
    while rows[case_id].key != policy and rows[case_id].linked_from in rows:
        case_id = rows[case_id].linked_from
        if case_id in seen:
            break
        seen.add(case_id)
    return case_id


def _ended(
    rows: Mapping[str, Row[*tuple[Any, ...]]], roots: Mapping[str, str], as_of: datetime
) -> dict[str, datetime | None]:
    """When a case and all that carry it on had ended; None while one of them runs."""
    ended: dict[str, datetime | None] = {}
    for row in rows.values():
        root = roots[row.id]
        at = row.ended_at if row.ended_at is not None and row.ended_at <= as_of else None
        before = ended.get(root, at)
        ended[root] = max(before, at) if before is not None and at is not None else None
    return ended


def _is_revealed(as_of: datetime) -> ColumnElement[bool]:
    """Not blind, or revealed by then: what is still sealed is not even read."""
    return or_(
        submissions.c.blind.is_(None),
        exists(
            select(reveals.c.seq).where(
                reveals.c.instance_id == submissions.c.instance_id,
                reveals.c.blind == submissions.c.blind,
                reveals.c.seq >= submissions.c.seq,
                reveals.c.at <= as_of,
            )
        ),
    )


def _revealed(connection: Connection, as_of: datetime) -> dict[str, datetime]:
    """By case, when its positions were first revealed: both were in then."""
    first = (
        select(submissions.c.instance_id, func.min(reveals.c.at).label("at"))
        .join(
            reveals,
            and_(
                reveals.c.instance_id == submissions.c.instance_id,
                reveals.c.blind == submissions.c.blind,
                reveals.c.seq >= submissions.c.seq,
            ),
        )
        .where(reveals.c.at <= as_of, submissions.c.element_id.in_(SIDES))
        .group_by(submissions.c.instance_id)
    )
    return {row.instance_id: row.at for row in connection.execute(first)}


def _submitted(
    connection: Connection,
    as_of: datetime,
    roots: Mapping[str, str],
    revealed: Mapping[str, datetime],
) -> tuple[dict[tuple[str, str], list[Position]], dict[str, list[Act]]]:
    positions: dict[tuple[str, str], list[Position]] = defaultdict(list)
    acts: dict[str, list[Act]] = defaultdict(list)
    known = all_matrices(connection)
    for row in connection.execute(
        select(submissions.c.instance_id, submissions.c.element_id, submissions.c.at, submissions.c.answers)
        .where(
            submissions.c.at <= as_of,
            submissions.c.element_id.in_([*SIDES, *CHOICES]),
            _is_revealed(as_of),
        )
        .order_by(submissions.c.instance_id, submissions.c.seq)
    ).all():
        case_id = roots.get(row.instance_id)
        if case_id is None:
            continue
        if row.element_id in SIDES:
            # Both were shown at once and are held against one table, that of the reveal.
            position = _position(row, known, max(row.at, revealed.get(row.instance_id, row.at)))
            if position is not None:
                positions[case_id, SIDES[row.element_id]].append(position)
            continue
        if row.element_id == ANSWER and not _challenged(acts[case_id]):
            continue
        field = CHOICES[row.element_id]
        days = row.answers.get("days")
        acts[case_id].append(
            Act(
                row.at,
                row.element_id,
                str(row.answers.get(field) or ""),
                int(days) if days is not None else None,
                _words(value for key, value in row.answers.items() if key not in (field, "ground")),
            )
        )
    return positions, acts


def _challenged(before: Iterable[Act]) -> bool:
    """Whether the CISO had challenged: two ratings that lie apart ask the CIO too, and nobody challenged."""
    return any(act.element == RESPOND and act.choice == "challenge" for act in before)


def _position(row: Row[*tuple[Any, ...]], known: Sequence[OwnMatrix], at: datetime) -> Position | None:
    """The position, with the level that the organisation's own table gave at a moment; None where it was
    rated on no scale we know."""
    answers = row.answers
    try:
        likelihood, impact = Level.read(answers.get("likelihood")), Level.read(answers.get("impact"))
    except ValueError:
        return None
    level = level_of_risk(likelihood, impact, matrix_of(known, at))
    return Position(row.at, level, str(answers.get("treatment") or ""), _words(answers.values()))


def _words(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str))


def _desks(connection: Connection, as_of: datetime, roots: Mapping[str, str]) -> dict[str, list[DeskTime]]:
    found: dict[str, list[DeskTime]] = defaultdict(list)
    for row in connection.execute(
        select(
            tasks.c.instance_id,
            tasks.c.role,
            tasks.c.element_id,
            tasks.c.opened_at,
            tasks.c.closed_at,
            tasks.c.due_at,
        )
        .where(tasks.c.opened_at <= as_of, tasks.c.role.in_(ROLES))
        .order_by(tasks.c.opened_at, tasks.c.id)
    ).all():
        case_id = roots.get(row.instance_id)
        if case_id is not None:
            closed = row.closed_at if row.closed_at is not None and row.closed_at <= as_of else None
            found[case_id].append(DeskTime(row.role, row.element_id, row.opened_at, closed, row.due_at))
    return found
