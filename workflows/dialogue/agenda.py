"""Draws up an agenda from the record: what happened since the last dialogue, what is late, what runs out.

What a leader filed blind is not read at all: neither answers nor whose they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from engine.instances.models import instances, submissions
from engine.tasks.models import tasks
from engine.types import TaskState
from workflows.dialogue import queries
from workflows.dialogue.pairs import pair_of
from workflows.exemptions.queries import active
from workflows.identity.directory import asset_units
from workflows.identity.organisation import Organisation
from workflows.identity.types import Role
from workflows.record import RESPOND
from workflows.risks.models import challenges, risk_statuses, risks
from workflows.risks.types import RiskStatus
from workflows.wording import count, day

SOON = timedelta(days=30)
"""Exemptions that expire within this time are on the agenda."""
LATE_DESKS = {Role.CIO.value, Role.CISO.value}
_DECIDED = {
    RiskStatus.IN_TREATMENT,
    RiskStatus.ACCEPTED,
    RiskStatus.EXEMPTED,
    RiskStatus.NOT_ACCEPTED,
    RiskStatus.CLOSED,
}

Line = dict[str, Any]
Ours = Callable[[str], bool]


def draw_up(
    connection: Connection, organisation: Organisation, unit: str | None, since: datetime, now: datetime
) -> list[Line]:
    """The lines of an agenda, each with `kind`, `ref`, `risk_id`, `text` and `detail`; of this pair's risks
    alone."""
    known: dict[str, bool] = {}

    def ours(risk_id: str) -> bool:
        if risk_id not in known:
            known[risk_id] = pair_of(organisation, asset_units(connection, risk_id)) == unit
        return known[risk_id]

    return [
        *_raised(connection, ours, since, now),
        *_decided(connection, ours, since, now),
        *_challenged(connection, ours, since, now),
        *_overdue(connection, ours, now),
        *_expiring(connection, ours, now),
        *_actions(connection, unit, now),
    ]


def _raised(connection: Connection, ours: Ours, since: datetime, now: datetime) -> Iterator[Line]:
    rows = connection.execute(
        select(risks.c.id, risks.c.title, risks.c.raised_at)
        .where(risks.c.raised_at >= since, risks.c.raised_at < now)
        .order_by(risks.c.raised_at, risks.c.id)
    ).all()
    for row in rows:
        if ours(row.id):
            yield _line("raised", row.id, row.id, row.title, f"Raised on {day(row.raised_at)}")


def _decided(connection: Connection, ours: Ours, since: datetime, now: datetime) -> Iterator[Line]:
    rows = connection.execute(
        select(risks.c.id, risks.c.title, risk_statuses.c.target, risk_statuses.c.at)
        .select_from(risk_statuses.join(risks, risks.c.id == risk_statuses.c.risk_id))
        .where(
            risk_statuses.c.at >= since,
            risk_statuses.c.at < now,
            risk_statuses.c.target.in_([status.value for status in _DECIDED]),
        )
        .order_by(risk_statuses.c.at, risk_statuses.c.risk_id, risk_statuses.c.seq)
    ).all()
    for row in rows:
        if ours(row.id):
            yield _line("decided", row.id, row.id, row.title, f"{row.target.capitalize()} on {day(row.at)}")


def _challenged(connection: Connection, ours: Ours, since: datetime, now: datetime) -> Iterator[Line]:
    rows = connection.execute(
        select(risks.c.id, risks.c.title, submissions.c.at, submissions.c.answers)
        .select_from(
            submissions.join(instances, instances.c.id == submissions.c.instance_id).join(
                risks, risks.c.id == instances.c.subject
            )
        )
        .where(
            submissions.c.element_id == RESPOND,
            submissions.c.blind.is_(None),
            submissions.c.at >= since,
            submissions.c.at < now,
        )
        .order_by(submissions.c.at, submissions.c.id)
    ).all()
    found = [row for row in rows if row.answers.get("response") == "challenge"]
    in_force = connection.execute(
        select(risks.c.id, risks.c.title, challenges.c.at)
        .join(risks, risks.c.id == challenges.c.risk_id)
        .where(challenges.c.at >= since, challenges.c.at < now)
    ).all()
    for row in sorted([*found, *in_force], key=lambda one: (one.at, one.id)):
        if ours(row.id):
            yield _line("challenged", row.id, row.id, row.title, f"Challenged on {day(row.at)}")


def _overdue(connection: Connection, ours: Ours, now: datetime) -> Iterator[Line]:
    rows = connection.execute(
        select(risks.c.id, risks.c.title, tasks.c.name, tasks.c.role, tasks.c.due_at)
        .select_from(tasks.join(risks, risks.c.id == tasks.c.subject))
        .where(
            tasks.c.state == TaskState.OPEN.value,
            tasks.c.due_at < now,
            tasks.c.role.in_(sorted(LATE_DESKS)),
        )
        .order_by(tasks.c.due_at, tasks.c.id)
    ).all()
    for row in rows:
        if ours(row.id):
            late = count(max(1, (now - row.due_at).days), "day")
            detail = f"“{row.name}” is {late} late on the desk of the {Role(row.role).label}"
            yield _line("overdue", row.id, row.id, row.title, detail)


def _expiring(connection: Connection, ours: Ours, now: datetime) -> Iterator[Line]:
    for one in active(connection, now):
        if one.expires_at <= now + SOON and ours(one.risk_id):
            detail = f"Expires on {day(one.expires_at)}"
            yield _line("expiring", one.id, one.risk_id, one.risk_title, detail)


def _actions(connection: Connection, unit: str | None, now: datetime) -> Iterator[Line]:
    for one in queries.actions(connection, unit, now):
        if one.ended_at is None:
            late = ", late" if one.is_late else ""
            detail = f"{one.owner_name}, by {day(one.due_on)}{late}"
            yield _line("action", one.id, None, one.text, detail)


def _line(kind: str, ref: str, risk_id: str | None, text: str, detail: str) -> Line:
    return {"kind": kind, "ref": ref, "risk_id": risk_id, "text": text, "detail": detail}
